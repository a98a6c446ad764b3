from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "territories.journal"
    label = "journal"
