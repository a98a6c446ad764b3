"""System checks that keep the schema able to grow past one machine (docs/architecture.md)."""

from django.core.checks import Error, register
from django.db import models

from territories.tenancy import public_models, tenant_models


@register("territories")
def keys_stay_inside(app_configs, **kwargs) -> list[Error]:
    """UUID or big keys in territories; keys to public are DO_NOTHING; none point back."""
    tenant, public = set(tenant_models()), set(public_models())
    errors = []
    for model in tenant:
        if not isinstance(model._meta.pk, models.UUIDField | models.BigAutoField):
            errors.append(Error("A territory's table needs a UUID key.", obj=model, id="dicm.E001"))
        for field in _keys(model):
            if field.related_model not in public - tenant:
                continue
            if field.many_to_many:
                if not field.remote_field.through._meta.auto_created:
                    continue
                errors.append(Error("Needs an explicit through table.", obj=field, id="dicm.E002"))
            elif field.remote_field and field.remote_field.on_delete is not models.DO_NOTHING:
                errors.append(Error("A key to public must be DO_NOTHING.", obj=field, id="dicm.E003"))
    for model in public - tenant:
        for field in _keys(model):
            if field.related_model in tenant - public:
                errors.append(Error("No key from public into territories.", obj=field, id="dicm.E004"))
    return errors


def _keys(model: type[models.Model]) -> list:
    # Many-to-many fields are not "concrete" to Django, so a filter by that word would miss them.
    return [field for field in (*model._meta.fields, *model._meta.many_to_many) if field.is_relation]
