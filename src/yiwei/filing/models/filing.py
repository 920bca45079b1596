"""The customers whom channel partners file."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwei.crm.models.customer import KNOWN, Customer
from yiwei.crm.models.traffic import Visit
from yiwei.kernel.base.flow import DONE, FAILED, Flow, State
from yiwei.kernel.models import Document, Ref
from yiwei.kernel.records import personal
from yiwei.kernel.records.scope import ScopeRule
from yiwei.kernel.records.search import keys_of

from .partner import ChannelPartner, OutsideDesigner


class Filing(Document):
    """A channel's claim on a customer before the first visit (报备); the evidence is frozen at submission."""

    personal = {"phone": personal.PHONE, "spare_phone": personal.PHONE}
    prefix = "BB"
    scope = ScopeRule(people=("owner", "customer__owner"), outlet="outlet")
    masked = {"phone": "phone", "spare_phone": "phone", "more_phones": "phone", "address": "address", "rebate_amount": "rebate"}
    search = {"name": "name", "phone": "phone", "spare_phone": "phone", "number": "code", "community": "text"}
    flow = Flow(
        states=(State("draft", _("Draft"), "secondary"), State("submitted", _("Submitted"), "blue"),
                State("held", _("In conflict"), "orange"), State("approved", _("Approved"), "green"),
                State("visited", _("Visited"), "teal"), State("signed", _("Signed"), "lime"),
                State("settled", _("Settled"), "green", DONE), State("rejected", _("Rejected"), "red", FAILED),
                State("expired", _("Expired"), "secondary", FAILED),
                State("withdrawn", _("Withdrawn"), "secondary", FAILED),
                State("superseded", _("Superseded"), "secondary", FAILED)),
        moves={("draft", "submitted"), ("draft", "held"), ("submitted", "approved"), ("submitted", "rejected"), ("submitted", "held"),
               ("held", "approved"), ("held", "rejected"), ("approved", "visited"), ("visited", "signed"),
               ("approved", "signed"), ("signed", "settled"), ("approved", "expired"), ("visited", "expired"),
               ("draft", "withdrawn"), ("submitted", "withdrawn"), ("held", "withdrawn"), ("approved", "superseded"),
               ("visited", "superseded"), ("rejected", "held"), ("expired", "approved")},
        main=("submitted", "approved", "visited", "signed", "settled"),
        veil=("filing.filing.approve", {"held": "submitted"}),   # that somebody else has the customer is for reviewers alone
    )

    partner = Ref(ChannelPartner, verbose_name=_("channel partner"))
    outside_designer = Ref(OutsideDesigner, null=True, blank=True, verbose_name=_("outside designer"))
    filer_name = models.CharField(_("filed by"), max_length=60, blank=True, default="")
    filed_at = models.DateTimeField(_("filed at"), null=True, editable=False)
    filed_known = models.CharField(_("time known"), max_length=8, default="server", editable=False, choices=KNOWN)
    name = models.CharField(_("customer name"), max_length=60)
    phone = models.CharField(_("phone"), max_length=20, blank=True, default="")
    spare_phone = models.CharField(_("spare phone"), max_length=20, blank=True, default="")
    more_phones = models.CharField(_("more phones"), max_length=120, blank=True, default="", help_text=_("A third and fourth number."))
    community = models.CharField(_("community"), max_length=60, blank=True, default="")
    address = models.CharField(_("address"), max_length=200, blank=True, default="")
    categories = models.CharField(_("wanted categories"), max_length=120, blank=True, default="")
    expected_on = models.DateField(_("expected visit"), null=True, blank=True)
    customer = Ref(Customer, null=True, blank=True, verbose_name=_("customer"), related_name="filings")
    conflict = models.CharField(_("conflict"), max_length=10, blank=True, default="", editable=False,
                                choices=[("certain", _("Certain")), ("strong", _("Strong")), ("probable", _("Probable"))])
    evidence = models.JSONField(_("evidence"), default=dict, editable=False)
    link = Ref("filing.FilingLink", null=True, editable=False, related_name="filings", verbose_name=_("filed by link"))
    share = models.DecimalField(_("share %"), max_digits=5, decimal_places=2, default=100, editable=False)
    joint = Ref("self", null=True, editable=False, related_name="partners", verbose_name=_("joint with"))
    no_rebate = models.CharField(_("why no rebate"), max_length=200, blank=True, default="", editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    protected_until = models.DateTimeField(_("protected until"), null=True, editable=False)
    extended = models.BooleanField(_("extended"), default=False, editable=False)
    appealed = models.BooleanField(_("appealed"), default=False, editable=False)
    visit = Ref(Visit, null=True, editable=False, verbose_name=_("visit"))
    visited_at = models.DateTimeField(_("visited"), null=True, editable=False)
    signed_on = models.DateField(_("signed on"), null=True, editable=False)
    signed_amount = models.DecimalField(_("amount signed"), max_digits=14, decimal_places=2, default=0, editable=False)
    rebate_amount = models.DecimalField(_("rebate"), max_digits=14, decimal_places=2, default=0, editable=False)
    verdict_text = models.TextField(_("verdict"), blank=True, default="", editable=False)
    import_row = models.PositiveIntegerField(null=True, editable=False)
    import_key = models.CharField(max_length=64, blank=True, default="", editable=False)
    import_data = models.CharField(max_length=64, blank=True, default="", editable=False)

    class Meta:
        verbose_name = _("filing")
        indexes = [models.Index(fields=["tenant", "state", "id"], name="filing_filing_state"),
                   models.Index(fields=["tenant", "owner", "-id"], name="filing_filing_owner"),
                   models.Index(fields=["tenant", "phone"], name="filing_filing_phone"),
                   models.Index(fields=["tenant", "filed_at"], name="filing_filing_filed"),
                   models.Index(fields=["tenant", "customer"], name="filing_filing_customer"),
                   models.Index(fields=["tenant", "protected_until"], name="filing_filing_protected"),
                   models.Index(fields=["tenant", "decided_at"], name="filing_filing_decided")]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "import_key"], name="filing_filing_import", condition=~models.Q(import_key="")),
            models.CheckConstraint(condition=models.Q(share__gt=0, share__lte=100), name="filing_filing_share")]

    def __str__(self):
        return f"{self.name} {self.number}"

    def extra_search_keys(self):
        return {key for number in self.more_phones.split("、") for key in keys_of("phone", number)}

    GOOD = ("approved", "visited", "signed", "settled")

    def together(self):
        """The filings among which a joint verdict divides the customer, the oldest first; else this one alone."""
        head = self.joint_id or self.pk
        rows = Filing.objects.filter(models.Q(pk=head) | models.Q(joint_id=head), state__in=self.GOOD).order_by("id")
        return list(rows) or [self]
