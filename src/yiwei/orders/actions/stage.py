"""A customer's stage follows from the orders (O1): to be installed, installed, cancelled."""

from yiwei.crm.models.customer import Customer
from yiwei.crm.rules import stage

from ..models.contract import SubContract

HERE = {"arrived", "delivering", "installing"}   # the goods are here, or on their way to the house
DONE = {"completed", "closed"}
UNDER_WAY = ("to_pay", "ordered", "to_install")  # stages that end when nothing of the orders is left


def follow(actor, customer_id, cause=""):
    """Bring the customer to the stage that all his signed orders have reached; nothing moves backwards."""
    states = set(SubContract.objects.filter(contract__customer_id=customer_id).exclude(contract__state="draft").values_list("state", flat=True))
    live, customer = states - {"cancelled"}, Customer(pk=customer_id)
    if live and live <= DONE:
        return stage.advance(actor, customer, "installed", cause)
    if live and live <= HERE | DONE:
        return stage.advance(actor, customer, "to_install", cause)
    if states and not live:
        return stage.withdraw(actor, customer_id, UNDER_WAY, cause)
    return False
