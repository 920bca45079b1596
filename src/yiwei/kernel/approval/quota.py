"""How many requests of a kind one person may approve in a month (特批次数): counted from what was signed, kept nowhere."""

from django.db.models import Q
from django.utils import timezone

from .. import directory
from .models import Task

COUNTED = set()   # names of the actions before which a signature counts


def counts(action):
    """Signatures before this action count against the quota of who gives them."""
    COUNTED.add(action.name)


def used(case, person):
    """How many of this kind the person has approved this month, himself or through a stand-in."""
    month = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return Task.objects.filter(Q(stands_for=person) | Q(stands_for=None, assignee=person), verdict="approved", decided_at__gte=month,
                               case__action=case.action).count()


def limit(case, person):
    """How many the person may approve in a month; None where nothing is counted."""
    if case.action not in COUNTED or person in directory.holders(["general_manager"]):
        return None
    actor = directory.load(person)
    return actor.limits.get("special_quota") or 0 if actor else 0


def spent(case, person):
    most = limit(case, person)
    return most is not None and used(case, person) >= most


def able(case, people):
    """Those whose quota is not used up."""
    return [p for p in people if not spent(case, p)]
