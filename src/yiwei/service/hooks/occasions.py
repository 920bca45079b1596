"""What customers are told of by service."""

from django.utils.translation import gettext_lazy as _

from yiwei.catalog.rules.occasions import Occasion

DELIVERY = Occasion("delivery", _("Delivery booked"), _("Your goods come on {day} ({slot}). Driver {driver}, {plate}."), {
    "customer": (_("customer"), "周女士"), "day": (_("day"), "2026-03-01"), "slot": (_("time of day"), "上午"),
    "driver": (_("driver"), "刘师傅"), "plate": (_("plate"), "粤A·D1816")})
INSTALL = Occasion("install", _("Installation booked"), _("Installation planned for {day} ({slot}), crew {crew}."), {
    "customer": (_("customer"), "周女士"), "day": (_("day"), "2026-03-05"), "slot": (_("time of day"), "上午"),
    "crew": (_("crew"), "安装1组")})
