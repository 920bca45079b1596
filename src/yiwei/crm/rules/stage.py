"""How a customer's stage and contact dates follow from events. Nothing else moves them."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.crm.models.customer import FORWARD, Customer
from yiwei.kernel.records import search
from yiwei.kernel.records.document import TOLD, log

SELLING = FORWARD[:5]
OPEN = FORWARD
SIGNED = FORWARD[5:]
STAGE = "crm.customer.stage"
TOLD[STAGE] = _("Stage reached")


def locked(customer):
    """The customer's row, held until the transaction ends."""
    return Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)


def advance(actor, customer, stage, cause=""):
    """Bring a customer forward to `stage`; an event behind the present stage changes nothing."""
    row = locked(customer)
    before = row.state
    if before in FORWARD and FORWARD.index(stage) <= FORWARD.index(before):
        return False
    if not row.reach(stage):
        return False
    _moved(actor, row, before, cause)
    customer.state, customer.version = row.state, row.version
    return True


def _moved(actor, row, before, cause):
    """Save the stage and tell it on the timeline."""
    row.touch()
    row.save()
    log(actor, row, STAGE, text=str(cause), from_state=before, to_state=row.state)


def withdraw(actor, customer_id, stages, cause=""):
    """Nothing is left of what the customer had ordered: from one of these stages the customer becomes cancelled."""
    row = locked(Customer(pk=customer_id))
    before = row.state
    if before not in stages or not row.reach("cancelled"):
        return False
    _moved(actor, row, before, cause)
    return True


def contacted(customer, at=None, next_on=None):
    """Note a contact with the customer and when the next one is due."""
    row = locked(customer)
    row.last_contact = max(filter(None, (row.last_contact, at or timezone.now())))
    row.next_contact = next_on or next_planned(row)
    row.touch()
    row.save()


def planned(customer):
    """Bring the customer's next contact up to date after a plan was made, done or dropped."""
    row = locked(customer)
    wanted = next_planned(row)
    if wanted != row.next_contact:
        row.next_contact = wanted
        row.touch()
        row.save()


def next_planned(customer):
    """The day of the first contact planned with a customer, or None."""
    return customer.follow_ups.filter(state="planned").order_by("due_on").values_list("due_on", flat=True).first()


def reindex(customer):
    """Bring the search keys of a customer up to date after its houses changed."""
    search.index(customer)
