"""What follows by itself in customer work."""

from yiwei.kernel.work.handover import passing

from .models.customer import Customer, Handover


@passing(Customer, "owner")
def with_its_history(change, customers):
    """A customer whose owner leaves goes to the successor's outlet; the change is kept and performance counts from the day on."""
    Handover.objects.bulk_create([
        Handover(customer=c, before=change.member, after=change.successor, performance_from=change.day, reason=change.reason[:200],
                 created_by_id=change.actor.id) for c in customers])
    for customer in customers:
        customer.performance_from, customer.outlet_id = change.day, change.successor.outlet_id
    Customer.objects.bulk_update(customers, ["performance_from", "outlet"], batch_size=1000)
    return customers
