"""How tests read what the service answers: pages as their readers see them, refusals, lines of the journal."""

import csv
import io
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from html.parser import HTMLParser
from inspect import signature
from time import sleep

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from territories.journal.models import Entry
from territories.locks import alone_with
from territories.refusal import Refused
from tests.seen import agenda_read, award_read, read, sheet_read, standing_read

WHOLE_PAGE = "<!DOCTYPE html>"


class Page(HTMLParser):
    """A page's ids, what stands in its boxes, its error summary and the errors beside its fields."""

    VOID = {"input", "br", "meta", "link", "img", "hr", "path", "rect", "line", "circle"}

    def __init__(self, response):
        super().__init__()
        self.status, self.html = response.status_code, response.content.decode()
        self.ids: set[str] = set()
        self.boxes: dict[str, list[str]] = {}
        self.links: list[tuple[str, str]] = []
        self.beside: dict[str, str] = {}
        self.summary: list[tuple[str, str]] = []
        self.banners: list[str] = []
        self.rows = 0
        self.cells: list[list[str]] = []
        self._open: list[tuple[str, dict]] = []
        self._texts: list[tuple[int, list[str], object]] = []
        self._select = ""
        self._href = ""
        self.feed(self.html)

    # ---- what tests ask ----

    @property
    def told(self) -> dict[str, str]:
        """The error summary: field → sentence ("" for the whole form).

        Each link leads to something on the page, and beside that field stands the same sentence.
        """
        told: dict[str, list[str]] = {}
        for href, sentence in self.summary:
            name = ""
            if href:
                assert href[1:] in self.ids, f"the summary's link {href} leads nowhere"
                name = re.fullmatch(r"#id_(.+?)(_\d+|_field)?", href)[1]
                assert sentence in self.beside[f"id_{name}_error"]
            told.setdefault(name, []).append(sentence)
        return {name: " ".join(sentences) for name, sentences in told.items()}

    @property
    def table_rows(self) -> list[list[str]]:
        """The cells of every table's rows but the heads."""
        return [row for row in self.cells if row[:1] != [""]]

    def kept(self, sent: dict) -> dict:
        """What stands in the boxes whose names were sent."""
        return {name: " ".join(self.boxes.get(name, [])) for name in sent}

    # ---- how it is read ----

    def _text(self, found) -> None:
        self._texts.append((len(self._open), [], found))

    def handle_starttag(self, tag, attributes):
        facts = {name: value or "" for name, value in attributes}
        if "id" in facts:
            self.ids.add(facts["id"])
        if tag not in self.VOID:
            self._open.append((tag, facts))
        self._typed(tag, facts)
        self._tabled(tag)
        self._said(tag, facts, facts.get("class", "").split())

    def _typed(self, tag, facts) -> None:
        """What stands in a box."""
        if tag == "input" and facts.get("type") in {"text", "hidden"}:
            self._box(facts["name"], facts.get("value", ""))
        if tag == "input" and facts.get("type") in {"radio", "checkbox"} and "checked" in facts:
            self._box(facts["name"], facts["value"])
        if tag == "textarea":
            # The HTML parser takes away the first line break, as browsers do not show it.
            self._text(
                lambda text, name=facts["name"]: self._box(name, text.removeprefix("\n").removeprefix("\r\n"))
            )
        if tag == "select":
            self._select = facts["name"]
        if tag == "option" and "selected" in facts:
            self._box(self._select, facts["value"])

    def _tabled(self, tag) -> None:
        """Rows of a table and their cells."""
        if tag == "tr":
            self.rows += 1
            self.cells.append([])
        if tag in {"td", "th"}:
            self._text(lambda text, row=self.cells[-1]: row.append(plain(text)))

    def _said(self, tag, facts, classes) -> None:
        """Links, banners, and errors beside fields and above them."""
        if tag == "a":
            self._href = facts.get("href", "")
            self._text(lambda text, href=self._href: self.links.append((href, plain(text))))
        if "govuk-error-message" in classes:
            self._text(
                lambda text, key=facts["id"]: self.beside.update({key: plain(text).removeprefix("Error: ")})
            )
        if "govuk-notification-banner__heading" in classes:
            self._text(lambda text: self.banners.append(plain(text)))
        if tag == "ul" and "govuk-error-summary__list" in classes:
            self._href = ""
        if tag == "li" and any("govuk-error-summary__list" in f.get("class", "") for _t, f in self._open):
            self._href = ""
            self._text(lambda text: self.summary.append((self._href, plain(text))))

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in self.VOID:
            self.handle_endtag(tag)

    def handle_data(self, data):
        for _depth, text, _found in self._texts:
            text.append(data)

    def handle_endtag(self, tag):
        if tag in self.VOID or not self._open:
            return
        depth = len(self._open)
        while self._texts and self._texts[-1][0] >= depth:
            _depth, text, found = self._texts.pop()
            found("".join(text))
        self._open.pop()

    def _box(self, name: str, value: str) -> None:
        self.boxes.setdefault(name, []).append(value)


def plain(text: str) -> str:
    return " ".join(text.split())


def refusal(act, *args, **kwargs) -> str:
    """The sentence with which an act is refused to whoever has read how things stand; nothing is journalled then."""
    if "seen" in signature(act).parameters and args:
        kwargs.setdefault("seen", read_for(act, args[0], kwargs["by"]))
    before = Entry.objects.count()
    with pytest.raises(Refused) as caught:
        act(*args, **kwargs)
    assert Entry.objects.count() == before
    return str(caught.value.reason)


def done(act, row, *args, by, **kwargs):
    """The act, done by somebody who has read how things stand."""
    return act(row, *args, seen=read_for(act, row, by), by=by, **kwargs)


def read_for(act, row, by) -> str:
    """What one posts who opened the page of an act now."""
    special = {"score": sheet_read, "agree_grade": agenda_read}
    of_tender = {"award": standing_read, "lock_in": award_read}
    if act.__name__ in of_tender:
        return of_tender[act.__name__](row)
    if act.__name__ in special:
        return special[act.__name__](row, by)
    return read(row)


def journalled(row, verb: str, by) -> Entry:
    """The last line of the journal, which says that `by` did `verb` to `row`."""
    line = Entry.objects.order_by("-seq").first()
    assert (line.verb, line.subject, line.subject_id) == (verb, row._meta.label_lower, str(row.pk))
    assert (line.actor_id, line.organisation_id, line.role) == (by.user_id, by.organisation.pk, by.role)
    return line


def edges(flow) -> set[tuple[str, str, str]]:
    """A flow as (verb, from, to), each to be named in a test."""
    return {(edge.verb, str(source), str(edge.target)) for edge in flow.edges for source in edge.sources}


def forbidden(flow) -> list[tuple[str, str]]:
    """Every (verb, state) in which the verb can't be done."""
    verbs = sorted({edge.verb for edge in flow.edges})
    allowed = {(verb, source) for verb, source, _target in edges(flow)}
    return [(verb, state) for verb in verbs for state in flow.states.values if (verb, state) not in allowed]


def table(response) -> list[list[str]]:
    """A CSV download as rows."""
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = response.content.decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def promises(app_label: str) -> set[str]:
    """What the database itself keeps for an app: its constraints, and `model.field` for what is unique."""
    found = set()
    for model in apps.get_app_config(app_label).get_models():
        found |= {constraint.name for constraint in model._meta.constraints}
        found |= {
            f"{model._meta.model_name}.{field.attname}"
            for field in model._meta.concrete_fields
            if field.unique and not field.primary_key
        }
    return found


def broken(promise: str):
    """Expect the database to refuse a row, and to name the promise."""
    return pytest.raises(IntegrityError, match=rf"\b{promise.split('.')[-1]}\b")


def at_once(territory, held, *acts) -> tuple[list, list[str]]:
    """Do the acts in threads of their own, all under way before any can finish: (results, refusals).

    `held` is the row that they want, or the name that they want to be alone with: it is locked here until each of them
    waits for something or is done. Needs `committed`.
    """
    done, refused, numbers = [], [], []

    def run(act):
        try:
            with territory:
                connection.ensure_connection()
                numbers.append(connection.connection.info.backend_pid)
                done.append(act())
        except Refused as no:
            refused.append(str(no.reason))
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        with territory, transaction.atomic():
            if isinstance(held, str):
                alone_with(held)
            else:
                type(held)._base_manager.select_for_update().get(pk=held.pk)
            running = [pool.submit(run, act) for act in acts]
            while _waiting(numbers) + sum(future.done() for future in running) < len(acts):
                sleep(0.005)
        for future in running:
            future.result()
    return done, refused


def _waiting(numbers: list[int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND pid = ANY(%s)", [list(numbers)]
        )
        return cursor.fetchone()[0]


@contextmanager
def as_owner(territory):
    """In a territory's tables with the rights of who owns them: for what no request is allowed to write."""
    connection.set_schema(territory.schema_name)
    try:
        yield
    finally:
        connection.set_schema_to_public()
