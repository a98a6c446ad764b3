"""Reports."""

from dicm.access.words import EVERYONE, act, form, live, page

PAGES: dict[str, list[tuple]] = {
    "reports": [page(EVERYONE)],
    "report_new": [form("manager lead")],
    "report": [page(EVERYONE, "report"), page("manager lead", "waiting_report")],
    "report_making": [page("manager lead", "report"), page("manager lead", "waiting_report")],
    "report_live": [live("manager lead", "waiting_report")],
    "report_again": [act("manager lead", "report"), act("manager lead", "waiting_report")],
    "report_pdf": [page(EVERYONE, "report"), page("", "waiting_report")],
    "report_csv": [page(EVERYONE, "report"), page("", "waiting_report")],
}  # fmt: skip
