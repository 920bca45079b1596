"""Documents: what people process. A number, an outlet, an owner, a state and a timeline."""

from collections import Counter as Counts

from django.conf import settings
from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base import deferred, registry

from . import search
from .scope import PUBLIC, ScopeRule
from .tenancy import context
from .tenancy.models import Ref, TenantModel


class Record(TenantModel):
    """A row that people keep: created, changed, versioned. Base data and documents are records."""

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    created_by = Ref(settings.KERNEL_MEMBER_MODEL, null=True, editable=False, verbose_name=_("created by"))
    updated_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False)

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def touch(self):
        """Count one change; the action saves."""
        self.version += 1
        self.updated_at = timezone.now()


class BaseData(Record):
    """Base data all employees read: code in use is disabled, not deleted."""

    scope = PUBLIC

    active = models.BooleanField(_("active"), default=True)

    class Meta:
        abstract = True
        base_manager_name = "objects"


class Ordered(BaseData):
    """Base data people put in an order of their own; pickers and lists follow it."""

    place = models.PositiveIntegerField(_("place"), default=0, editable=False)

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args, **kwargs):
        """What is new comes last."""
        if self._state.adding and not self.place:
            self.place = (type(self).objects.aggregate(last=models.Max("place"))["last"] or 0) + 1
        super().save(*args, **kwargs)

    def move(self, step):
        """One place up (-1) or down (1); at the end of the list it stays. The caller saves this row."""
        rows = self._in_order()
        at = next(i for i, row in enumerate(rows) if row.pk == self.pk)
        self._put(rows, at, min(max(at + step, 0), len(rows) - 1))

    def place_after(self, other):
        """Behind another row, or (None) in front of all. The caller saves this row."""
        if other is None or other.pk != self.pk:
            rows = self._in_order()
            others = [row.pk for row in rows if row.pk != self.pk]
            at = next(i for i, row in enumerate(rows) if row.pk == self.pk)
            self._put(rows, at, 0 if other is None else others.index(other.pk) + 1)

    def _in_order(self):
        return list(type(self).objects.select_for_update(of=("self",)).order_by("place", "id"))

    def _put(self, rows, at, to):
        rows.insert(to, rows.pop(at))
        for place, row in enumerate(rows, 1):
            if row.pk == self.pk:
                self.place = place
            elif row.place != place:
                type(self).objects.filter(pk=row.pk).update(place=place)


class Document(Record):
    """A record with number, outlet, owner and state. Subclasses set `flow` and `prefix` of the number."""

    prefix = ""
    gapless = False
    scope = ScopeRule(people=("owner",), outlet="outlet")

    number = models.CharField(_("number"), max_length=32, editable=False)
    outlet = Ref(settings.KERNEL_OUTLET_MODEL, null=True, blank=True, verbose_name=_("outlet"))
    owner = Ref(settings.KERNEL_MEMBER_MODEL, null=True, blank=True, verbose_name=_("owner"))
    state = models.CharField(_("state"), max_length=24, editable=False)
    remark = models.TextField(_("remark"), blank=True, default="")

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def __str__(self):
        return self.number

    def get_state_display(self):
        return self.flow.state(self.state).label

    @classmethod
    def series_of(cls, outlet_id):
        """What stands for the outlet in the number."""
        return outlet_id

    @classmethod
    def drafted(cls, actor, **fields):
        """A new document in its first state, not saved: what `begin` then writes."""
        fields.setdefault("outlet_id", None if "outlet" in fields else actor.outlet_id)
        if "outlet" in fields:
            fields.pop("outlet_id")
        if "owner" not in fields and "owner_id" not in fields:
            fields["owner_id"] = actor.id
        doc = cls(created_by_id=actor.id, **fields)
        doc.state = doc.state or cls.flow.initial
        return doc

    def begin(self):
        """Save a drafted document; with the next number, unless `number_all` gave it one."""
        self.number = self.number or next_number(self.prefix, self.series_of(self.outlet_id))
        self.save(force_insert=True)
        search.index(self, created=True)
        return self

    @classmethod
    def start(cls, actor, **fields):
        """Make a new document in its first state with the next number; saved, ready for its lines."""
        return cls.drafted(actor, **fields).begin()


class Counter(TenantModel):
    """The last number given, by tenant and series. Locked until the transaction ends, so no gap can arise."""

    audited = False
    scope = PUBLIC

    series = models.CharField(max_length=60)
    value = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "series"], name="kernel_counter_series")]


def next_values(series):
    """The next value of each of some different series, in one statement; waits for, and never skips, a concurrent one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into kernel_counter (tenant_id, series, value) select %s, s, 1 from unnest(%s::text[]) s order by s"
            " on conflict (tenant_id, series) do update set value = kernel_counter.value + 1 returning series, value",
            [context.tenant_id(), list(series)],
        )
        return dict(cursor.fetchall())


def next_value(series):
    """The next value of one series."""
    return next_values([series])[series]


def series_of_month(prefix, outlet, when=None):
    """The series of a kind of document by outlet (its id or its own series) and month: HT3-2603."""
    return f"{prefix}{outlet or 0}-{timezone.localtime(when or timezone.now()):%y%m}"


def next_number(prefix, outlet, when=None):
    """A document number per tenant, outlet, kind and month: HT3-2603-0001."""
    series = series_of_month(prefix, outlet, when)
    return f"{series}-{next_value(series):04d}"


def numbers_of(wanted):
    """Numbers for many rows [(prefix, outlet, when)] in one statement, in their order."""
    series = [series_of_month(*one) for one in wanted]
    counts = Counts(series)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into kernel_counter (tenant_id, series, value) select %s, s, n from unnest(%s::text[], %s::bigint[]) as t(s, n) order by s"
            " on conflict (tenant_id, series) do update set value = kernel_counter.value + excluded.value returning series, value",
            [context.tenant_id(), list(counts), list(counts.values())])
        last = dict(cursor.fetchall())
    upto = {name: last[name] - count for name, count in counts.items()}
    for name in series:
        upto[name] += 1
        yield f"{name}-{upto[name]:04d}"


def number_all(*docs):
    """Give drafted documents of different kinds their numbers in one statement."""
    series = [series_of_month(doc.prefix, doc.series_of(doc.outlet_id)) for doc in docs]
    values = next_values(series)
    for doc, name in zip(docs, series, strict=True):
        doc.number = f"{name}-{values[name]:04d}"


TOLD = {  # what the timeline tells besides actions
    "comment": _("Comment"), "reveal": _("Phone shown"), "attach": _("File attached"), "export": _("Exported"),
    "kernel.case.open": _("Approval asked"), "drafted": _("Written down by itself"), "handed": _("Passed on")}


def told_as(code):
    """What a line of the timeline is called: the label of its action, or of what else is told; never a code."""
    act = registry.actions.get(code)
    return act.label if act else TOLD.get(code) or _("Changed")


class Timeline(TenantModel):
    """Who did what to which row, and when. Also the event that webhooks and reactions speak of."""

    audited = False
    append_only = True
    scope = PUBLIC

    model = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    at = models.DateTimeField(_("at"), default=timezone.now)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(_("by"), max_length=60, blank=True, default="")
    action = models.CharField(_("action"), max_length=80)
    from_state = models.CharField(max_length=24, blank=True, default="")
    to_state = models.CharField(max_length=24, blank=True, default="")
    text = models.TextField(_("text"), blank=True, default="")
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "model", "object_id", "id"], name="kernel_timeline_row"),
            models.Index(fields=["tenant", "at"], name="kernel_timeline_at"),
        ]


def log(actor, obj, action, *, text="", data=None, from_state="", to_state=""):
    """Write one line on the timeline of `obj`; within an action at its end."""
    deferred.write(deferred.inserts(Timeline), Timeline(
        model=obj._meta.label_lower, object_id=obj.pk, actor_id=actor.id, actor_name=actor.name, action=action,
        text=text, data=data or {}, from_state=from_state, to_state=to_state))
