"""One firm on both sides: a supplier that also brings customers (BAS-12). What is owed to it and by it is set off by name."""

from django.utils.translation import gettext as _

from yiwei.catalog.models.product import Supplier
from yiwei.filing.models.partner import ChannelPartner
from yiwei.kernel.base import registry
from yiwei.kernel.records import scope
from yiwei.kernel.screens.registers.beside import figures


def _card(actor, model, name, label):
    """A card that names the same firm in another list, for who may open that list."""
    register = registry.register_of(model)
    found = scope.rows(model, actor).filter(name__iexact=name).first() if register.allowed(actor) else None
    return [{"label": label, "text": f"{found.name} {found.code}", "sub": found.get_kind_display()}] if found else []


@figures(Supplier)
def brings_customers(actor, supplier):
    return _card(actor, ChannelPartner, supplier.name, _("Also a channel partner"))


@figures(ChannelPartner)
def delivers_goods(actor, partner):
    return _card(actor, Supplier, partner.name, _("Also a supplier"))
