"""Setting up bins (STK-01)."""

from django import forms
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Pick
from yiwei.ledger.actions import goods
from yiwei.ledger.models.goods import StockBalance

from ..models.warehouse import Bin, Warehouse

KEEPERS = "storekeeper purchaser general_manager"


@action(Bin, _("New bin"), creates=True, roles=KEEPERS, icon="plus", style="primary", done=_("Saved."),
        fields={"warehouse": Pick(Warehouse, label=_("Warehouse")),
                "code": forms.CharField(label=_("Bin code"), max_length=20),
                "zone": forms.CharField(label=_("Zone"), max_length=20, required=False)})
def create(actor, *, warehouse, code, zone):
    """A bin with its place in the goods ledger."""
    if Bin.objects.filter(warehouse=warehouse, code=code).exists():
        raise Invalid({"code": [__("This bin code is already in use.")]})
    kind = {"transit": "transit", "outlet": "outlet"}.get(warehouse.kind, "bin")
    place = goods.location(f"{warehouse.code}/{code}", kind)
    return Bin.objects.create(warehouse=warehouse, code=code, zone=zone, location=place, created_by_id=actor.id)


def _empty(actor, place, data):
    if StockBalance.objects.filter(location_id=place.location_id, qty__gt=0).exists():
        raise Refused(__("There are still goods in this bin."))


@action(Bin, _("Disable"), roles=KEEPERS, icon="circle-off", check=_empty, show=lambda actor, place: place.active)
def disable(actor, place):
    """Take an empty bin out of use."""
    place.active = False


@action(Bin, _("Enable"), roles=KEEPERS, icon="circle-check", show=lambda actor, place: not place.active)
def enable(actor, place):
    """Take the bin into use again."""
    place.active = True
