"""How many requests beyond the own authority one person may approve in a month (特批次数): counted from what was signed, kept nowhere."""

from django.db.models import Q
from django.utils import timezone

from yiwei.kernel.base import directory

from .models import Task

BEYOND = {}   # name of an action before which signatures may count -> whether the figures are beyond an actor's authority


def counts(action, beyond):
    """Signatures before this action count against the quota of who gives them where `beyond(actor, facts)` holds."""
    BEYOND[action.name] = beyond


def used(case, person):
    """How many beyond the own authority the person has approved this month, himself or through a stand-in."""
    month = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    signed = Task.objects.filter(Q(stands_for=person) | Q(stands_for=None, assignee=person), verdict="approved", decided_at__gte=month,
                                 case__action=case.action).select_related("case")
    actor = directory.load(person)
    return sum(BEYOND[case.action](actor, task.case.facts) for task in signed) if actor else 0


def limit(case, person):
    """How many the person may approve in a month; None where nothing is counted."""
    if case.action not in BEYOND or person in directory.holders(["general_manager"]):
        return None
    actor = directory.load(person)
    if actor is not None and not BEYOND[case.action](actor, case.facts):
        return None
    return actor.limits.get("special_quota") or 0 if actor else 0


def spent(case, person):
    most = limit(case, person)
    return most is not None and used(case, person) >= most


def able(case, people):
    """Those whose quota is not used up."""
    return [p for p in people if not spent(case, p)]
