"""The tenant and the base of every row that belongs to one."""

from django.db import models
from django.db.models.expressions import Expression
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from . import context


class Tenant(models.Model):
    """One dealer. `settings` holds what the dealer may set for the whole house."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    time_zone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai")
    settings = models.JSONField(_("settings"), default=dict, blank=True)
    active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("dealer")
        verbose_name_plural = _("dealers")

    def __str__(self):
        return self.name


class HouseModel(models.Model):
    """Base of a row that belongs to the platform and to no dealer: the database shows it only to the platform's own work."""

    audited = False
    append_only = False
    flow = None
    fence = "coalesce(current_setting('app.operator', true), '') <> ''"

    class Meta:
        abstract = True


class CurrentTenant(Expression):
    """The tenant in force when the statement is compiled; NULL, hence no row, where there is none."""

    output_field = models.BigIntegerField()

    def as_sql(self, compiler, connection):
        return "%s", [context.tenant_id()]

    def __eq__(self, other):
        return isinstance(other, CurrentTenant)

    def __hash__(self):
        return hash(CurrentTenant)

    def resolve_expression(self, *args, **kwargs):
        return self


class TenantManager(models.Manager):
    """The first fence: nothing outside the tenant in force is ever asked for."""

    def get_queryset(self):
        return super().get_queryset().filter(tenant_id=CurrentTenant())


class Ref(models.ForeignKey):
    """A reference inside one tenant. The guards add the composite key (tenant, id) and its index."""

    def __init__(self, to, on_delete=models.PROTECT, **kwargs):
        kwargs.setdefault("db_constraint", False)
        kwargs.setdefault("db_index", False)
        kwargs.setdefault("related_name", "+")
        super().__init__(to, on_delete, **kwargs)

    def get_extra_restriction(self, alias, related_alias):
        """Every join says that both rows are of one tenant: on a cluster it then stays on one node."""
        if alias is None or related_alias is None:
            return None
        mine, other = self.model._meta.get_field("tenant"), self.related_model._meta.get_field("tenant")
        return Exact(other.get_col(alias), mine.get_col(related_alias))

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        kwargs["db_constraint"] = False
        kwargs["db_index"] = False
        return name, "yiwei.kernel.models.Ref", args, kwargs


class TenantModel(models.Model):
    """Base of every row that belongs to a tenant.

    Class attributes read by the guards: `audited` (changes kept by trigger), `append_only` (the database
    refuses UPDATE and DELETE), `flow` (moves of `state` checked by trigger).
    `scope` says who sees the rows, `masked` names the fields that some positions do not see,
    `personal` those that say something of a person (`records/personal.py`).
    `held` says what becomes of references to employees when one leaves (`kernel/records/holdings.py`).
    `triggers` ({name: body}) and `database_functions` (SQL) are further rules of the table, `written_by_trigger` takes writing from
    the application's role. `search_related` is what reading the search keys needs fetched along; `choosable` (a Q) narrows pickers.
    """

    audited = True
    append_only = False
    flow = None
    scope = None
    masked = {}
    personal = {}
    search = {}
    held = {}
    triggers = {}
    database_functions = ""
    written_by_trigger = False
    search_related = ()
    choosable = None

    # no constraint of the database: the tenant is looked up once a transaction (context.entered), not once a row
    tenant = models.ForeignKey(
        Tenant, models.PROTECT, db_index=False, db_constraint=False, editable=False, related_name="+", default=context.tenant_id,
    )

    objects = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def as_choice(self):
        """How the row reads among others in a picker."""
        return str(self)
