"""What follows by itself in base data."""

from django.utils import timezone

from yiwei.kernel.reaction import after
from yiwei.org.actions.outlet import copy

from .models.target import OutletTarget


@after(copy)
def targets_alike(actor, outlet, data):
    """A new outlet begins with the targets of the one it is like, from this month on (D-55)."""
    month = timezone.localdate().replace(day=1)
    OutletTarget.objects.bulk_create([
        OutletTarget(outlet=outlet, month=t.month, metric=t.metric, amount=t.amount, created_by_id=actor.id)
        for t in OutletTarget.objects.filter(outlet=data["like"], month__gte=month, active=True).order_by("id")])
