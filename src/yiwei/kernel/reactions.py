"""What follows by itself in the kernel: approvals of who leaves."""

from django.utils import timezone
from django.utils.translation import gettext as _

from .base import directory
from .base.errors import Refused
from .work.approvals.models import Case, Task
from .work.handover import passing


@passing(Case, "owner")
def requests(change, cases):
    """Requests go to the successor; what he was to sign himself is signed by the next in command."""
    mine = Task.objects.filter(case__in=cases, assignee=change.successor, verdict="").select_related("case")
    for task in _given(list(mine), change.successor.pk, {c.pk: change.successor.pk for c in cases}):
        task.save()
    return cases


@passing(Task, "assignee")
def signatures(change, tasks):
    """The successor signs for who left, but neither what he asked for himself nor twice."""
    owners = dict(Case.objects.filter(pk__in={t.case_id for t in tasks}).values_list("pk", "owner_id"))
    for task in _given(tasks, change.successor.pk, owners):
        task.stands_for_id = task.stands_for_id or change.member.pk
        task.save()
    return []


def _given(tasks, wanted, owners):
    """The tasks with their new signer; one that the new signer has already falls away."""
    signing = set(Task.objects.filter(case__in={t.case_id for t in tasks}, verdict="").values_list("case_id", "step", "assignee_id"))
    for task in tasks:
        signer = _signer(wanted, owners[task.case_id])
        if signer is None:
            raise Refused(_("Nobody can sign step “%(step)s”. Ask the administrator.") % {"step": task.case})
        if (task.case_id, task.step, signer) in signing:
            task.verdict, task.decided_at = "skipped", timezone.now()
        else:
            task.assignee_id = signer
    return tasks


def _signer(person, owner):
    """`person`, or the next in command who did not ask for it."""
    seen = set()
    while person is not None and person == owner and person not in seen:
        seen.add(person)
        person = directory.superior(person)
    return None if person in seen else person
