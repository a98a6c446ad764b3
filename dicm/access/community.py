"""Activities: residents read what is published."""

from dicm.access.words import EVERYONE, PROVIDERS, act, form, page

PAGES: dict[str, list[tuple]] = {
    "activities": [page(EVERYONE), page(EVERYONE, query="format=csv")],
    "activity": [page(EVERYONE, "activity"), page("colleague lead provider", "draft_activity")],
    "activity_new": [form(f"colleague {PROVIDERS}")],
    "activity_edit": [form("colleague provider", "activity"), form("colleague provider", "draft_activity")],
    "activity_publish": [act("colleague provider", "draft_activity"), act("colleague provider", "activity")],
    "impact_new": [form("colleague provider", "activity"), form("colleague provider", "draft_activity")],
    "need_new": [form("colleague provider", "activity"), form("colleague provider", "draft_activity")],
    "impact_remove": [act("colleague provider", "impact")],
    "need_remove": [act("colleague provider", "need")],
    "provider_new": [form("colleague")],
    # Once introduced, a provider goes on to its activities.
    "introduction": [form(PROVIDERS, status=302)],
}  # fmt: skip
