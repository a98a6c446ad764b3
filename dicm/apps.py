from django.apps import AppConfig


class DicmConfig(AppConfig):
    name = "dicm"

    def ready(self):
        # Tasks are queued through our app in every process, not only in workers.
        from dicm import celery, checks, concerns, copies, letterbox, verbs  # noqa: F401
