"""The same telephone twice in one dealer: refused, without telling strangers whose customer it is."""

from django.utils.translation import gettext as _

from yiwei.kernel import scope
from yiwei.kernel.action.errors import Invalid
from yiwei.kernel.notify.send import tell
from yiwei.kernel.search import kind_of
from yiwei.kernel.search.models import SearchKey

from .models.customer import Customer

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
    for field in PHONES:
        for other in holders([data.get(field)], exclude)[:1]:
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
        tell([other.owner_id], _("Your customer %(customer)s was met by another colleague.") % {
            "customer": other.name}, other)
