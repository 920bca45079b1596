"""The same household twice in one dealer: a telephone is refused, a house is asked about; strangers hear nothing of whose customer it is.

What else may be the same household is told by the room of filings, whose matcher compares everything (`matcher`).
"""

from django.utils.translation import gettext as _

from yiwei.crm.models.customer import Customer
from yiwei.kernel.base import directory, registry
from yiwei.kernel.base.errors import Invalid
from yiwei.kernel.base.message import Message
from yiwei.kernel.records import scope, search
from yiwei.kernel.records.search import kind_of
from yiwei.kernel.records.search.models import SearchKey
from yiwei.kernel.work.notify.send import tell

MATCHERS = []
PHONES = ("phone", "spare_phone", "joint_phone")


def holders(phones, exclude=None):
    """Customers of the whole dealer that bear one of these numbers, oldest first."""
    phones = [p for p in phones if p]
    if not phones:
        return []
    ids = SearchKey.objects.filter(kind=kind_of(Customer), key__in=phones).values_list("object_id", flat=True)
    rows = Customer.objects.filter(pk__in=list(ids)[:50]).exclude(state="invalid")
    if exclude is not None:
        rows = rows.exclude(pk=exclude.pk)
    found = [c for c in rows.select_related("owner", "outlet", "merged_into__owner", "merged_into__outlet").order_by("id")
             if set(c.phones) & set(phones)]
    bearers = {c.pk: c for c in map(living, found)}
    return [c for c in bearers.values() if exclude is None or c.pk != exclude.pk]


def living(customer):
    """The customer into whom this one was merged, in the end."""
    while customer.merged_into_id:
        customer = customer.merged_into
    return customer


def refuse(actor, data, exclude=None):
    """Raise where a number is taken: with owner and number for those who may see the row, else without."""
    numbers = {field: (data.get(field) or "").split("、") for field in (*PHONES, "more_phones")}
    search.hold({f"phone:{p}" for some in numbers.values() for p in some if p})
    for field, some in numbers.items():
        for other in holders(some, exclude)[:1]:
            raise Invalid({field: [describe(actor, other)]})


def describe(actor, other):
    """Why the number cannot be used, as much as `actor` may know."""
    if scope.visible(actor, other):
        return _("This phone belongs to %(customer)s (%(number)s), owner %(owner)s.") % {
            "customer": other.name, "number": other.number, "owner": other.owner or _("public pool")}
    return _("This phone is already registered with the company. Ask your manager.")


def alert(actor, other):
    """Tell the owner that somebody met the customer elsewhere; nothing is said to the other side."""
    if other.owner_id and other.owner_id != actor.id:
        tell([other.owner_id], Message("Your customer %(customer)s was met by another colleague.") % {
            "customer": other.name}, other)


def matcher(fn):
    """Register what compares households: `fn(customer, houses)` gives [(other customer, strength, why)], the most telling first; `houses`
    are those about to be saved, None those that are there."""
    MATCHERS.append(fn)
    return fn


def alike(customer, houses=None):
    """Customers of the whole dealer who may be the same household, the most telling first."""
    return [hit for fn in MATCHERS for hit in fn(customer, houses)]


def ask(actor, customer, house, anyway):
    """The same house under another name is a question to who sees that entry. Those whom the actor may not see, for `report`."""
    found = [(other, why) for other, strength, why in alike(customer, [house]) if strength in ("certain", "strong")] if house else []
    for other, why in found:
        if not anyway and scope.visible(actor, other):
            raise Invalid({"anyway": [_("This looks like %(customer)s (%(number)s), owner %(owner)s: %(why)s. Open that entry, or tick here if it is"
                                        " another household.") % {"customer": other.name, "number": other.number, "why": why,
                                                                  "owner": other.owner or _("public pool")}]})
    return [other for other, _why in found if not scope.visible(actor, other)]


def report(actor, customer, hidden):
    """Of a household that another outlet has too the directors hear, and nobody else."""
    if hidden:
        chiefs = {c for o in (customer.outlet_id, hidden[0].outlet_id) for c in directory.holders(["region_director"], o)}
        tell(chiefs - {actor.id}, Message("%(number)s may be entered in another outlet already: see “Perhaps the same household” on its page.") % {
            "number": customer.number}, customer)


def context(actor, customer, params):
    """The tab for who keeps customers in order: those whom the actor may see."""
    register = registry.register_of(Customer)
    return {"alike": [{"title": other.as_choice(), "url": register.url("detail", other.pk), "owner": other.owner or _("public pool"),
                       "outlet": other.outlet, "since": other.created_at, "strength": strength, "why": why}
                      for other, strength, why in alike(customer) if scope.visible(actor, other)]}
