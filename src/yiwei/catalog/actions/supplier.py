"""The bank account of a supplier changes only by two persons; whom to ask there (BAS-12)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Lines
from yiwei.kernel.work.dual_control import by_two

from ..models.product import Supplier
from ..models.supplier import BankChange, SupplierContact

ASKERS = "purchaser finance_manager accountant general_manager"
DECIDERS = "finance_manager accountant general_manager"


ask_bank, confirm, refuse = by_two(Supplier, BankChange, ASKERS, DECIDERS)


@action(Supplier, _("Edit contacts"), verb="contacts", roles="purchaser general_manager tenant_admin", icon="address-book", done=_("Saved."),
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
