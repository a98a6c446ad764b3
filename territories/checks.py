"""System checks that keep the schema able to grow past one machine (docs/architecture.md)."""

from collections.abc import Iterator

from django.core.checks import Error, register
from django.db import models

from territories.tenancy import public_models, tenant_models


@register("territories")
def keys_stay_inside(app_configs, **kwargs) -> list[Error]:
    """UUID or big keys in territories; keys to public are DO_NOTHING; none point back."""
    tenant, public = set(tenant_models()), set(public_models())
    inwards = [field for model in tenant for field in _keys(model) if field.related_model in public - tenant]
    outwards = [
        field for model in public - tenant for field in _keys(model) if field.related_model in tenant - public
    ]
    return [
        *(
            Error("A territory's table needs a UUID key.", obj=model, id="dicm.E001")
            for model in tenant
            if not isinstance(model._meta.pk, models.UUIDField | models.BigAutoField)
        ),
        *(error for field in inwards for error in _to_public(field)),
        *(Error("No key from public into territories.", obj=field, id="dicm.E004") for field in outwards),
    ]


def _to_public(field) -> Iterator[Error]:
    """What is wrong with a territory's key to public: it collects, or it is a table that nobody declared."""
    if field.many_to_many:
        if field.remote_field.through._meta.auto_created:
            yield Error("Needs an explicit through table.", obj=field, id="dicm.E002")
    elif field.remote_field and field.remote_field.on_delete is not models.DO_NOTHING:
        yield Error("A key to public must be DO_NOTHING.", obj=field, id="dicm.E003")


def _keys(model: type[models.Model]) -> list:
    # Many-to-many fields are not "concrete" to Django, so a filter by that word would miss them.
    return [field for field in (*model._meta.fields, *model._meta.many_to_many) if field.is_relation]
