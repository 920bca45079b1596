"""What waits for somebody: documents in a state that a right leads on."""

from django.db.models import Q

from yiwei.kernel.base import registry
from yiwei.kernel.records import scope


class Pending:
    """Documents that wait for somebody's action: the kernel's pending-work list.

    `Pending(Receipt, ("submitted",), "finance.receipt.store_approve", _("Receipts to check"))`
    """

    kinds = []

    def __init__(self, model, states, permission, label, *, people=None, tone="", condition=None, order=100):
        self.model, self.states, self.permission, self.label = model, states, permission, label
        self.people, self.tone, self.condition, self.order = people, tone, condition, order
        Pending.kinds.append(self)

    @classmethod
    def of(cls, model, actor):
        """What of a model waits for somebody with the actor's rights."""
        return [k for k in cls.kinds if k.model is model and actor.can(k.permission)]

    def where(self, actor):
        """Which rows wait for the actor."""
        found = Q(state__in=self.states) if self.states else Q()
        if self.people:
            found &= Q(**{self.people: actor.id})
        return found if self.condition is None else found & self.condition

    def rows(self, actor):
        return scope.rows(self.model, actor).filter(self.where(actor))

    @property
    def url(self):
        register = registry.register_of(self.model)
        query = f"?queue=waiting&state={','.join(self.states)}" if self.states else ""
        return register.url() + query if register else ""
