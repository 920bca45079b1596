"""The whole story of a customer: what crm itself puts on it; rooms above add their own chapters."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.crm.models.customer import Customer, Handover
from yiwei.crm.models.followup import DesignTask, FollowUp
from yiwei.crm.models.traffic import Visit
from yiwei.kernel.models import Outbox
from yiwei.kernel.screens.registers import beside

beside.chapter(Customer, key="visits", label=_("Visits"), icon="door-enter", color="azure", model=Visit, path="customer", at="at",
               title=lambda v: __("In the showroom"), text=lambda v: v.intention or v.remark, related=("owner", "outlet"))
beside.chapter(Customer, key="follow_ups", label=_("Follow-ups"), icon="phone-call", color="blue", model=FollowUp, path="customer",
               at="done_at", title=lambda f: f.get_way_display(), text=lambda f: f.result, related=("owner",))
beside.chapter(Customer, key="tasks", label=_("Designers' tasks"), icon="ruler-2", color="indigo", model=DesignTask, path="customer",
               at="created_at", title=lambda t: f"{t.get_kind_display()} · {t.owner or ''}", text=lambda t: t.result or t.rooms,
               related=("owner",))
beside.chapter(Customer, key="handovers", label=_("Hand-overs"), icon="arrows-exchange", color="secondary", model=Handover,
               path="customer", at="created_at", title=str, text=lambda h: h.reason, related=("before", "after"))
def _messages(actor, ids):
    """What was sent to the customer's phone, of whatever room: bookings of deliveries and installations, too."""
    phones = Customer.objects.filter(pk__in=ids).exclude(phone="").values("phone")
    return Outbox.objects.filter(channel__in=("sms", "wechat"), receiver__in=phones).exclude(cause="")


beside.chapter(Customer, key="messages", label=_("Messages"), icon="message", color="teal", model=Outbox, at="created_at", of=_messages, shared=True,
               title=lambda m: m.get_channel_display(), text=lambda m: m.text)


def context(actor, customer, params):
    """One page of the story, newest first, of one kind or of all."""
    only, before = params.get("kind") or "", _moment(params.get("before"))
    also = list(customer.absorbed.values_list("pk", flat=True))
    entries, more = beside.story(customer, actor, also=also, only=only, before=before)
    base = f"?tab=story&kind={only}" if only else "?tab=story"
    return {"entries": entries, "only": only, "older": f"{base}&before={entries[-1]['at'].timestamp()}" if more else "",
            "newest": base if before else "",
            "kinds": [{"key": c.key, "label": c.label, "on": c.key == only} for c in beside.chapters(Customer, actor)]}


def _moment(text):
    try:
        return datetime.fromtimestamp(float(text), timezone.get_current_timezone()) if text else None
    except (ValueError, OverflowError, OSError):
        return None
