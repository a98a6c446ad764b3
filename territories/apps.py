from django.apps import AppConfig


class TerritoriesConfig(AppConfig):
    name = "territories"

    def ready(self):
        from territories import checks  # noqa: F401 (they register themselves)
