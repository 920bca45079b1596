"""Deliveries, installations, revisits and complaints on the customer's story."""

from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.crm.models.customer import Customer
from yiwei.kernel.screens.registers import beside

from ..models.care import Revisit, Ticket
from ..models.delivery import Delivery
from ..models.install import InstallOrder

beside.chapter(Customer, key="deliveries", label=_("Deliveries"), icon="truck-delivery", color="lime", model=Delivery,
               path="sub__contract__customer", at="created_at", text=lambda d: d.remark, title=lambda d: f"{d.number} · {d.slot_on}")
beside.chapter(Customer, key="installs", label=_("Installations"), icon="tool", color="teal", model=InstallOrder,
               path="sub__contract__customer", at="created_at", related=("crew",), text=lambda i: i.reason,
               title=lambda i: __("Visit %(n)s") % {"n": i.visit} + (f" · {i.crew}" if i.crew else ""))
beside.chapter(Customer, key="revisits", label=_("Revisits"), icon="phone-outgoing", color="cyan", model=Revisit, path="customer",
               at="called_at", title=str, text=lambda r: r.score)
beside.chapter(Customer, key="complaints", label=_("Complaints and repairs"), icon="message-2", color="red", model=Ticket, path="customer",
               at="created_at", title=lambda t: f"{t.get_kind_display()} {t.number}", text=lambda t: t.text)
