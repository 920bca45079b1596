"""The bank account of a supplier changes only by two persons; whom to ask there (BAS-12)."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.action.core import MESSAGES, action
from yiwei.kernel.action.errors import Invalid, Refused
from yiwei.kernel.action.fields import Lines

from ..models.product import Supplier
from ..models.supplier import BankChange, SupplierContact

ASKERS = "purchaser finance_manager accountant general_manager"
DECIDERS = "finance_manager accountant general_manager"
MESSAGES["catalog_bankchange_two"] = _("A change of bank account needs two persons.")
MESSAGES["catalog_bankchange_one_waiting"] = _("A change of this supplier's account is already waiting.")


@action(Supplier, _("Change bank account"), verb="ask_bank", roles=ASKERS, icon="building-bank",
        fields={"account": forms.CharField(label=_("New bank account"), max_length=120),
                "reason": forms.CharField(label=_("How it was learned"), max_length=200)},
        done=_("A second person must confirm it."))
def ask_bank(actor, supplier, *, account, reason):
    """Ask for another bank account; payments go to the old one until somebody else has called back and confirmed."""
    if account.strip() == supplier.account:
        raise Invalid({"account": [__("This is the present account.")]})
    if BankChange.objects.filter(supplier=supplier, state="waiting").exists():
        raise Refused(__("A change of this supplier's account is already waiting."))
    BankChange(supplier=supplier, old_account=supplier.account, account=account.strip(), reason=reason,
               created_by_id=actor.id).save(force_insert=True)


def _other(actor, change, data):
    if change.created_by_id == actor.id:
        raise Refused(__("Somebody else must confirm what you asked for."))


@action(BankChange, _("Confirm"), verb="confirm", sources=("waiting",), target="confirmed", roles=DECIDERS, style="success", icon="check",
        check=_other, fields={"called": forms.CharField(label=_("Called back to"), max_length=120, help_text=_(
            "The number known from before, not the one in the message."))}, done=_("The account is changed."))
def confirm(actor, change, *, called):
    """The second person has called back at a number known before; the account is changed."""
    change.decided_by_id, change.decided_at, change.called, change.state = actor.id, timezone.now(), called, "confirmed"
    change.save()
    supplier = change.supplier
    supplier.account = change.account
    supplier.touch()
    supplier.save()
    change.state = "confirmed"


@action(BankChange, _("Refuse"), verb="refuse", sources=("waiting",), target="refused", roles=f"{ASKERS}", style="danger", icon="x",
        fields={"reason": forms.CharField(label=_("Reason"))})
def refuse(actor, change, *, reason):
    """The old account stays; who asked may also take it back."""
    change.decided_at = timezone.now()
    if change.created_by_id != actor.id:
        change.decided_by_id = actor.id


@action(Supplier, _("Contacts"), verb="contacts", roles="purchaser general_manager tenant_admin", icon="address-book", done=_("Saved."),
        initial=lambda actor, s: {"contacts": [{"purpose": c.purpose, "name": c.name, "phone": c.phone, "remark": c.remark}
                                               for c in s.contacts.filter(active=True).order_by("id")] if actor.sees("phone") else []},
        show=lambda actor, s: actor.sees("phone"),
        fields=lambda actor, obj=None: {"contacts": Lines({
            "purpose": forms.ChoiceField(label=_("for"), choices=SupplierContact._meta.get_field("purpose").choices),
            "name": forms.CharField(label=_("Name"), max_length=60), "phone": forms.CharField(label=_("Phone"), required=False, max_length=30),
            "remark": forms.CharField(label=_("Remark"), required=False, max_length=200)}, label=_("Contacts"), required=False)})
def contacts(actor, supplier, *, contacts):
    """Whom to call for orders, claims, accounts and delivery."""
    supplier.contacts.all().delete()
    SupplierContact.objects.bulk_create([SupplierContact(supplier=supplier, created_by_id=actor.id, **c) for c in contacts])
