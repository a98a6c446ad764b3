from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "territories.people"

    def ready(self):
        # What follows a new second factor registers itself.
        from territories.people.signing_in import second_factor  # noqa: F401
