"""What employees hold: rows that need somebody at work, found in the models so that a new model is covered the day it is born (D-08).

Every `Ref` to the employees' model is one of these: it passes to a successor while its row is open (by default while the state is
of the group “open”, or the row is active); it ends (`Ends`); it stays as history (`STAYS`). A model says otherwise in
`held = {field: …}`, and must say it where nothing can be inferred.
"""

from dataclasses import dataclass, field
from functools import cache

from django.apps import apps
from django.conf import settings
from django.db.models import Count, Q, Value
from django.utils.text import capfirst

from yiwei.kernel.base import registry
from yiwei.kernel.base.flow import FAILED, OPEN

from . import usage

STAYS = "stays"
EMPTY = (None,)  # of a column: while it is not set


@dataclass(frozen=True)
class Ends:
    """The row belongs to the person and ends with the work: while `where` holds, leaving sets `to`."""

    where: dict
    to: dict


class Undeclared(Exception):
    """A reference to an employee of which nobody said what becomes of it."""


@dataclass(frozen=True)
class Holding:
    """One kind of thing employees hold: rows of `model` whose `field` names them while each column of `where` has one of its values."""

    model: type
    field: str
    where: tuple
    to: dict = field(default_factory=dict, hash=False)

    @property
    def name(self):
        return f"{self.model._meta.app_label}_{self.model._meta.model_name}_{self.field}"

    @property
    def ends(self):
        return bool(self.to)

    @property
    def label(self):
        """“Customers”, or “Customers (designer)” where it is not the owner."""
        register = registry.register_of(self.model)
        what = capfirst(str(register.label if register else self.model._meta.verbose_name))
        return what if self.field == "owner" else f"{what} ({self.model._meta.get_field(self.field).verbose_name})"

    def open(self):
        """The rows that need somebody at work, whoever holds them."""
        return self.model.objects.filter(*(Q(**{f"{c}__isnull": True}) if v == EMPTY else Q(**{f"{c}__in": v}) for c, v in self.where))

    def rows(self, member_id):
        return self.open().filter(**{self.field: member_id})

    def sql(self, prefix):
        """The condition in SQL, of a row called `prefix`."""
        parts = (f'{prefix}."{c}" ' + ("is null" if v == EMPTY else f'in ({", ".join(map(_literal, v))})') for c, v in self.where)
        return " and ".join(parts) or "true"

    def holds(self, obj, **instead):
        """Whether the row, with other values in some columns, needs somebody at work."""
        return all(instead.get(c, getattr(obj, c)) in values for c, values in self.where)


def _literal(value):
    if isinstance(value, bool):
        return str(value).lower()
    return "'{}'".format(str(value).replace("'", "''"))


def member_model():
    return apps.get_model(settings.KERNEL_MEMBER_MODEL)


def gone_states():
    """States of an employee who works here no more."""
    return member_model().flow.of_group(FAILED)


def references():
    """(model, field) of every reference to an employee that means more than who wrote the row."""
    return [(model, ref.name) for model, ref in usage.references(member_model())]


@cache
def holdings():
    """Everything an employee may hold."""
    found = (_holding(model, name) for model, name in references() if not model.append_only)
    return tuple(h for h in found if h)


def _holding(model, name):
    said = model.held.get(name)
    if said == STAYS:
        return None
    if isinstance(said, Ends):
        return Holding(model, name, _where(said.where), said.to)
    if said is not None:
        return Holding(model, name, _where(said))
    if model.flow:
        return Holding(model, name, _where({"state": model.flow.of_group(OPEN)}))
    if any(f.name == "active" for f in model._meta.fields):
        return Holding(model, name, _where({"active": [True]}))
    raise Undeclared(f"{model.__name__}.held does not say what becomes of “{name}” when the employee leaves")


def _where(columns):
    return tuple((c, tuple(values)) for c, values in columns.items())


def counts(member_id):
    """[(holding, how many)] of what the employee holds now, in one statement."""
    parts = [h.rows(member_id).order_by().annotate(yiwei_kind=Value(i)).values("yiwei_kind").annotate(n=Count("pk"))
             .values_list("yiwei_kind", "n") for i, h in enumerate(holdings())]
    found = dict(parts[0].union(*parts[1:], all=True)) if parts else {}
    return [(h, found[i]) for i, h in enumerate(holdings()) if found.get(i)]


def keep_someone(actor, obj, before):
    """A row that is opened again while who held it has left falls to who opens it."""
    for h in holdings():
        if h.model is not type(obj) or h.ends or not getattr(obj, f"{h.field}_id"):
            continue
        if h.holds(obj) and not h.holds(obj, state=before):
            if member_model().objects.filter(pk=getattr(obj, f"{h.field}_id"), state__in=gone_states()).exists():
                setattr(obj, f"{h.field}_id", actor.id)


# what the database keeps of it
def functions():
    """Nobody leaves who still holds something; nothing open is given to somebody who has left."""
    member = member_model()._meta.db_table
    gone = ", ".join(map(_literal, gone_states()))
    held = "\n    or ".join(
        f'exists (select from "{h.model._meta.db_table}" h where h.tenant_id = new.tenant_id and h."{_column(h)}" = new.id and {h.sql("h")})'
        for h in holdings()) or "false"
    yield f"""create or replace function kernel_may_leave() returns trigger language plpgsql as $$
begin
  if {held} then
    raise exception 'still holds open rows' using errcode = '23514', constraint = 'kernel_may_leave';
  end if;
  return new;
end $$"""
    for column in sorted({_column(h) for h in holdings()}):
        yield f"""create or replace function kernel_present_{column}() returns trigger language plpgsql as $$
declare standing text;
begin
  if tg_op = 'UPDATE' then
    if old."{column}" is not distinct from new."{column}" then return new; end if;
  end if;
  select e.state into standing from "{member}" e where e.tenant_id = new.tenant_id and e.id = new."{column}" for key share;
  if standing in ({gone}) then
    raise exception 'this employee has left' using errcode = '23514', constraint = 'kernel_present';
  end if;
  return new;
end $$"""


def triggers(model):
    """{name: body} of the triggers a table needs for that."""
    out = {}
    if model is member_model():
        gone = ", ".join(map(_literal, gone_states()))
        out["kernel_may_leave"] = ("before update of state {on} for each row when (new.state in (" + gone + ") and old.state not in ("
                                   + gone + ")) execute function kernel_may_leave()")
    for h in holdings():
        if h.model is model:
            column = _column(h)
            out[f"kernel_present_{column}"] = (f'before insert or update of "{column}" ' + "{on} for each row when ("
                                               + f'new."{column}" is not null and {h.sql("new")}) execute function kernel_present_{column}()')
    return out


def _column(h):
    return h.model._meta.get_field(h.field).column


