"""The access table as a page of the documentation, and what happens to an address that it doesn't name."""

import pytest
from django.conf import settings
from django.core import checks
from django.core.management import call_command
from django.http import HttpResponse
from django.urls import clear_url_caches, path

from dicm import urls, urls_public
from dicm.access.printed import in_words
from dicm.access.territory import rows


def test_the_documentation_carries_the_table_as_it_is():
    assert (settings.BASE_DIR / "docs" / "access.md").read_text(encoding="utf-8") == in_words()


def test_the_command_prints_it(capsys):
    call_command("access_table")
    assert capsys.readouterr().out == in_words()


def test_every_row_of_the_table_is_in_words():
    page = in_words()
    assert page.count("\n| `/") > len({row.url for row in rows()})
    assert "None" not in page


@pytest.fixture
def planted(monkeypatch):
    """Adds an address to a site for the time of a test."""

    def plant(site, pattern):
        monkeypatch.setattr(site, "urlpatterns", [*site.urlpatterns, pattern])
        clear_url_caches()

    yield plant
    clear_url_caches()


def findings() -> list[tuple[str, str]]:
    return [(error.id, error.msg) for error in checks.run_checks(tags=["access"])]


def test_the_sites_as_they_are_pass():
    assert findings() == []


@pytest.mark.parametrize("site", [urls, urls_public])
def test_a_planted_address_is_found(planted, site):
    planted(site, path("planted/", lambda request: HttpResponse(), name="planted"))
    assert [error for error, _words in findings()] == ["dicm.E010", "dicm.E011"]
    assert all("planted" in words for _error, words in findings())


def test_a_planted_view_at_a_known_address_is_found(planted, monkeypatch):
    """An address of the table whose view forgot @member."""
    patterns = [pattern for pattern in urls.urlpatterns if getattr(pattern, "name", "") != "kept"]
    monkeypatch.setattr(urls, "urlpatterns", patterns)
    planted(urls, path("kept/", lambda request: HttpResponse("open to all"), name="kept"))
    assert [error for error, _words in findings()] == ["dicm.E011"]
