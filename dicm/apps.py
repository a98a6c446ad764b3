from django.apps import AppConfig


class DicmConfig(AppConfig):
    name = "dicm"

    def ready(self):
        from dicm import celery  # noqa: F401 (tasks are queued through our app in every process, not only in workers)
