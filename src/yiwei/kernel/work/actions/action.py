"""Actions: the only door through which business data changes."""

import hashlib
import json
import logging
from dataclasses import dataclass, field
from functools import cached_property

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, DataError, IntegrityError, connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from psycopg.errors import UniqueViolation

from yiwei.kernel.base import deferred, registry
from yiwei.kernel.base.errors import Forbidden, Invalid, NotFound, Refused, Stale
from yiwei.kernel.base.flow import FAILED
from yiwei.kernel.records import holdings, scope, search
from yiwei.kernel.records.document import Record, log
from yiwei.kernel.records.tenancy import context
from yiwei.kernel.text import without_digits
from yiwei.kernel.work.notify.webhooks import emit
from yiwei.kernel.work.reaction import fire

from . import fields as inputs

logger = logging.getLogger("yiwei.actions")


NOBODY = scope.Actor(id=None, tenant_id=0, name="")


class Unanswered(Exception):
    """The database was asked where nothing may be asked of it."""


def _refuse_to_ask(*_args):
    raise Unanswered


@dataclass
class Outcome:
    """What came of an action: the row, and where an approval stands before it, the case that waits."""

    obj: object = None
    case: object = None
    message: str = ""
    repeated: bool = False


@dataclass(eq=False)
class Action:
    """One declaration: button, form, bulk, REST endpoint, transaction, timeline, event, idempotency.

    `fn(actor, obj, **input)` does the work (`fn(actor, **input)` where `creates`), `sources`/`target` are the
    states before and after, `roles` who may by default, `check(actor, obj, data)` raises Refused,
    `show(actor, obj)` says whether the button appears at all, `facts(actor, obj, data)` gives the figures that approval
    flows look at, or nothing where no approval is needed, and `figures` their names; without it the amounts of the row
    and of the input serve. `confirm`, text or a function of the row, is asked before it is done. `removes`: the row is gone
    afterwards; what refers to it makes the database refuse. `in_person`: the database asks who does it, so no approval flow,
    which does it for somebody else, can stand before it. `files` says whether files are among its inputs, where those depend
    on the row so much that it cannot be seen without one. `internal`: only trusted code does
    it; it has no button, form or address. `approves`: it makes valid what somebody else has entered; whoever may do
    both holds conflicting duties. `then(obj)`: the row on whose page one goes on.
    """

    model: type
    fn: object
    verb: str
    label: object
    fields: object = field(default_factory=dict)
    sources: tuple = ()
    target: str = ""
    creates: bool = False
    removes: bool = False
    bulk: bool = False
    check: object = None
    show: object = None
    facts: object = None
    figures: dict = field(default_factory=dict)
    initial: object = None
    permission: str = ""
    roles: str = ""
    icon: str = "player-play"
    style: str = "secondary"
    help: object = ""
    done: object = ""
    everybody: bool = False
    quick: bool = False
    in_person: bool = False
    files: bool | None = None
    approves: bool = False
    internal: bool = False
    confirm: object = ""
    then: object = None

    @cached_property
    def name(self):
        return f"{self.model._meta.app_label}.{self.model._meta.model_name}.{self.verb}"

    @cached_property
    def needs(self):
        return self.permission or self.name

    def inputs(self, actor, obj=None):
        """The input fields; may depend on the row."""
        if not callable(self.fields):
            return self.fields
        found = self.fields(actor, obj)
        return inputs.blind(found, actor, obj) if obj is not None and actor.masks else found

    def sample(self):
        """The inputs for nobody in particular and an empty row; None where they depend on a real one. Asks no database."""
        if not callable(self.fields):
            return self.fields
        try:
            with connection.execute_wrapper(_refuse_to_ask):
                return self.fields(NOBODY, None if self.creates else self.model())
        except (ObjectDoesNotExist, ValueError, Unanswered, DatabaseError):
            return None

    @property
    def enters(self):
        """Whether it brings something in that others may have to approve: makes it, or hands in its draft."""
        flow = self.model.flow
        return self.creates or bool(not self.approves and flow and self.target and self.sources and flow.initial in self.sources
                                    and flow.state(self.target).group != FAILED)

    def allowed(self, actor):
        return self.everybody or actor.can(self.needs)

    def blocked(self, actor, obj):
        """Why the action cannot be done on `obj` now, in words; empty if it can."""
        if self.sources and obj.state not in self.sources:
            wanted = "、".join(str(obj.flow.state(s).label) for s in self.sources)
            return _("Only possible in state: %(states)s") % {"states": wanted}
        return ""

    def shown(self, actor, obj):
        return not self.internal and self.allowed(actor) and (self.show is None or self.show(actor, obj))

    def __call__(self, actor, obj=None, **data):
        """Call from trusted code inside a transaction: no rights, no approval, input already clean."""
        if obj is not None and self.sources and obj.state not in self.sources:
            raise Refused(self.blocked(actor, obj))
        return self._effect(actor, obj, data)

    def _effect(self, actor, obj, data, checked=False):
        with deferred.together():
            return self._do(actor, obj, data, checked)

    def _do(self, actor, obj, data, checked):
        marked = search.mark(obj) if obj is not None else None
        before = getattr(obj, "state", "") if obj is not None else ""
        if self.check and not checked:
            self.check(actor, obj, data)
        made = self.fn(actor, **data) if self.creates else self.fn(actor, obj, **data)
        if self.removes:
            return _removed(self, actor, obj, data)
        result = made if self.creates else obj
        if result is None:
            return None
        if self.target and not self.creates:
            _move(result, before, self.target)
        if not self.creates and isinstance(result, Record):
            if before != getattr(result, "state", ""):
                holdings.keep_someone(actor, result, before)
            result.touch()
            result.save()
        after = getattr(result, "state", "")
        if isinstance(result, Record):
            log(actor, result, self.name, text=_note(data), data=_facts(type(result), data),
                from_state=before if before != after else "", to_state=after if before != after else "")
        if self.creates:
            search.index(result, created=True)
        else:
            search.renew(result, marked)
        fire(self, actor, result, data)
        emit(self, actor, result)
        return result


def _removed(act, actor, obj, data):
    """The row goes with its search keys; its timeline and its changes stay."""
    log(actor, obj, act.name, text=_note(data) or str(obj)[:200], data=_facts(type(obj), data))
    search.forget(obj)
    with connection.cursor() as cursor:
        cursor.execute(f'delete from "{obj._meta.db_table}" where tenant_id = %s and id = %s', [context.tenant_id(), obj.pk])


def _move(obj, before, target):
    if obj.state == before:
        if not obj.flow.allows(before, target):
            raise Refused(_("From “%(a)s” there is no way to “%(b)s”.") % {
                "a": obj.flow.state(before).label, "b": obj.flow.state(target).label})
        obj.state = target


def _note(data):
    for name in ("reason", "note", "comment", "remark"):
        if data.get(name):
            return str(data[name])[:2000]
    return ""


UNTOLD = ("password", "secret")  # input that the timeline does not keep, besides what is personal


def _facts(model, data):
    """The plain part of the input, kept on the timeline."""
    from datetime import date
    from decimal import Decimal
    out = {}
    for name, value in data.items():
        if isinstance(value, (str, int, bool)) and value not in ("", None):
            out[name] = value if not isinstance(value, str) else value[:200]
        elif isinstance(value, (Decimal, date)):
            out[name] = str(value)
        elif isinstance(value, Record):
            out[name] = str(value)
    return {k: without_digits(v) if isinstance(v, str) else v for k, v in out.items()
            if k not in model.personal and not any(word in k for word in UNTOLD)}


def action(model, label, **options):
    """Declare an action: `@action(Contract, _("Submit"), sources=("draft",), target="submitted")`."""

    def declare(fn):
        made = Action(model=model, fn=fn, verb=options.pop("verb", fn.__name__.rstrip("_")), label=label, **options)
        if made.roles:
            registry.grant(made.needs, made.roles)
        return registry.add(registry.actions, made.name, made)

    return declare


def explain(error):
    """A refusal by the database in words; unknown ones are not hidden."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
    text = str(error.__cause__ or error)
    for key, message in MESSAGES.items():
        if key == name or key in text:
            return Refused(_(message))
    if isinstance(error.__cause__, UniqueViolation):
        return Refused(_("Somebody else has just entered the same."))
    return None


MESSAGES = {
    "kernel_may_leave": gettext_noop("This person still holds open entries. Hand them over first."),
    "kernel_present": gettext_noop("This person has left. Choose a colleague who is at work."),
    "ledger_stock_not_negative": gettext_noop("There is not enough of it in stock."),
    "ledger_month_open": gettext_noop("The booking month is closed."),
    "ledger_money_zero_sum": gettext_noop("The postings do not sum to zero."),
    "flow of": gettext_noop("The state does not allow this."),
    "_in_tenant": gettext_noop("It is used elsewhere."),
    "_key": gettext_noop("Somebody else has just entered the same."),
}


def perform(act, actor, pk=None, raw=None, files=None, *, key="", version=None, last=False):
    """Do `act` for `actor` with raw input, in one transaction. Raises an ActionError or returns an Outcome.

    `last`: a refusal also ends the caller's transaction, which writes nothing more (see `context.entered`).
    """
    if not act.allowed(actor):
        raise Forbidden()
    try:
        return _perform(act, actor, pk, raw, files, key, version, last)
    except IntegrityError as error:
        told = explain(error)
        if told is None:
            logger.exception("%s broke a rule of the database", act.name)
        raise told or Refused(_("The database refuses these values.")) from error
    except DataError as error:
        raise Refused(_("A value is too long, too large or not readable.")) from error


def _perform(act, actor, pk, raw, files, key, version, last):
    with context.entered(actor.tenant_id, actor.id, act.name, last=last):
        if key:
            key = hashlib.sha256(f"{actor.id}:{key}".encode(errors="replace")).hexdigest()
            said = _said(raw)
            earlier = _claim(act, actor, key, pk, said)
            if earlier is not None:
                return earlier
        obj = None if act.creates else _locked(act, actor, pk, version)
        if obj is not None:
            reason = act.blocked(actor, obj)
            if reason:
                raise Refused(_happened(act, actor, obj) or reason)
            if act.internal or act.show is not None and not act.show(actor, obj):
                raise Refused(_("This cannot be done here now."))
        data, errors = inputs.clean(act.inputs(actor, obj), raw or {}, files, actor)
        if errors:
            raise Invalid(errors)
        if obj is not None and actor.masks:
            inputs.restored(data, actor, obj)
        gated = act.facts or act.name in actor.limits.get("gated", ())
        outcome = (gated and _approved(act, actor, obj, data)) or Outcome(
            obj=act._effect(actor, obj, data, checked=bool(gated)), message=str(act.done))
        if key:
            _settle(key, outcome, pk, said)
        return outcome


def _approved(act, actor, obj, data):
    from yiwei.kernel.work.approvals.engine import gate
    if act.check:
        act.check(actor, obj, data)
    case = gate(act, actor, obj, data)
    return Outcome(obj=obj, case=case, message=_("Sent for approval.")) if case else None


def _locked(act, actor, pk, version):
    try:
        rows = scope.rows(act.model, actor).select_for_update(of=("self",)).filter(pk=int(pk))
        register = registry.register_of(act.model)
        obj = (rows.select_related(*register.related()) if register and register.related() else rows).first()
    except (TypeError, ValueError):
        obj = None
    if obj is None:
        raise NotFound()
    if version not in (None, "") and str(version) != str(obj.version):
        raise Stale(_happened(act, actor, obj) or _("The record has changed since you opened it."))
    return obj


def _happened(act, actor, obj):
    """Who changed the row last, and how, in words."""
    from yiwei.kernel.records.document import Timeline, told_as
    veiled = obj.flow.hidden(actor) if obj.flow else {}
    last = Timeline.objects.filter(model=obj._meta.label_lower, object_id=obj.pk).exclude(to_state__in=veiled).order_by("-id").first()
    if last is None:
        return ""
    from django.utils import timezone
    text = _("%(who)s did “%(what)s” at %(when)s.") % {
        "who": last.actor_name, "what": told_as(last.action),
        "when": timezone.localtime(last.at).strftime("%m-%d %H:%M")}
    if obj.flow:
        text += _(" It is now in state “%(state)s”.") % {"state": obj.flow.state(obj.flow.seen(obj.state, actor)).label}
    return text


def _said(raw):
    """A fingerprint of what was sent, but for what changes from page to page."""
    given = raw.lists() if hasattr(raw, "lists") else (raw or {}).items()
    kept = sorted((str(n), v) for n, v in given if n != "csrfmiddlewaretoken")
    return hashlib.sha256(json.dumps(kept, default=str).encode()).hexdigest()[:16]


def _claim(act, actor, key, pk, said):
    """Take an idempotency key; the second comer waits for the first and gets its outcome."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into kernel_once (tenant_id, key, actor_id, action, result, at) values (%s, %s, %s, %s, '{}', now())"
            " on conflict (tenant_id, key) do nothing",
            [actor.tenant_id, key, actor.id, act.name],
        )
        if cursor.rowcount:
            return None
        cursor.execute("select action, object_id, result from kernel_once where tenant_id = %s and key = %s",
                       [actor.tenant_id, key])
        name, object_id, result = cursor.fetchone()
    result = json.loads(result) if isinstance(result, str) else result
    if name != act.name or result.get("on", "") != str(pk or "") or result.get("said", said) != said:
        raise Refused(_("This key was already used for something else."))
    obj = scope.rows(act.model, actor).filter(pk=object_id).first() if object_id else None
    case = None
    if result.get("case"):
        from yiwei.kernel.work.approvals.models import Case
        case = Case.objects.filter(pk=result["case"]).first()
    return Outcome(obj=obj, case=case, message=result.get("message", ""), repeated=True)


def _settle(key, outcome, pk, said):
    result = {"message": outcome.message, "on": str(pk or ""), "said": said}
    if outcome.case:
        result["case"] = outcome.case.pk
    with connection.cursor() as cursor:
        cursor.execute("update kernel_once set object_id = %s, result = %s where tenant_id = %s and key = %s",
                       [outcome.obj.pk if outcome.obj is not None else None, json.dumps(result),
                        context.tenant_id(), key])
