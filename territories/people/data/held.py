"""Which fields are about a person, and all that is held about one.

Every model lists them: `personal` are facts about a person who is known here; `free_text` is written by people who are
asked to name nobody. There is no field for anybody who is helped by an activity.
"""

from collections.abc import Iterator

from django.apps import apps
from django.db import models
from django.db.models import Q

from territories.journal.models import Entry
from territories.models import User
from territories.tenancy import PUBLIC, connection, public_models, tenant_models

# Tables of other projects' apps.
OTHERS: dict[str, tuple[str, ...]] = {
    "account.EmailAddress": ("user", "email"),
    "account.EmailConfirmation": ("email_address", "key"),
    "admin.LogEntry": ("user", "object_repr", "change_message"),
    "auth.Group": (),
    "auth.Group_permissions": (),
    "auth.Permission": (),
    "contenttypes.ContentType": (),
    "mfa.Authenticator": ("user", "data"),
    "sessions.Session": ("session_data",),
    "socialaccount.SocialAccount": ("user", "uid", "extra_data"),
    "socialaccount.SocialApp": (),
    "socialaccount.SocialToken": ("account", "token", "token_secret"),
    "usersessions.UserSession": ("user", "ip", "user_agent", "data"),
}
# What would open somebody's account, or says nothing but how it is kept.
SECRET = {
    "password",
    "data",
    "session_key",
    "session_data",
    "key",
    "token",
    "token_secret",
    "digest",
    "previous",
}
# Numbers of people without a key, so that rows that others refer to stay as they are.
NUMBERS = {"user_id", "actor_id"}


def personal_fields(model: type[models.Model]) -> tuple[str, ...]:
    """Names of the fields that are about a person."""
    if model._meta.label in OTHERS:
        return OTHERS[model._meta.label]
    return vars(model)["personal"]


def all_models() -> list[type[models.Model]]:
    return list(apps.get_models(include_auto_created=True))


def held_here(user: User) -> dict:
    """Every row of the active schema that is about a person, by model, without secrets: dates as ISO 8601."""
    found = {}
    for model in public_models() if connection.schema_name == PUBLIC else tenant_models():
        if about := _about(model, user):
            rows = model._default_manager.filter(about).order_by("pk")
            if held := list(rows.values(*_shown(model))):
                found[model._meta.label] = held
    return found


def _about(model: type[models.Model], user: User) -> Q:
    about = Q(pk=user.pk) if model is User else Q()
    for field in model._meta.concrete_fields:
        if field.related_model is User or field.name in NUMBERS:
            about |= Q(**{field.name: user.pk})
        elif isinstance(field, models.EmailField) and model is not User:
            about |= Q(**{field.name: user.email})
    return about


def _shown(model: type[models.Model]) -> Iterator[str]:
    """Of public rows all that isn't secret; of a territory's the key, the person's part in it, and when."""
    personal = {*personal_fields(model), *getattr(model, "free_text", ())}
    everything = connection.schema_name == PUBLIC or model is Entry
    for field in model._meta.concrete_fields:
        telling = field.primary_key or field.name in personal or isinstance(field, models.DateField)
        if field.name not in SECRET and (
            everything or telling or field.name in {"reference", "grade", "status"}
        ):
            yield field.name
