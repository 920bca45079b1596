"""What headquarters prints on packages, and every label by which a name is found (BAS-03)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.models import Ordered, Record, Ref
from yiwei.kernel.records.scope import PUBLIC
from yiwei.kernel.records.tenancy.models import TenantModel

from .product import Category, Product

LABELS = r"""
create or replace function catalog_package_key(label text) returns text language sql immutable as $$
  select regexp_replace(lower(normalize(label, NFKC)), '[[:space:]·_/\\.,，、()\[\]【】#:：*×-]+', '', 'g');
$$;

create or replace function catalog_packagelabels() returns trigger language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  if tg_op <> 'INSERT' then
    delete from catalog_packagelabel where tenant_id = old.tenant_id and package_id = old.id;
  end if;
  if tg_op <> 'DELETE' and new.active then
    insert into catalog_packagelabel (tenant_id, package_id, key)
    select distinct new.tenant_id, new.id, catalog_package_key(label)
      from (select new.name as label union select regexp_split_to_table(new.aliases, '[,，、;；]+')) f
     where catalog_package_key(label) <> '';
  end if;
  return null;
end $$;
"""


class PackageName(Ordered):
    """A name headquarters prints on packages (总部供货包装名称): of which goods, whether an order waits for it, and its other names."""

    database_functions = LABELS
    triggers = {"catalog_packagelabels": "after insert or delete or update of name, aliases, active {on} for each row"
                                         " execute function catalog_packagelabels()"}

    name = models.CharField(_("package name"), max_length=60)
    category = Ref(Category, null=True, blank=True, verbose_name=_("category"))
    counts_for_kitting = models.BooleanField(_("counts for kitting"), default=True)
    install_critical = models.BooleanField(_("installation cannot do without"), default=True)
    aliases = models.CharField(_("aliases"), max_length=400, blank=True, default="", help_text=_(
        "As it is printed or scanned, several with a comma between them."))

    class Meta:
        verbose_name = _("HQ package name")
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="catalog_packagename_name")]

    def __str__(self):
        return self.name


class PackageLabel(TenantModel):
    """One label and what it means, kept by the database beside the package names: a label means one name."""

    audited = False
    written_by_trigger = True
    scope = PUBLIC

    package_id = models.BigIntegerField()
    key = models.CharField(max_length=100)

    class Meta:
        verbose_name = _("label of a package")
        constraints = [models.UniqueConstraint(fields=["tenant", "key"], name="catalog_packagelabel_key")]
        indexes = [models.Index(fields=["tenant", "package_id"], name="catalog_packagelabel_of")]


class ProductPart(Record):
    """A package in which a product comes, as headquarters names it, and how many of it (包装清单)."""

    scope = PUBLIC

    product = Ref(Product, related_name="parts", verbose_name=_("product"))
    package_name = Ref(PackageName, verbose_name=_("HQ package name"))
    count = models.PositiveIntegerField(_("packages"), default=1)

    class Meta:
        verbose_name = _("package of a product")
        constraints = [models.UniqueConstraint(fields=["tenant", "product", "package_name"], name="catalog_productpart_name"),
                       models.CheckConstraint(condition=models.Q(count__gt=0), name="catalog_productpart_count")]

    def __str__(self):
        return f"{self.package_name} × {self.count}"
