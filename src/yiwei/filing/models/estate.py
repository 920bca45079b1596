"""Other names of housing estates, as this dealer's people and partners write them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.flow import DONE, FAILED, Flow, State
from yiwei.kernel.models import BaseData, Ref

from .filing import Filing


class EstateAlias(BaseData):
    """Two names of one estate (楼盘别名): the name before it was sold, the builder's, the people's. Kept by hand, or proposed by a verdict."""

    search = {"alias": "text", "estate": "text"}
    flow = Flow(
        states=(State("proposed", _("Proposed"), "orange"), State("kept", _("Confirmed"), "green", DONE),
                State("refused", _("Refused"), "secondary", FAILED)),
        moves={("proposed", "kept"), ("proposed", "refused"), ("kept", "refused"), ("refused", "kept")})

    estate = models.CharField(_("estate"), max_length=60)
    alias = models.CharField(_("other name"), max_length=60)
    filing = Ref(Filing, null=True, blank=True, editable=False, verbose_name=_("learnt from"))
    state = models.CharField(_("state"), max_length=10, default="kept", editable=False)

    class Meta:
        verbose_name = _("other name of an estate")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "alias"], name="filing_estatealias_once"),
            models.CheckConstraint(condition=~models.Q(alias=models.F("estate")), name="filing_estatealias_other")]

    def __str__(self):
        return f"{self.alias} = {self.estate}"
