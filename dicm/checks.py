"""System checks: nothing starts with an address that the access table does not name."""

from django.core.checks import Error, register


@register("access")
def every_address_is_in_the_access_table(app_configs, **kwargs) -> list[Error]:
    from dicm.access.checks import TABLES, silent, unlisted

    errors = []
    for urlconf in TABLES:
        for name in unlisted(urlconf):
            hint = "Say in dicm/access/ who gets what there, or take it away."
            errors.append(
                Error(
                    f"{urlconf}: the access table and the addresses differ in “{name}”.", hint, id="dicm.E010"
                )
            )
        for name in silent(urlconf):
            hint = "Decorate it with one of territories/access.py."
            errors.append(
                Error(f"{urlconf}: the view of “{name}” does not say who may.", hint, id="dicm.E011")
            )
    return errors
