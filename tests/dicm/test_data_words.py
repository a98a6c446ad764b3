from django.conf import settings
from django.core.management import call_command

from dicm.data_words import in_words


def test_the_documentation_carries_the_register_as_it_is(capsys):
    page = (settings.BASE_DIR / "docs" / "data-protection.md").read_text(encoding="utf-8")
    assert page == in_words()
    call_command("data_protection")
    assert capsys.readouterr().out == page


def test_it_names_who_scores_and_never_a_password():
    lines = in_words().splitlines()
    assert "| scoring.Score | each territory | evaluator | rationale |" in lines
    assert [line for line in lines if "beneficiary" in line] == []
