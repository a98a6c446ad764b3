from django.conf import settings

from dicm.diagrams import with_diagrams


def test_the_documented_diagrams_are_those_of_the_flows():
    page = (settings.BASE_DIR / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert with_diagrams(page) == page
