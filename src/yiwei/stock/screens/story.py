"""Goods that came and went, on the customer's story."""

from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.crm.models.customer import Customer
from yiwei.kernel.screens.registers import beside

from ..models.arrival import Arrival
from ..models.issue import Issue

beside.chapter(Customer, key="arrivals", label=_("Goods arrived"), icon="truck-loading", color="yellow", model=Arrival,
               path="purchase__sub__contract__customer", at="created_at", text=lambda a: a.damage,
               title=lambda a: __("%(number)s: %(got)s of %(all)s packages") % {
                   "number": a.number, "got": a.packages_received, "all": a.packages_expected})
beside.chapter(Customer, key="issues", label=_("Goods issued"), icon="package-export", color="lime", model=Issue,
               path="sub__contract__customer", at="handed_at", title=str, text=lambda i: i.handed_to)
