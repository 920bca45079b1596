"""Channel partners, their designers, and at which company a designer worked when."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.flow import DONE, FAILED, Flow, State
from yiwei.kernel.models import BaseData, Record, Ref
from yiwei.kernel.records import personal
from yiwei.kernel.records.scope import ScopeRule
from yiwei.kernel.records.search import keys_of
from yiwei.kernel.work.dual_control import AccountChange, account_by_two, guarded, rules
from yiwei.org.models.employee import Employee


class ChannelPartner(BaseData):
    """A decoration company, alliance or property firm that brings customers (渠道伙伴)."""

    personal = {"phone": personal.PHONE}
    search = {"name": "name", "code": "code", "phone": "phone"}
    masked = {"account": "rebate", "account_name": "rebate"}

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=12, default="deco", choices=[
        ("deco", _("Decoration company")), ("designer", _("Designer")), ("property", _("Property management")),
        ("alliance", _("Alliance")), ("other", _("Other"))])
    level = models.CharField(_("level"), max_length=1, default="B", choices=[(c, c) for c in "ABC"])
    contact = models.CharField(_("contact"), max_length=60, blank=True, default="")
    phone = models.CharField(_("phone"), max_length=30, blank=True, default="")
    account_name = models.CharField(_("account name"), max_length=80, blank=True, default="")
    account = models.CharField(_("bank account"), max_length=60, blank=True, default="")
    agreement = models.CharField(_("agreement number"), max_length=60, blank=True, default="")

    class Meta:
        verbose_name = _("channel partner")
        constraints = [models.UniqueConstraint(fields=["tenant", "name", "kind"], name="filing_partner_name")]

    def __str__(self):
        return self.name


class OutsideDesigner(BaseData):
    """A designer at a decoration company (家装设计师): a partner's person, never an employee."""

    personal = {"phone": personal.PHONE, "spare_phone": personal.PHONE, "id_number": personal.OPEN}
    search = {"name": "name", "phone": "phone", "spare_phone": "phone"}
    masked = {"phone": "phone", "spare_phone": "phone", "id_number": "rebate", "account": "rebate"}
    triggers = account_by_two("filing_designeraccount", "designer")
    flow = Flow(
        states=(State("draft", _("Draft"), "secondary"), State("approved", _("Approved"), "blue"), State("active", _("In partnership"), "green"),
                State("left", _("Left"), "secondary", DONE), State("merged", _("Merged"), "secondary", FAILED)),
        moves={*((s, "merged") for s in ("draft", "approved", "active", "left")),
               ("draft", "approved"), ("approved", "active"), ("approved", "left"), ("active", "left"), ("left", "approved")})
    AT_WORK = ("approved", "active")
    search_related = ("absorbed",)
    choosable = ~models.Q(state="merged")

    name = models.CharField(_("name"), max_length=60)
    phone = models.CharField(_("phone"), max_length=20, blank=True, default="")
    spare_phone = models.CharField(_("spare phone"), max_length=20, blank=True, default="")
    partner = Ref(ChannelPartner, null=True, blank=True, verbose_name=_("channel partner"))
    level = models.CharField(_("level"), max_length=1, default="B", choices=[(c, c) for c in "ABC"])
    id_number = models.CharField(_("ID number"), max_length=18, blank=True, default="")
    account = models.CharField(_("bank account"), max_length=120, blank=True, default="")
    agreement = models.CharField(_("agreement number"), max_length=60, blank=True, default="")
    brands = models.CharField(_("brands"), max_length=120, blank=True, default="")
    rep = Ref(Employee, null=True, blank=True, verbose_name=_("our representative"))
    state = models.CharField(_("state"), max_length=12, default="draft", editable=False)
    merged_into = Ref("self", null=True, editable=False, related_name="absorbed", verbose_name=_("merged into"))

    class Meta:
        verbose_name = _("outside designer")
        constraints = [
            models.CheckConstraint(name="filing_designer_merged", condition=models.Q(state="merged", merged_into__isnull=False)
                                   | (~models.Q(state="merged") & models.Q(merged_into__isnull=True))),
            models.UniqueConstraint(fields=["tenant", "phone"], name="filing_designer_phone", condition=~models.Q(phone="")),
            models.UniqueConstraint(fields=["tenant", "id_number"], name="filing_designer_id", condition=~models.Q(id_number=""))]

    def __str__(self):
        return self.name

    def extra_search_keys(self):
        """The names under which the same person was entered before."""
        return {key for other in self.absorbed.all() for key in keys_of("name", other.name)}


class DesignerPeriod(Record):
    """At which company a designer worked from when to when; periods of one designer never overlap (exclusion constraint)."""

    scope = ScopeRule(via="designer")

    designer = Ref(OutsideDesigner, related_name="periods", verbose_name=_("outside designer"))
    partner = Ref(ChannelPartner, verbose_name=_("channel partner"))
    first_on = models.DateField(_("first day"), default=timezone.localdate)
    last_on = models.DateField(_("last day"), null=True, blank=True)

    class Meta:
        verbose_name = _("time at a company")
        constraints = [models.CheckConstraint(condition=models.Q(last_on__isnull=True) | models.Q(last_on__gte=models.F("first_on")),
                                              name="filing_designerperiod_days")]
        indexes = [models.Index(fields=["tenant", "designer", "-first_on"], name="filing_designerperiod_of")]

    def __str__(self):
        return f"{self.partner} {self.first_on} – {self.last_on or ''}"


class DesignerAccount(AccountChange):
    """A new bank account of an outside designer."""

    masked = {"account": "rebate", "old_account": "rebate"}
    search = {"designer__name": "name"}
    holder = "designer"
    triggers = guarded("designer")

    designer = Ref(OutsideDesigner, related_name="bank_changes", verbose_name=_("outside designer"))

    class Meta:
        verbose_name = _("change of a designer's bank account")
        constraints = rules("filing_designeraccount", "designer")
