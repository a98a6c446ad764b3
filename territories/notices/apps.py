from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "territories.notices"
    label = "notices"
