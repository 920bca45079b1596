"""A bank account that changes only by two persons: one asks, another calls back and confirms. The database insists on it.

A room declares its change as a model and the actions with it:

    class BankChange(AccountChange):
        holder = "supplier"
        supplier = Ref(Supplier, related_name="bank_changes", verbose_name=_("supplier"))
        triggers = guarded("supplier")

    ask, confirm, refuse = by_two(Supplier, BankChange, askers="purchaser accountant", deciders="accountant")

and `Supplier.triggers = account_by_two("catalog_supplier", "catalog_bankchange", "supplier")`.
"""

from django import forms
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.base.flow import DONE, FAILED, Flow, State
from yiwei.kernel.records.document import Record
from yiwei.kernel.records.scope import PUBLIC
from yiwei.kernel.records.tenancy.models import Ref

from .actions.action import MESSAGES, action

MESSAGES["kernel_two_persons"] = _("A change of bank account needs two persons.")
MESSAGES["_one_waiting"] = _("A change of this account is already waiting.")


class AccountChange(Record):
    """A new bank account of `holder` (the name of the reference): asked for by one, confirmed by another who has called back."""

    scope = PUBLIC
    holder = ""
    flow = Flow(
        states=(State("waiting", _("Waiting for a second person"), "orange"), State("confirmed", _("Confirmed"), "green", DONE),
                State("refused", _("Refused"), "red", FAILED)),
        moves={("waiting", "confirmed"), ("waiting", "refused")},
    )
    database_functions = """
create or replace function kernel_two_persons() returns trigger language plpgsql as $$
declare
  me bigint := nullif(current_setting('app.actor', true), '')::bigint;
  was jsonb; now_ jsonb := to_jsonb(new);
begin
  if tg_op = 'INSERT' then
    if new.state <> 'waiting' then
      raise exception 'a bank change starts waiting' using errcode = '23514', constraint = 'kernel_two_persons';
    end if;
    return new;
  end if;
  was := to_jsonb(old);
  if (now_ ->> tg_argv[0], new.account, new.created_by_id) is distinct from (was ->> tg_argv[0], old.account, old.created_by_id)
      or (old.state <> 'waiting' and (new.state, new.decided_by_id) is distinct from (old.state, old.decided_by_id)) then
    raise exception 'append-only: a bank change does not change' using errcode = '23514', constraint = 'kernel_two_persons';
  end if;
  if new.state = 'confirmed' and (new.created_by_id is null or new.decided_by_id is null
      or new.decided_by_id = new.created_by_id or new.decided_by_id is distinct from me) then
    raise exception 'a bank change needs two persons' using errcode = '23514', constraint = 'kernel_two_persons';
  end if;
  return new;
end $$;

create or replace function kernel_account_by_two() returns trigger language plpgsql as $$
declare
  last text;
begin
  execute format('select account from %I where tenant_id = $1 and %I = $2 and state = ''confirmed'' order by id desc limit 1',
                 tg_argv[0], tg_argv[1]) into last using new.tenant_id, new.id;
  if last is distinct from new.account then
    raise exception 'a bank change needs two persons' using errcode = '23514', constraint = 'kernel_two_persons';
  end if;
  return new;
end $$;
"""

    old_account = models.CharField(_("account so far"), max_length=120, blank=True, default="", editable=False)
    account = models.CharField(_("new bank account"), max_length=120)
    reason = models.CharField(_("how it was learned"), max_length=200)
    state = models.CharField(_("state"), max_length=12, default="waiting", editable=False)
    decided_by = Ref("org.Employee", null=True, editable=False, verbose_name=_("second person"))
    decided_at = models.DateTimeField(_("confirmed"), null=True, editable=False)
    called = models.CharField(_("called back to"), max_length=120, blank=True, default="", editable=False)

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.of} {self.created_at:%Y-%m-%d}"

    @property
    def of(self):
        """Whose account it is."""
        return getattr(self, self.holder)


def guarded(holder):
    """The triggers of a change model."""
    return {"kernel_two_persons": "before insert or update {on} for each row"
                                  f" execute function kernel_two_persons('{holder}_id')"}


def account_by_two(changes, holder):
    """The triggers of the model that has the account; `changes` is the table of its changes."""
    when = "when (new.account is distinct from old.account)"
    return {"kernel_account_by_two": f"before update of account {{on}} for each row {when}"
                                     f" execute function kernel_account_by_two('{changes}', '{holder}_id')"}


def rules(table, holder):
    """The constraints of a change model."""
    return [models.UniqueConstraint(fields=["tenant", holder], name=f"{table}_one_waiting", condition=models.Q(state="waiting")),
            models.CheckConstraint(condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("created_by")),
                                   name=f"{table}_other")]


def by_two(model, change, askers, deciders):
    """Declare asking on `model`, confirming and refusing on `change`. Returns the three actions."""

    def ask_bank(actor, obj, *, account, reason):
        """Ask for another bank account; payments go to the old one until somebody else has called back and confirmed."""
        account = account.strip()
        if account == obj.account:
            raise Invalid({"account": [__("This is the present account.")]})
        if change.objects.filter(**{change.holder: obj}, state="waiting").exists():
            raise Refused(__("A change of this account is already waiting."))
        change(old_account=obj.account, account=account, reason=reason, created_by_id=actor.id,
               **{change.holder: obj}).save(force_insert=True)

    def confirm(actor, row, *, called):
        """The second person has called back at a number known before; the account is changed."""
        row.decided_by_id, row.decided_at, row.called, row.state = actor.id, timezone.now(), called, "confirmed"
        row.save()
        obj = row.of
        obj.account = row.account
        obj.touch()
        obj.save()

    def refuse(actor, row, *, reason):
        """The old account stays; who asked may also take it back."""
        row.decided_at = timezone.now()
        if row.created_by_id != actor.id:
            row.decided_by_id = actor.id

    return (
        action(model, _("Change bank account"), verb="ask_bank", roles=askers, icon="building-bank", done=_("A second person must confirm it."),
               fields={"account": forms.CharField(label=_("New bank account"), max_length=120),
                       "reason": forms.CharField(label=_("How it was learned"), max_length=200)})(ask_bank),
        action(change, _("Confirm"), verb="confirm", approves=True, sources=("waiting",), target="confirmed", roles=deciders,
               style="success", icon="check",
               check=_another, done=_("The account is changed."), in_person=True,
               fields={"called": forms.CharField(label=_("Called back to"), max_length=120, help_text=_(
                   "The number known from before, not the one in the message."))})(confirm),
        action(change, _("Refuse"), verb="refuse", sources=("waiting",), target="refused", roles=askers, style="danger", icon="x",
               fields={"reason": forms.CharField(label=_("Reason"))})(refuse))


def by_another(actor, row, why):
    """Refused, for the reason in words, where who made the row would also make it valid."""
    if row.created_by_id == actor.id:
        raise Refused(why)


def _another(actor, row, data):
    by_another(actor, row, __("Somebody else must confirm what you asked for."))


def warning(obj, url):
    """A notice on the page of whoever has the account while a change waits."""
    if not obj.bank_changes.filter(state="waiting").exists():
        return []
    return [{"tone": "warning", "text": __("A change of the bank account waits for a second person; pay to the old one until then."),
             "url": f"{url}?state=waiting"}]
