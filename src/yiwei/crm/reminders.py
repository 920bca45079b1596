"""What happens to customers when nobody does anything: people are reminded, then the pool opens (CRM-06, SYS-04)."""

from django.db.models import F
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.work.reminders.causes import anniversary, cause

from .actions.customer import release
from .models.customer import STAGES, Customer
from .models.followup import DesignTask, FollowUp
from .rules import stage

LEVELS = ("A", "B", "C", "D")
STEPS = tuple((s, STAGES.state(s).label) for s in stage.SELLING)
BY_STAGE = {"stages": STEPS, "levels": LEVELS}
OF_CUSTOMER = {"stage": "customer__state", "level": "customer__level", "related": ("customer",), **BY_STAGE}
EARLY = {"state__in": ("lead", "to_measure")}
MANAGER = ("store_manager",)
QUIET = TruncDate(Coalesce("last_contact", "created_at"))
KINDS = tuple(DesignTask._meta.get_field("kind").choices)


def selling():
    """Customers before the signature who have a guide."""
    return Customer.objects.filter(state__in=stage.SELLING, owner__isnull=False)


def open_tasks():
    return DesignTask.objects.filter(state__in=DesignTask.OPEN, due_on__isnull=False)


def name(customer):
    """Who it is, and whether he may be called."""
    who = customer.name or customer.number
    return f"{who} ({__('no calls')})" if customer.no_calls else who


def of_customer(row):
    """A task or contact by its customer."""
    kind = row.get_kind_display() if isinstance(row, DesignTask) else row.get_way_display()
    return f"{name(row.customer)} · {kind}"


def to_pool(actor, customer, days):
    release(actor, customer, reason=__("No contact for %(n)s days") % {"n": days})


cause("crm.silent", _("No contact with the customer"), Customer, rows=selling, clock=QUIET, days=7, text=name, general=EARLY,
      repeat=7, tell=("owner", "store_manager"), **BY_STAGE)
cause("crm.unplanned", _("No next contact agreed"), Customer, rows=lambda: selling().filter(next_contact=None), clock=QUIET, days=2,
      text=name, repeat=3, **BY_STAGE)
cause("crm.overdue", _("Contact overdue"), FollowUp, rows=lambda: FollowUp.objects.filter(state="planned", due_on__isnull=False),
      clock=F("due_on"), days=1, text=of_customer, escalate_after=2, escalate=MANAGER, **OF_CUSTOMER)
cause("crm.pool", _("Customer goes to the public pool"), Customer, rows=selling, clock=QUIET, days=30, text=name, general=EARLY,
      effect=to_pool, warn_days=3, **BY_STAGE)
cause("crm.task_due", _("Designer's task due"), DesignTask, rows=open_tasks, clock=F("due_on"), ahead=True, days=0, text=of_customer,
      related=("customer",), stage="kind", stages=KINDS, repeat=0)
cause("crm.task_late", _("Designer's task late"), DesignTask, rows=open_tasks, clock=F("due_on"), days=1, text=of_customer,
      related=("customer",), stage="kind", stages=KINDS, escalate_after=2, escalate=MANAGER)
cause("crm.birthday", _("Customer's birthday"), Customer, ahead=True, days=1, text=name, repeat=0, levels=LEVELS,
      rows=lambda: Customer.objects.filter(birthday__isnull=False, owner__isnull=False).exclude(
          state__in=("invalid", "merged", "public_pool")), clock=anniversary("birthday"))
