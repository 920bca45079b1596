"""Messages that left the house, or could not (RPT-17)."""

from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.money import percent
from yiwei.kernel.records import scope
from yiwei.kernel.records.personal import redacted
from yiwei.kernel.records.scope import masked_phone
from yiwei.kernel.screens.registers.listing import Filter, lookups_of_days
from yiwei.kernel.screens.registers.register import Column
from yiwei.kernel.screens.reports.report import Report
from yiwei.kernel.work.notify.models import Outbox

READERS = "general_manager tenant_admin service_head store_manager"
CHANNELS = [("sms", _("SMS")), ("wechat", _("WeChat")), ("email", _("E-mail"))]
FILTERS = [Filter("date", _("Day"), "date_range"), Filter("channel", _("Channel"), choices=CHANNELS),
           Filter("state", _("State"), choices=[("waiting", _("Waiting")), ("sent", _("Sent")), ("failed", _("Failed"))])]


def messages(report, actor, params):
    """What was written for the way out in the period; webhooks are no messages."""
    first, last = report.period(params)
    rows = scope.rows(Outbox, actor).filter(**lookups_of_days("created_at", first, last, stamped=True)).exclude(channel="webhook")
    for name in ("channel", "state"):
        if params.get(name):
            rows = rows.filter(**{name: params[name]})
    return rows


class MessageLog(Report):
    """One line a message; receivers are masked for everybody here."""

    slug, label, code, position = "message-log", _("SMS log"), "RPT-17", 170
    roles, basis, filters = READERS, _("By the day it was written; receivers masked"), FILTERS
    columns = [Column("at", _("Written"), "datetime"), Column("channel", _("Channel"), "text"), Column("receiver", _("Receiver"), "text"),
               Column("text", _("Text"), "text"), Column("state", _("State"), "text"), Column("tries", _("Tries"), "number"),
               Column("sent_at", _("Sent"), "datetime"), Column("error", _("Reason"), "text")]

    def query(self, actor, params):
        for m in messages(self, actor, params).order_by("-created_at", "-id").iterator(chunk_size=2000):
            yield {"at": timezone.localtime(m.created_at), "channel": m.get_channel_display(), "receiver": masked_phone(m.receiver),
                   "text": redacted(m.text[:120], actor), "state": m.get_state_display(), "tries": m.tries,
                   "sent_at": timezone.localtime(m.sent_at) if m.sent_at else None, "error": m.error}


class MessageSummary(Report):
    """How many were sent, day by day."""

    slug, label, code, position = "messages-by-day", _("Messages by day"), "RPT-17", 171
    roles, basis, filters = READERS, _("By the day it was written; success = sent ÷ (sent + failed)"), FILTERS
    columns = [Column("day", _("Day"), "date"), Column("n", _("Messages"), "number", total=True), Column("sent", _("Sent"), "number", total=True),
               Column("failed", _("Failed"), "number", total=True), Column("waiting", _("Waiting"), "number", total=True),
               Column("rate", _("Success %"), "number")]

    def query(self, actor, params):
        rows = messages(self, actor, params).annotate(day=TruncDate("created_at")).order_by().values("day").annotate(
            n=Count("pk"), sent=Count("pk", filter=Q(state="sent")), failed=Count("pk", filter=Q(state="failed")),
            waiting=Count("pk", filter=Q(state="waiting")))
        for r in rows.order_by("day"):
            yield {**r, "rate": percent(r["sent"], r["sent"] + r["failed"]) if r["sent"] + r["failed"] else None}

    def chart(self, rows):
        """Sent and failed as stacks."""
        return {"xAxis": {"type": "category", "data": [r["day"].isoformat() for r in rows]}, "yAxis": {"type": "value"},
                "series": [{"type": "bar", "stack": "all", "name": str(label), "data": [r[name] for r in rows]}
                           for name, label in (("sent", _("Sent")), ("failed", _("Failed")))]}
