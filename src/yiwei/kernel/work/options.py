"""What a dealer may set for the whole house (SYS-04): declared where it is used, with the value the house comes with."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base import registry
from yiwei.kernel.records.document import Record
from yiwei.kernel.records.scope import PUBLIC
from yiwei.kernel.records.tenancy import context

OPTIONS = {}


class Option:
    """A number a dealer may set: `QUOTA = Option("pool_claims_per_day", _("…"), 5)`, read by `QUOTA.value()`."""

    def __init__(self, name, label, default, *, low=0, high=3650):
        self.name, self.label, self.default, self.low, self.high = name, label, default, low, high
        registry.add(OPTIONS, name, self)

    def value(self):
        found = Parameter.objects.filter(name=self.name).values_list("value", flat=True).first()
        return self.default if found is None else found


class Parameter(Record):
    """A dealer's own value of an option."""

    scope = PUBLIC

    name = models.CharField(_("parameter"), max_length=40, editable=False)
    value = models.PositiveIntegerField(_("number set"))

    class Meta:
        verbose_name = _("parameter")
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="kernel_parameter_name")]

    def __str__(self):
        return str(self.label)

    @property
    def option(self):
        return OPTIONS.get(self.name)

    @property
    def label(self):
        return self.option.label if self.option else self.name

    @property
    def default(self):
        return self.option.default if self.option else None


def ensure():
    """A row for every option that is declared, so that the list shows them all; nothing is written where somebody only reads."""
    if not context.current().operator:
        missing = set(OPTIONS) - set(Parameter.objects.values_list("name", flat=True))
        Parameter.objects.bulk_create([Parameter(name=n, value=OPTIONS[n].default) for n in OPTIONS if n in missing],
                                      ignore_conflicts=True)
