"""Whose turn it is at the door (轮排)."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.models import Record, Ref
from yiwei.kernel.records.holdings import Ends
from yiwei.kernel.records.scope import ScopeRule
from yiwei.org.models.employee import Employee
from yiwei.org.models.outlet import Outlet


class RotaSeat(Record):
    """A guide who takes turns today in an outlet. Who has just received a group goes to the end; who is away is passed over."""

    scope = ScopeRule(people=("member",), outlet="outlet", shared=True)
    held = {"member": Ends({"away": [False]}, {"away": True})}  # who has left receives nobody

    outlet = Ref(Outlet, verbose_name=_("outlet"))
    member = Ref(Employee, verbose_name=_("guide"))
    day = models.DateField(_("day"), default=timezone.localdate)
    turn = models.PositiveIntegerField(_("place in the queue"))
    received = models.PositiveIntegerField(_("groups received"), default=0)
    away = models.BooleanField(_("away"), default=False)

    class Meta:
        verbose_name = _("place in the rota")
        constraints = [models.UniqueConstraint(fields=["tenant", "outlet", "day", "member"], name="crm_rota_once")]
        indexes = [models.Index(fields=["tenant", "outlet", "day", "turn"], name="crm_rota_turn")]

    def __str__(self):
        return str(self.member)

    @classmethod
    def today(cls, outlet_id):
        """Today's queue of an outlet, who is next first."""
        return cls.objects.filter(outlet_id=outlet_id, day=timezone.localdate()).order_by("away", "turn")

    @classmethod
    def last(cls, outlet_id):
        """The place behind everybody."""
        return (cls.today(outlet_id).aggregate(n=models.Max("turn"))["n"] or 0) + 1
