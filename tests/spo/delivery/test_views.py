"""Deliveries as people meet them: claims with their errors, evidence to download, progress, lists."""

import io
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, connection, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape
from PIL import Image

from spo.delivery import actions
from spo.delivery.models import Delivery
from tests.client import acting_in
from tests.reading import WHOLE_PAGE, Page, as_owner, table
from tests.seen import read
from tests.story import picture

WRONG_KIND = "Give a PDF, JPEG or PNG file. This one is something else, whatever its name says."


def day(value) -> dict:
    return {
        "delivered_on_day": str(value.day),
        "delivered_on_month": str(value.month),
        "delivered_on_year": str(value.year),
    }


def typed(story, **changed) -> dict:
    facts = {
        "term": str(story.term.pk),
        "quantity": "30",
        "donor_cost": "£599.50",
        "note": "Three\r\nevenings.",
    }
    return facts | day(timezone.localdate()) | changed


def post(browser, story, sent, evidence=None):
    return browser.post(f"/contracts/{story.contract.pk}/claim/", sent | {"evidence": evidence or picture()})


@pytest.fixture
def story(order_at):
    return order_at("active")


# ---- bad input ----


def test_an_empty_claim_is_explained(client_for, cast, story):
    empty = dict.fromkeys(typed(story), "")
    page = Page(client_for(cast.supplier).post(f"/contracts/{story.contract.pk}/claim/", empty))
    assert page.told == {
        "term": "Which commitment? Choose an answer",
        "quantity": "How much was delivered: this is needed",
        "delivered_on": "Day of delivery: this is needed",
        "note": "What was delivered? This needs an answer",
        "evidence": "Evidence: this is needed",
    }


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"quantity": "-3"}, {"quantity": "How much was delivered: enter 0 or more"}),
        ({"quantity": "0"}, {"quantity": "How much was delivered: enter more than 0"}),
        (
            {"quantity": "99999999999"},
            {"quantity": "How much was delivered: enter a smaller number, of at most 10 digits"},
        ),
        (
            {"donor_cost": "six hundred"},
            {"donor_cost": "What it cost you: enter an amount in pounds, such as 1,200 or 1,200.50"},
        ),
        ({"donor_cost": "-600"}, {"donor_cost": "What it cost you: enter £0 or more"}),
        (
            {"delivered_on_day": "30", "delivered_on_month": "2"},
            {"delivered_on": "Day of delivery: enter a real date, such as 27 3 2027"},
        ),
        ({"delivered_on_month": ""}, {"delivered_on": "Day of delivery must include a month"}),
        (
            day(timezone.localdate() + timedelta(days=2)),
            {"delivered_on": "The day of delivery can't be in the future."},
        ),
        ({"note": "x" * 1501}, {"note": "What was delivered? Use 1500 characters or fewer. You used 1501"}),
    ],
)
def test_a_wrong_claim_is_explained_and_what_was_typed_is_kept(client_for, cast, story, changed, told):
    sent = typed(story, **changed)
    page = Page(post(client_for(cast.supplier), story, sent))
    assert (page.status, page.told) == (200, told)
    assert page.kept(sent) == sent
    with story.territory:
        assert Delivery.objects.count() == 0


def test_a_day_outside_the_term_is_explained(client_for, cast, story):
    first, last = story.term.starts_on, story.term.ends_on
    sent = typed(story, **day(first - timedelta(days=1)))
    page = Page(post(client_for(cast.supplier), story, sent))
    assert page.told == {"delivered_on": f"This commitment runs from {first:%-d %B %Y} to {last:%-d %B %Y}."}
    assert page.kept(sent) == sent


def test_a_commitment_of_another_contract_can_not_be_claimed_against(client_for, cast, story, order_at):
    others = [
        order_at("active"),
        order_at("active", supplier=cast.rival),
        order_at("active", company=cast.south),
    ]
    for other in others:
        page = Page(post(client_for(cast.supplier), story, typed(story, term=str(other.term.pk))))
        assert page.told == {"term": "Which commitment? Choose one of the answers in the list"}
    with story.territory:
        assert Delivery.objects.count() == 0


def half(kind: str) -> bytes:
    content = io.BytesIO()
    Image.effect_noise((64, 64), 90).save(content, kind)
    return content.getvalue()[: len(content.getvalue()) // 2]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("statement.pdf", b"<!DOCTYPE html><p>Not a PDF</p>", WRONG_KIND),
        ("photo.jpg", b"MZ\x90\x00\x03" + bytes(400), WRONG_KIND),
        ("photo.jpg", half("JPEG"), WRONG_KIND),
        ("photo.png", half("PNG"), WRONG_KIND),
        ("photo.png", b"", "Evidence: this file is empty. Choose another one"),
        ("statement.pdf", b"%PDF-1.7\n" + bytes(2**20) + b"%%EOF", "The file is larger than 1 MB."),
    ],
)
def test_a_wrong_file_is_explained_and_what_was_typed_is_kept(
    client_for, cast, story, name, content, sentence
):
    sent = typed(story)
    with override_settings(EVIDENCE_MAX_BYTES=2**20):
        page = Page(
            post(client_for(cast.supplier), story, sent, SimpleUploadedFile(name, content, "image/jpeg"))
        )
    assert (page.status, page.told) == (200, {"evidence": sentence})
    assert page.kept(sent) == sent
    with story.territory:
        assert Delivery.objects.count() == 0


def test_a_dispute_says_what_is_wrong(client_for, cast, order_at):
    story = order_at("claimed")
    browser, url = client_for(cast.provider), f"/deliveries/{story.delivery.pk}/dispute/"
    assert Page(browser.post(url, {"what": " "})).told == {"what": "What is wrong? This needs an answer"}
    long = {"what": "x" * 1001}
    page = Page(browser.post(url, long))
    assert page.told == {"what": "What is wrong? Use 1000 characters or fewer. You used 1001"}
    assert page.kept(long) == long
    sent = {"what": "Two evenings\r\nonly."}
    assert browser.fill(url, sent).status_code == 302
    page = Page(browser.fill(url, sent))
    assert page.told == {"": "This is not possible any more: the delivery is now “Disputed by the provider”."}
    assert page.kept(sent) == sent


# ---- acts ----


def test_a_delivery_is_claimed_as_it_was_typed(client_for, cast, story):
    answer = post(client_for(cast.supplier), story, typed(story))
    with story.territory:
        row = Delivery.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/contracts/{story.contract.pk}/")
    assert (str(row.quantity), str(row.donor_cost), row.note, row.status) == (
        "30.00", "599.50", "Three\r\nevenings.", "claimed",
    )  # fmt: skip


def test_a_claim_sent_twice_answers_with_a_sentence(client_for, cast, story):
    browser, sent = client_for(cast.supplier), typed(story)
    assert post(browser, story, sent).status_code == 302
    page = Page(post(browser, story, sent))
    with story.territory:
        row = Delivery.objects.get()
    assert page.told == {"": f"You claimed this delivery already, as {row.reference}."}
    assert page.kept(sent) == sent


def test_a_claim_before_everyone_has_signed_is_refused_in_words(client_for, cast, order_at):
    story = order_at("locked")
    answer = client_for(cast.supplier).post(
        f"/contracts/{story.contract.pk}/claim/", typed(story) | {"evidence": picture()}, follow=True
    )
    assert Page(answer).told == {"": "Deliveries can be claimed once every party has signed."}


def test_confirming_twice_answers_with_a_sentence(client_for, cast, order_at):
    story = order_at("claimed")
    browser, url = client_for(cast.provider), f"/deliveries/{story.delivery.pk}/confirm/"
    back = f"{story.territory.url}/contracts/{story.contract.pk}/"
    page = f"/contracts/{story.contract.pk}/progress/"
    assert Page(browser.fill(url, on=page, follow=True)).banners == [
        f"You confirmed delivery {story.delivery.reference}."
    ]
    sentence = "This is not possible any more: the delivery is now “Confirmed by the provider”."
    assert Page(browser.post(url, headers={"referer": back}, follow=True)).banners == [sentence]
    part = browser.post(url, headers={"HX-Request": "true"})
    assert (part.status_code, sentence in part.content.decode()) == (409, True)
    assert WHOLE_PAGE not in part.content.decode()


@pytest.mark.parametrize(
    ("stage", "part", "verb", "typed", "status"),
    [
        ("claimed", "provider", "confirm", {"quantity": "12.5", "words": "Half of it."}, "confirmed"),
        ("confirmed", "provider", "correct", {"quantity": "0", "reason": "A mistake."}, "confirmed"),
        ("claimed", "traveller", "withdraw", {"words": ""}, "withdrawn"),
    ],
)
def test_what_is_said_to_a_claim_is_typed_in_a_form(
    client_for, cast, order_at, stage, part, verb, typed, status
):
    story = order_at(stage)
    browser, url = client_for(getattr(cast, part)), f"/deliveries/{story.delivery.pk}/{verb}/"
    assert url in browser.get(f"/contracts/{story.contract.pk}/progress/").content.decode()
    assert browser.fill(url, typed).status_code == 302
    with story.territory:
        assert Delivery.objects.get().status == status
    page = browser.get(f"/contracts/{story.contract.pk}/progress/").content.decode()
    assert all(words in page for words in typed.values() if not words[:1].isdigit())


@pytest.mark.parametrize(
    ("stage", "part", "verb"),
    [
        ("claimed", "provider", "confirm"),
        ("claimed", "provider", "dispute"),
        ("confirmed", "provider", "correct"),
        ("claimed", "supplier", "withdraw"),
    ],
)
def test_a_page_says_which_delivery_it_is_about(client_for, cast, order_at, stage, part, verb):
    story = order_at(stage)
    row = story.delivery
    html = client_for(getattr(cast, part)).get(f"/deliveries/{row.pk}/{verb}/").content.decode()
    with story.territory:
        kind = escape(str(row.term.support_type))
    day = f"{row.delivered_on.day} {row.delivered_on:%B %Y}"
    said = f"30 hours, {kind}, on {day}, at a cost of £600: {row.note}"
    assert (row.reference in html, said in html, f'href="/deliveries/{row.pk}/evidence/"' in html) == (
        True,
    ) * 3


@pytest.mark.parametrize(
    ("stage", "part", "verb", "state"),
    [
        ("confirmed", "provider", "confirm", "Confirmed by the provider"),
        ("confirmed", "provider", "dispute", "Confirmed by the provider"),
        ("claimed", "provider", "correct", "Claimed by the supplier"),
        ("confirmed", "supplier", "withdraw", "Confirmed by the provider"),
    ],
)
def test_what_can_not_be_said_any_more_has_no_form(client_for, cast, order_at, stage, part, verb, state):
    row = order_at(stage).delivery
    html = client_for(getattr(cast, part)).get(f"/deliveries/{row.pk}/{verb}/").content.decode()
    assert f"This is not possible any more: the delivery is now “{state}”." in html
    assert html.partition("<main")[2].count("<form") == 0


def test_a_claim_says_the_unit_and_what_is_left(client_for, cast, order_at):
    browser, story = client_for(cast.supplier), order_at("claimed")
    url, line = f"/contracts/{story.contract.pk}/claim/", f"1. {story.term} – {story.term.activity_title}"
    claimed = browser.get(url).content.decode()
    story.walk("confirmed")
    confirmed = browser.get(url).content.decode()
    assert f"{line}: 90 of 120 hours left (confirmed: 0, claimed: 30)" in claimed
    assert f"{line}: 90 of 120 hours left (confirmed: 30, claimed: 0)" in confirmed


def test_after_a_correction_the_card_says_what_counts(client_for, cast, order_at):
    story = order_at("confirmed")
    browser, page = client_for(cast.provider), f"/contracts/{story.contract.pk}/progress/"
    assert "What counts now" not in browser.get(page).content.decode()
    typed = {"quantity": "2.5", "reason": "A slip of the pen."}
    assert browser.fill(f"/deliveries/{story.delivery.pk}/correct/", typed).status_code == 302
    assert "What counts now: 2.5 hours, £50" in browser.get(page).content.decode()


@pytest.mark.parametrize(
    ("stage", "verb", "typed", "told"),
    [
        ("claimed", "confirm", {"quantity": "31", "words": ""}, {"quantity": "Only 30 were claimed."}),
        (
            "claimed",
            "confirm",
            {"quantity": "29", "words": ""},
            {"words": "Say what is missing, so that the supplier knows."},
        ),
        (
            "confirmed",
            "correct",
            {"quantity": "31", "reason": "Why"},
            {"quantity": "Give an amount from 0 to 30, which is what was claimed."},
        ),
        (
            "confirmed",
            "correct",
            {"quantity": "1", "reason": ""},
            {"reason": "Why is it corrected? This needs an answer"},
        ),
    ],
)
def test_a_wrong_answer_is_explained_and_what_was_typed_is_kept(
    client_for, cast, order_at, stage, verb, typed, told
):
    story = order_at(stage)
    page = Page(client_for(cast.provider).fill(f"/deliveries/{story.delivery.pk}/{verb}/", typed))
    assert (page.told, page.kept(typed)) == (told, typed)


# ---- evidence ----


def test_evidence_is_saved_and_never_opened_in_the_page(client_for, cast, order_at):
    story = order_at("claimed")
    answer = client_for(cast.buyer).get(f"/deliveries/{story.delivery.pk}/evidence/")
    content = b"".join(answer.streaming_content)
    assert answer.status_code == 200
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Disposition"] == f'attachment; filename="{story.delivery.reference}.png"'
    assert Image.open(io.BytesIO(content)).size == (8, 8)


def test_evidence_that_is_gone_from_the_disk_is_not_found(client_for, cast, order_at):
    story = order_at("claimed")
    story.delivery.evidence.storage.delete(story.delivery.evidence.name)
    assert client_for(cast.buyer).get(f"/deliveries/{story.delivery.pk}/evidence/").status_code == 404


def test_a_file_that_is_not_the_one_that_was_claimed_with_is_handed_out_to_nobody(
    client_for, cast, order_at, caplog
):
    story = order_at("claimed")
    storage, name = story.delivery.evidence.storage, story.delivery.evidence.name
    storage.delete(name)
    storage.save(name, ContentFile(b"Something else"))
    assert client_for(cast.buyer).get(f"/deliveries/{story.delivery.pk}/evidence/").status_code == 404
    assert [record.message for record in caplog.records if record.name == "territories.papers.files"] == [
        f"{story.delivery.reference}.png is handed out to nobody: {name} is not the file with its digest."
    ]


@pytest.mark.parametrize("path", ["", "../secret", "{other}"])
def test_evidence_is_not_to_be_had_from_elsewhere(client_for, cast, order_at, north, path):
    """Only the owner can write where it lies; and then only what was claimed with is handed out."""
    story, other = order_at("claimed"), order_at("reported")
    with north:
        name = other.report.paper.path
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Delivery.objects.update(evidence=name)
    with as_owner(north):
        Delivery.objects.filter(pk=story.delivery.pk).update(evidence=path.format(other=name))
    assert client_for(cast.buyer).get(f"/deliveries/{story.delivery.pk}/evidence/").status_code == 404


# ---- progress ----


def test_progress_is_a_fragment_for_htmx_and_a_page_for_everyone_else(client_for, cast, order_at):
    story = order_at("confirmed")
    browser, url = client_for(cast.buyer), f"/contracts/{story.contract.pk}/progress/"
    part = browser.get(url, headers={"HX-Request": "true"}).content.decode()
    page = browser.get(url).content.decode()
    assert [story.delivery.reference in text for text in (part, page)] == [True, True]
    assert [WHOLE_PAGE in text for text in (part, page)] == [False, True]


def test_who_can_only_look_shares_one_reading_and_sees_every_act(client_for, cast, order_at, north):
    """A version of the progress is read once by all of them, in each language; who acts never gets theirs."""
    story = order_at("claimed")
    url = f"/contracts/{story.contract.pk}/progress/"
    provider, buyer, lead = (client_for(part) for part in (cast.provider, cast.buyer, cast.lead))

    def reads(browser) -> tuple[int, str]:
        with CaptureQueriesContext(connection) as asked:
            text = browser.get(url, headers={"HX-Request": "true"}).content.decode()
        return len(asked), text

    buyer.get("/")
    (first, shown), (again, shown_again), (_number, shown_to_another) = (
        reads(buyer),
        reads(buyer),
        reads(lead),
    )
    assert shown == shown_again == shown_to_another
    assert (first, again) == (9, 6)
    assert [f"/deliveries/{story.delivery.pk}/confirm/" in reads(who)[1] for who in (provider, lead)] == [
        True,
        False,
    ]
    lead.cookies["django_language"] = "cy"
    assert "Cynnydd" in reads(lead)[1]
    with acting_in(north):
        actions.confirm(story.delivery, seen=read(story.delivery), by=cast.provider)
    assert "Confirmed by the provider" in reads(buyer)[1]


def test_what_is_under_way_is_a_fragment_for_htmx_and_a_page_for_everyone_else(client_for, order_at):
    story = order_at("confirmed")
    browser = client_for(None)
    part = browser.get("/progress/", headers={"HX-Request": "true"}).content.decode()
    page = browser.get("/progress/").content.decode()
    assert [story.contract.title in text for text in (part, page)] == [True, True]
    assert [WHOLE_PAGE in text for text in (part, page)] == [False, True]


@pytest.mark.parametrize(
    ("part", "confirm", "dispute"),
    [("provider", True, True), ("supplier", False, False), ("buyer", False, False)],
)
def test_only_the_provider_is_offered_to_confirm_and_to_dispute(
    client_for, cast, order_at, part, confirm, dispute
):
    story = order_at("claimed")
    page = client_for(getattr(cast, part)).get(f"/contracts/{story.contract.pk}/progress/").content.decode()
    base = f"/deliveries/{story.delivery.pk}"
    assert (f"{base}/confirm/" in page, f"{base}/dispute/" in page) == (confirm, dispute)


def test_figures_that_are_being_worked_out_anew_say_so(client_for, cast, order_at, north):
    story = order_at("confirmed")
    with north:
        story.contract.progress.due_at = timezone.now()
        story.contract.progress.save()
    page = client_for(cast.buyer).get(f"/contracts/{story.contract.pk}/progress/").content.decode()
    assert "A delivery has changed. These figures are being worked out anew." in page


# ---- the list ----


@pytest.fixture
def many(order_at, north):
    """50 deliveries more."""
    story = order_at("claimed")
    with north:
        same = {
            field.attname: getattr(story.delivery, field.attname)
            for field in Delivery._meta.concrete_fields
            if field.name not in {"id", "created_at", "reference", "evidence_key"}
        }
        Delivery.objects.bulk_create(
            Delivery(**same, reference=f"DEL-TEST-{number:04}", evidence_key=f"key-{number}")
            for number in range(50)
        )
    return story


def test_a_page_has_at_most_fifty_rows_and_the_file_has_them_all(client_for, cast, many):
    browser = client_for(cast.supplier)
    assert [Page(browser.get(f"/deliveries/?page={number}")).rows for number in (1, 2)] == [51, 2]
    rows = table(browser.get("/deliveries/?format=csv"))
    assert (rows[0], len(rows)) == (
        [
            *("Reference", "Contract", "Provider", "Support", "Quantity", "Cost, £", "Day", "Status"),
            *("Confirmed quantity", "Confirmed cost, £"),
        ],
        52,
    )
    (row,) = table(browser.get(f"/deliveries/?format=csv&words={many.delivery.reference}"))[1:]
    assert row == [
        many.delivery.reference,
        many.contract.reference,
        "Cowley Road Youth Project",
        "Staff volunteering",
        "30.00",
        "600.00",
        timezone.localdate().isoformat(),
        "Claimed by the supplier",
        "0",
        "0",
    ]


def test_deliveries_are_found_by_reference_contract_and_status(client_for, cast, many):
    browser = client_for(cast.supplier)

    def count(query):
        return browser.get(f"/deliveries/?{query}").context["page"].paginator.count

    assert count("words=DEL-TEST-0007") == 1
    assert count(f"words={many.contract.reference}&status=claimed") == 51
    assert count("status=disputed") == 0


@pytest.mark.parametrize("nonsense", ["status=nonsense", "page=x", "words=%00"])
def test_nonsense_in_the_address_is_no_filter(client_for, cast, many, nonsense):
    answer = client_for(cast.supplier).get(f"/deliveries/?{nonsense}")
    assert (answer.status_code, answer.context["page"].paginator.count) == (200, 51)


@pytest.mark.parametrize(
    ("part", "count"), [("supplier", 1), ("provider", 1), ("buyer", 1), ("rival", 0), ("other_provider", 0)]
)
def test_deliveries_are_listed_for_those_who_may_see_the_contract(client_for, cast, order_at, part, count):
    order_at("claimed")
    answer = client_for(getattr(cast, part)).get("/deliveries/")
    assert answer.context["page"].paginator.count == count
