"""What research hubs publish."""

from dicm.access.words import EVERYONE, act, form, page

PAGES: dict[str, list[tuple]] = {
    "publications": [page(EVERYONE)],
    "publications_of": [page(EVERYONE, "activity"), page("colleague lead provider", "draft_activity")],
    "publication_new": [form("researcher", "activity"), form("", "draft_activity")],
    "publication": [page(EVERYONE, "publication"), page("researcher", "draft_publication")],
    "publication_publish": [act("researcher", "draft_publication"), act("researcher", "publication")],
}  # fmt: skip
