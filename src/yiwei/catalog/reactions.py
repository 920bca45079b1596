"""What follows by itself in base data."""

from django.db.models import Q
from django.utils import timezone

from yiwei.kernel.work.reaction import after
from yiwei.org.actions.outlet import copy

from .actions.pricelist import like
from .models.price import PriceList
from .models.promotion import Promotion
from .models.target import OutletTarget


@after(copy)
def targets_alike(actor, outlet, data):
    """A new outlet begins with the targets of the one it is like, from this month on (D-55)."""
    month = timezone.localdate().replace(day=1)
    OutletTarget.objects.bulk_create([
        OutletTarget(outlet=outlet, month=t.month, metric=t.metric, amount=t.amount, created_by_id=actor.id)
        for t in OutletTarget.objects.filter(outlet=data["like"], month__gte=month, active=True).order_by("id")])


@after(copy)
def prices_alike(actor, outlet, data):
    """It sells at the other outlet's own price lists, and takes part in the promotions that name it (D-55)."""
    today = timezone.localdate()
    for price_list in PriceList.objects.filter(Q(valid_to=None) | Q(valid_to__gte=today), outlet=data["like"], state="published").order_by("id"):
        like(actor, price_list, outlet)
    for promotion in Promotion.objects.filter(outlets__contains=[data["like"].pk], active=True, valid_to__gte=today).order_by("id"):
        promotion.outlets = sorted({*promotion.outlets, outlet.pk})
        promotion.touch()
        promotion.save()
