"""Batch goods that leave without a customer's order (STK-06, FIN-04)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.product import Product
from yiwei.kernel.base.flow import DONE, FAILED, Flow, State
from yiwei.kernel.models import Document, Record, Ref
from yiwei.kernel.records.scope import ScopeRule
from yiwei.org.models.employee import Employee

from .warehouse import Bin

PURPOSES = [("gift", _("Gift")), ("internal", _("Internal sale")), ("consumption", _("Own consumption")),
            ("scrap", _("Scrapped")), ("loan", _("Loan"))]


class BatchIssue(Document):
    """Stock goods given out (批量出库): a gift, sold to own people, used up, scrapped, or lent until a day."""

    prefix = "PC"
    scope = ScopeRule(people=("owner",), outlet="outlet")
    masked = {"cost": "cost"}
    search = {"number": "code", "given_to": "name"}
    flow = Flow(
        states=(State("draft", _("Draft"), "secondary"), State("approved", _("Approved"), "cyan"),
                State("out", _("Handed out"), "orange"), State("lent", _("Lent"), "orange"),
                State("returned", _("Given back"), "green", DONE), State("booked", _("Booked"), "green", DONE),
                State("cancelled", _("Cancelled"), "red", FAILED)),
        moves={("draft", "approved"), ("draft", "cancelled"), ("approved", "cancelled"), ("approved", "out"), ("approved", "lent"),
               ("lent", "returned"), ("lent", "out"), ("out", "booked")},
        main=("draft", "approved", "out", "booked"),
    )

    purpose = models.CharField(_("purpose"), max_length=12, choices=PURPOSES)
    given_to = models.CharField(_("receiver"), max_length=60)
    buyer = Ref(Employee, null=True, blank=True, verbose_name=_("sold to"))
    return_by = models.DateField(_("to be given back by"), null=True, blank=True)
    net = models.DecimalField(_("price asked"), max_digits=14, decimal_places=2, default=0, editable=False)
    cost = models.DecimalField(_("cost"), max_digits=14, decimal_places=2, default=0, editable=False)

    class Meta:
        verbose_name = _("batch issue")
        indexes = [models.Index(fields=["tenant", "state", "-id"], name="stock_batchissue_state")]
        constraints = [
            models.CheckConstraint(condition=~models.Q(purpose="loan") | models.Q(return_by__isnull=False), name="stock_batchissue_loan"),
            models.CheckConstraint(condition=~models.Q(purpose="internal") | models.Q(buyer__isnull=False), name="stock_batchissue_buyer"),
            models.CheckConstraint(condition=models.Q(net=0) | models.Q(purpose="internal"), name="stock_batchissue_net")]


class BatchIssueLine(Record):
    """A product, from which bin, how much, and at what price where it is sold."""

    scope = ScopeRule(via="issue")
    masked = {"cost": "cost"}

    issue = Ref(BatchIssue, related_name="lines", verbose_name=_("batch issue"))
    product = Ref(Product, verbose_name=_("product"))
    bin = Ref(Bin, verbose_name=_("bin"))
    qty = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3)
    price = models.DecimalField(_("price"), max_digits=14, decimal_places=2, default=0)
    cost = models.DecimalField(_("cost"), max_digits=14, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("batch issue line")
        constraints = [models.CheckConstraint(condition=models.Q(qty__gt=0, price__gte=0), name="stock_batchissueline_sane")]

    def __str__(self):
        return f"{self.product} × {self.qty.normalize():f}"
