"""What filings learn from the showroom by themselves."""

from django.db.models import Min, Q
from django.utils import timezone

from yiwei.crm.actions import customer as customers
from yiwei.crm.actions import visit as visits
from yiwei.crm.hooks.claims import filed
from yiwei.crm.models.customer import Customer
from yiwei.crm.models.traffic import Visit
from yiwei.crm.rules import duplicates
from yiwei.kernel.base.message import Message
from yiwei.kernel.work.notify.send import tell
from yiwei.kernel.work.reaction import after

from .actions.filing import approve, joint, visited
from .actions.person import begin
from .hooks import alike
from .models.filing import Filing
from .rules import evidence

duplicates.matcher(alike.households)


@after(customers.create)
def a_filed_customer_has_come(actor, customer, data):
    """A new customer whom an approved filing names: the filing is visited and the source fixed."""
    _meet(actor, customer)


@filed
def a_living_filing_names(customer):
    """Whether a filing under review or in force means this customer."""
    return any(_claims(customer, Filing.objects.filter(state__in=("submitted", "held", *Filing.GOOD))))


@after(visits.register, visits.edit)
def a_filed_visitor_stands_at_the_door(actor, visit, data):
    """A visitor whom a filing in force names by telephone has visited, whether or not a customer is made of it; the guide hears the source."""
    if not visit.phone:
        return
    ids = evidence.SearchKey.objects.filter(kind="filing_filing", key=f"m-phone:{visit.phone}").values("object_id")
    mine = Q(pk__in=ids) | Q(customer=visit.customer_id) if visit.customer_id else Q(pk__in=ids)
    who = visit.customer or visit
    for filing in _in_force().filter(mine, filed_at__lte=visit.at).select_related("partner"):
        known = filing.customer_id is not None and filing.customer_id == visit.customer_id
        if not known and not any(o == who and c.strength == "certain" for o, c in evidence.candidates(filing, context=False)):
            continue
        visited(actor, filing, customer=visit.customer or filing.customer, visit=visit, at=visit.at)
        tell({visit.owner_id}, Message("This visitor was filed by %(partner)s: %(number)s.") % {
            "partner": filing.partner, "number": filing.number}, visit)


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


def _meet(actor, customer):
    """The first filing that surely means a new customer is this customer's; it has visited, if it had not at the door."""
    waiting = Filing.objects.filter(state__in=("approved", "visited"), protected_until__gt=timezone.now(), customer=None)
    for filing in _claims(customer, waiting):
        if filing.state == "approved":
            visited(actor, filing, customer=customer, at=came_at(customer, filing))
        else:
            filing.customer = customer
            filing.touch()
            filing.save()
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
