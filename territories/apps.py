from django.apps import AppConfig


class TerritoriesConfig(AppConfig):
    name = "territories"

    def ready(self):
        # They register themselves: the system checks, and what follows a new second factor.
        from territories import checks, second_factor  # noqa: F401
