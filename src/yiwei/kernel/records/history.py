"""Every change of a business row, written by the database."""

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from .personal import mask_of, redacted
from .scope import PUBLIC
from .tenancy.guards import tenant_models
from .tenancy.models import TenantModel


class Change(TenantModel):
    """One insert, update or delete: changed columns before and after, who, through which action."""

    audited = False
    append_only = True
    written_by_trigger = True
    scope = PUBLIC

    table_name = models.CharField(_("table"), max_length=63)
    object_id = models.BigIntegerField(_("row"))
    op = models.CharField(_("operation"), max_length=1)
    at = models.DateTimeField(_("at"))
    actor_id = models.BigIntegerField(_("by"), null=True)
    action = models.CharField(_("action"), max_length=80, blank=True, default="")
    old = models.JSONField(_("before"), null=True)
    new = models.JSONField(_("after"), null=True)

    class Meta:
        db_table = "kernel_change"
        verbose_name = _("change")
        indexes = [models.Index(fields=["tenant", "table_name", "object_id"], name="kernel_change_row")]

    def __str__(self):
        return f"{self.what} {self.object_id}"

    @property
    def what(self):
        """The kind of row in words; the name of the table where it is no business row."""
        model = next((m for m in tenant_models() if m._meta.db_table == self.table_name), None)
        return capfirst(model._meta.verbose_name) if model else self.table_name

    def shown(self, values, actor):
        """`values` (old or new) as far as `actor` may see them: what is masked elsewhere is masked here."""
        if not values or not actor.masks:
            return values
        model = next((m for m in tenant_models() if m._meta.db_table == self.table_name), None)

        def hidden(name, value):
            mask = mask_of(model, name) if model else ""
            return isinstance(value, (dict, list)) or (mask and not actor.sees(mask))

        def told(name, value):
            return "***" if value and hidden(name, value) else redacted(value, actor) if isinstance(value, str) else value

        return {name: told(name, value) for name, value in values.items()}
