"""What the factory owes for what came short or damaged (STK-04, BAS-12)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.package import PackageName
from yiwei.catalog.models.product import Supplier
from yiwei.kernel.base.flow import DONE, FAILED, Flow, State
from yiwei.kernel.models import Document, Ref
from yiwei.kernel.records.scope import ScopeRule

from .arrival import Arrival


class FactoryClaim(Document):
    """A claim on the factory out of one exception at arrival (工厂索赔): more, fewer or damaged packages.

    While a claim `holds` and is not settled, the goods of its order are not complete.
    """

    prefix = "SC"
    scope = ScopeRule(people=("owner", "arrival__purchase__sub__owner"), outlet="outlet")
    masked = {"claimed": "cost", "accepted": "cost"}
    search = {"number": "code", "arrival__number": "code", "supplier__name": "name", "label": "text"}
    flow = Flow(
        states=(State("open", _("Claim raised"), "orange"), State("accepted", _("Accepted by the factory"), "blue"),
                State("settled", _("Case closed"), "green", DONE), State("refused", _("Refused by the factory"), "red", FAILED)),
        moves={("open", "accepted"), ("open", "refused"), ("accepted", "settled"), ("open", "settled"), ("refused", "open"), ("refused", "settled")},
        main=("open", "accepted", "settled"),
    )

    arrival = Ref(Arrival, related_name="claims", verbose_name=_("arrival"))
    supplier = Ref(Supplier, verbose_name=_("supplier"))
    kind = models.CharField(_("exception"), max_length=8, choices=[
        ("short", _("Fewer")), ("damaged", _("Damaged")), ("more", _("More"))])
    label = models.CharField(_("label"), max_length=80, blank=True, default="")
    package_name = Ref(PackageName, null=True, blank=True, verbose_name=_("HQ package name"))
    packages = models.PositiveIntegerField(_("packages"), default=1)
    holds = models.BooleanField(_("the order waits for it"), default=True)
    critical = models.BooleanField(_("installation cannot do without"), default=True)
    claimed = models.DecimalField(_("claimed"), max_digits=14, decimal_places=2, default=0)
    accepted = models.DecimalField(_("accepted"), max_digits=14, decimal_places=2, null=True, blank=True)
    remedy = models.CharField(_("remedy"), max_length=8, blank=True, default="", choices=[
        ("resend", _("Sent again")), ("credit", _("Credit")), ("return", _("Returned to the factory")), ("keep", _("Kept"))])
    answered_on = models.DateField(_("answered"), null=True, editable=False)
    settled_on = models.DateField(_("settled"), null=True, editable=False)

    class Meta:
        verbose_name = _("factory claim")
        indexes = [models.Index(fields=["tenant", "state", "-id"], name="stock_claim_state"),
                   models.Index(fields=["tenant", "supplier", "-id"], name="stock_claim_supplier"),
                   models.Index(fields=["tenant", "outlet", "-id"], name="stock_claim_outlet")]
        constraints = [
            models.CheckConstraint(condition=models.Q(packages__gt=0, claimed__gte=0), name="stock_claim_sane"),
            models.CheckConstraint(condition=models.Q(accepted__isnull=True) | models.Q(accepted__gte=0), name="stock_claim_accepted"),
            models.CheckConstraint(condition=~models.Q(state="accepted") | models.Q(accepted__isnull=False), name="stock_claim_answered")]
