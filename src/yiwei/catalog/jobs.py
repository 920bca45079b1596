"""What changes in base data by the day alone."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from procrastinate.contrib.django import app

from yiwei.kernel.records.tenancy import context

from .models.product import StyleAlias
from .rules import styles


def aliases_of_the_day():
    """Products are found by the aliases that begin to hold today, and no more by those that ended yesterday."""
    today = timezone.localdate()
    for alias in StyleAlias.objects.filter(Q(valid_from=today) | Q(valid_to=today - timedelta(days=1)), active=True).order_by("id"):
        styles.refresh(alias)


@app.periodic(cron="3 * * * *")
@app.task(name="catalog.aliases", queueing_lock="catalog.aliases")
def aliases(timestamp):
    """Every hour, since dealers keep different clocks."""
    context.in_every_tenant("catalog.aliases", aliases_of_the_day)
