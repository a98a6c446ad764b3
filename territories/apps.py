from django.apps import AppConfig


class TerritoriesConfig(AppConfig):
    name = "territories"

    def ready(self):
        from territories import checks  # noqa: F401 (registers the system checks)
