"""Which promotions may stand together, in the order in which they are reckoned (BAS-09)."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.rules import promotions
from yiwei.kernel.base import registry
from yiwei.kernel.base.ids import id_of
from yiwei.kernel.records import scope
from yiwei.kernel.screens.registers.listing import Filter
from yiwei.kernel.screens.registers.register import Column
from yiwei.kernel.screens.reports.report import Report
from yiwei.org.models.outlet import Outlet

from ..models.promotion import Promotion
from ..screens.prices import gives
from .price_check import PriceCheck

MOST = 40
TOGETHER, NEVER = "✓", "✕"


class PromotionMatrix(Report):
    """Every promotion of a day against every other: ✓ they may stand together, ✕ they exclude each other."""

    slug, label, code, module, position = "promotion-matrix", _("Promotions together"), "BAS-09", "base", 46
    roles = PriceCheck.roles
    basis = _("✓ may stand together, ✕ exclude each other; reckoned from top to bottom. Whose first deposit lies within the days may still use one")
    filters = [Filter("day", _("In force on"), "date"), Filter("outlet", _("Outlet"), "picker", model=Outlet)]
    _head = [Column("turn", _("turn"), "number"), Column("name", _("promotion"), "text"), Column("gives", _("gives")),
            Column("days", _("period of the promotion")), Column("alone", _("alone"), "bool")]

    def _found(self, params):
        """The promotions of the day in an outlet, in the order of reckoning; at most MOST."""
        day = self.day(params)
        rows = Promotion.objects.filter(Q(valid_from__lte=day, valid_to__gte=day), active=True).order_by("turn", "id")
        outlet = Outlet.objects.filter(pk=id_of(params.get("outlet"))).first() if id_of(params.get("outlet")) else None
        return [p for p in rows[:200] if outlet is None or not promotions.elsewhere(p, outlet)][:MOST]

    def columns_for(self, params):
        return [*self._head, *(Column(f"p{p.pk}", p.code) for p in self._found(params))]

    def query(self, actor, params):
        mine = self._found(params)
        seen = set(scope.rows(Promotion, actor).filter(pk__in=[p.pk for p in mine]).values_list("pk", flat=True))
        for one in mine:
            if one.pk in seen:
                yield {"pk": one.pk, "turn": one.turn, "name": f"{one.code} {one.name}", "gives": gives(one), "alone": one.exclusive,
                       "days": f"{one.valid_from} – {one.valid_to}", **{f"p{other.pk}": self._stands(one, other) for other in mine}}

    @staticmethod
    def _stands(one, other):
        if one.pk == other.pk:
            return "—"
        return NEVER if promotions.conflict([one, other]) else TOGETHER

    def drill(self, row):
        return registry.register_of(Promotion).url("detail", row["pk"])
