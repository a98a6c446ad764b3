"""Workers: every task of a territory runs in its schema and under its role."""

import os

from celery import shared_task
from django.conf import settings
from tenant_schemas_celery.app import CeleryApp

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dicm.settings")
app = CeleryApp("dicm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@shared_task
def sweep_territories():
    """Every few seconds: ask each territory that has something due to finish what a lost task left."""
    from spo.delivery.queries import due_progress
    from spo.delivery.tasks import sweep as sweep_progress
    from spo.reports.tasks import sweep as sweep_reports
    from spo.reports.upkeep import waiting
    from territories.models import Territory
    from territories.notices.tasks import send, send_public
    from territories.notices.upkeep import due as letters

    for territory in list(Territory.objects.filter(valid_to=None)):
        with territory:
            # Whoever comes too late to sweep finds the next one behind it.
            if due_progress():
                sweep_progress.apply_async((territory.pk,), expires=settings.SWEEP_SECONDS)
            if waiting().exists():
                sweep_reports.apply_async((territory.pk,), expires=settings.SWEEP_SECONDS)
            if letters().exists():
                send.apply_async((territory.pk,), expires=settings.SWEEP_SECONDS)
    if letters().exists():
        send_public.apply_async(expires=settings.SWEEP_SECONDS)


@shared_task
def seal_journals():
    """Every hour: write down how far each journal has come."""
    from territories.journal.seals import seal_all

    seal_all()
