"""The system checks: silent about our models, loud about bad ones."""

import pytest
from django.apps.registry import Apps
from django.core.checks.registry import registry
from django.db import models

from territories import checks
from territories.checks import keys_stay_inside
from territories.tenancy import public_models, tenant_models


def test_our_own_models_pass():
    assert keys_stay_inside(None) == []


def test_the_check_is_registered():
    assert keys_stay_inside in registry.get_checks()


@pytest.fixture
def planted(monkeypatch):
    """planted(name, public=False, **fields) → a model among those that are checked; only it and its like."""
    known, tenant, public = Apps(), [], []
    monkeypatch.setattr(checks, "tenant_models", lambda: tenant)
    monkeypatch.setattr(checks, "public_models", lambda: public)

    def plant(name, *, in_public=False, **fields):
        meta = type("Meta", (), {"apps": known, "app_label": "planted"})
        model = type(name, (models.Model,), {"__module__": __name__, "Meta": meta, **fields})
        (public if in_public else tenant).append(model)
        return model

    return plant


def found() -> list[str]:
    return sorted(error.id for error in keys_stay_inside(None))


def uuid_key() -> dict:
    return {"id": models.UUIDField(primary_key=True)}


@pytest.mark.parametrize("key", [models.UUIDField, models.BigAutoField])
def test_big_keys_are_fine(planted, key):
    planted("Row", id=key(primary_key=True))
    assert found() == []


@pytest.mark.parametrize("key", [models.AutoField, models.CharField])
def test_another_key_in_a_territory_is_found(planted, key):
    planted("Row", id=key(primary_key=True, **({"max_length": 9} if key is models.CharField else {})))
    assert found() == ["dicm.E001"]


def test_a_key_to_public_that_does_nothing_is_fine(planted):
    person = planted("Person", in_public=True)
    planted("Row", **uuid_key(), person=models.ForeignKey(person, models.DO_NOTHING, related_name="+"))
    assert found() == []


@pytest.mark.parametrize("rule", [models.CASCADE, models.PROTECT, models.SET_NULL])
def test_a_key_to_public_that_djangos_collector_would_follow_is_found(planted, rule):
    person = planted("Person", in_public=True)
    planted("Row", **uuid_key(), person=models.ForeignKey(person, rule, null=True, related_name="+"))
    assert found() == ["dicm.E003"]


def test_many_to_many_to_public_is_found(planted):
    person = planted("Person", in_public=True)
    planted("Row", **uuid_key(), people=models.ManyToManyField(person, related_name="+"))
    assert found() == ["dicm.E002"]


def test_many_to_many_to_public_by_a_table_of_the_territory_is_fine(planted):
    person = planted("Person", in_public=True)
    row = planted(
        "Row", **uuid_key(), people=models.ManyToManyField(person, through="Link", related_name="+")
    )
    planted(
        "Link",
        **uuid_key(),
        row=models.ForeignKey(row, models.CASCADE, related_name="+"),
        person=models.ForeignKey(person, models.DO_NOTHING, related_name="+"),
    )
    assert found() == []


def test_many_to_many_from_public_into_a_territory_is_found(planted):
    row = planted("Row", **uuid_key())
    planted("Person", in_public=True, rows=models.ManyToManyField(row, related_name="+"))
    assert found() == ["dicm.E004"]


def test_a_key_from_public_into_a_territory_is_found(planted):
    row = planted("Row", **uuid_key())
    planted("Person", in_public=True, row=models.ForeignKey(row, models.DO_NOTHING, related_name="+"))
    assert found() == ["dicm.E004"]


def test_keys_within_a_territory_and_within_public_are_free(planted):
    row, person = planted("Row", **uuid_key()), planted("Person", in_public=True)
    planted("Other", **uuid_key(), row=models.ForeignKey(row, models.CASCADE, related_name="+"))
    planted("Friend", in_public=True, person=models.ForeignKey(person, models.CASCADE, related_name="+"))
    assert found() == []


def test_every_model_stands_in_public_or_in_territories_and_two_in_both():
    both = {model._meta.label for model in set(tenant_models()) & set(public_models())}
    assert both == {"journal.Entry", "notices.Notice"}
