"""A real customer to try texts with."""

from yiwei.catalog.rules.occasions import sampler
from yiwei.kernel.records import scope

from ..models.customer import Customer


@sampler
def somebody(actor):
    """The newest customer the actor may see."""
    found = list(scope.rows(Customer, actor).order_by("-id").values_list("name", flat=True)[:1])
    return {"customer": found[0]} if found else {}
