"""What filings learn from the showroom by themselves."""

from django.db.models import Min, Q
from django.utils import timezone

from yiwei.crm import duplicates
from yiwei.crm.actions import customer as customers
from yiwei.crm.actions import visit as visits
from yiwei.crm.claims import filed
from yiwei.crm.models.customer import Customer
from yiwei.crm.models.traffic import Visit
from yiwei.kernel.reaction import after

from . import alike, evidence
from .actions.filing import approve, joint, visited
from .actions.person import begin
from .models.filing import Filing

duplicates.matcher(alike.households)


@after(customers.create)
def a_filed_customer_has_come(actor, customer, data):
    """A new customer whom an approved filing names: the filing is visited and the source fixed."""
    _meet(actor, customer, None)


@filed
def a_living_filing_names(customer):
    """Whether a filing under review or in force means this customer."""
    return any(_claims(customer, Filing.objects.filter(state__in=("submitted", "held", *Filing.GOOD))))


@after(visits.register)
def a_known_customer_has_come(actor, visit, data):
    """A visitor recognised as a customer of an approved filing."""
    if visit.customer_id:
        for filing in _in_force().filter(customer_id=visit.customer_id):
            visited(actor, filing, customer=visit.customer, visit=visit, at=visit.at)


def _in_force():
    return Filing.objects.filter(state="approved", protected_until__gt=timezone.now())


def _claims(customer, filings):
    """Those of `filings`, oldest first, that surely mean this customer."""
    mine = evidence.keys_of(customer, context=False)
    ids = evidence.SearchKey.objects.filter(kind="filing_filing", key__in=sorted(mine)).values("object_id")
    for filing in filings.filter(pk__in=ids).select_related("partner").order_by("filed_at")[:20]:
        against = {o.pk: c for o, c in evidence.candidates(filing, context=False) if isinstance(o, Customer)}
        found = against.get(customer.pk)
        if found is not None and found.strength in ("certain", "strong"):
            yield filing


def came_at(customer, filing):
    """When the customer first came after the filing, as counted at the door; else when entered."""
    visits = Visit.objects.filter(Q(customer=customer) | Q(phone__in=customer.phones), at__gte=filing.filed_at or customer.created_at)
    return visits.aggregate(at=Min("at"))["at"] or customer.created_at


def _meet(actor, customer, visit):
    for filing in _claims(customer, _in_force().filter(customer=None)):
        visited(actor, filing, customer=customer, visit=visit, at=came_at(customer, filing))
        Customer.objects.filter(pk=customer.pk).update(channel_text=str(filing.partner)[:80])
        return


@after(approve, joint)
def a_customer_had_come_meanwhile(actor, filing, data):
    """Who came between the filing and its approval has visited: the source is fixed, and the minutes from filing to visit count."""
    customer = filing.customer
    if filing.state != "approved" or customer is None or filing.filed_at is None or customer.created_at < filing.filed_at:
        return
    if Visit.objects.filter(customer=customer, at__lt=filing.filed_at).exists():
        return
    visited(actor, filing, customer=customer, at=came_at(customer, filing))
    Customer.objects.filter(pk=customer.pk).update(channel_text=str(filing.partner)[:80])


@after(approve, joint)
def a_designer_begins(actor, filing, data):
    """The first filing in force makes an approved designer an active one (BAS-11)."""
    person = filing.outside_designer
    if person is not None and person.state == "approved":
        begin(actor, person)
