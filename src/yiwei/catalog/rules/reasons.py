"""How often cases get the reason “other”: where it is often, a reason of its own is missing (BAS-05)."""

from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone

from yiwei.kernel.records.usage import references

DAYS, LIMIT = 90, 5   # days looked back; per cent above which a new reason is asked for


def share(reason):
    """(cases with this reason, cases with any reason) of the last 90 days, in every kind of document that names reasons."""
    since, mine, total = timezone.now() - timedelta(days=DAYS), 0, 0
    for model, field in references(type(reason)):
        if model is type(reason):
            continue
        found = model.objects.filter(**{f"{field.name}__isnull": False, "created_at__gte": since}).aggregate(
            mine=Count("pk", filter=Q(**{field.name: reason.pk})), total=Count("pk"))
        mine, total = mine + found["mine"], total + found["total"]
    return mine, total


def too_often(reason):
    """(cases, all cases, per cent) where “other” is given too often, else None."""
    if not (reason.other and reason.active):
        return None
    mine, total = share(reason)
    return (mine, total, round(100 * mine / total, 1)) if total and 100 * mine > LIMIT * total else None
