"""Workers: every task of a territory runs in its schema and under its role."""

import os

from celery import shared_task
from tenant_schemas_celery.app import CeleryApp

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dicm.settings")
app = CeleryApp("dicm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
SPREAD_SECONDS = 40


@shared_task
def sweep_territories():
    """Every minute: ask each territory to finish what a lost task left due, one after another."""
    from spo.delivery.tasks import sweep as sweep_progress
    from spo.reports.tasks import sweep as sweep_reports
    from territories.models import Territory

    territories = list(Territory.objects.filter(valid_to=None))
    for number, territory in enumerate(territories):
        with territory:
            wait = SPREAD_SECONDS * number // max(len(territories), 1)
            sweep_progress.apply_async((territory.pk,), countdown=wait)
            sweep_reports.apply_async((territory.pk,), countdown=wait)


@shared_task
def seal_journals():
    """Every hour: write down how far each journal has come."""
    from territories.journal.seals import seal_all

    seal_all()
