"""Products with their grades, categories, styles and suppliers (BAS-01, -02, -07, -12)."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.models import BaseData, Ordered, Ref
from yiwei.kernel.records import personal
from yiwei.kernel.work.dual_control import account_by_two


class Grade(Ordered):
    """Product grade (产品品级): shifts discount floors, commission and rebate."""

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=60)
    floor_shift = models.DecimalField(_("discount floor shift"), max_digits=5, decimal_places=4, default=0)
    commission_factor = models.DecimalField(_("commission factor"), max_digits=6, decimal_places=4, default=1)
    rebate_factor = models.DecimalField(_("rebate factor"), max_digits=6, decimal_places=4, default=1)

    class Meta:
        verbose_name = _("product grade")
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="catalog_grade_code")]

    def __str__(self):
        return self.name


CATEGORY_MODULES = [("cabinet", _("Cabinets")), ("wardrobe", _("Wardrobes")), ("door", _("Wooden doors")),
                    ("furniture", _("Finished furniture")), ("attached", _("Attached goods"))]


class Category(Ordered):
    """A product category (品类): cabinets, wardrobes, doors, finished furniture, attached goods."""

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=60)
    group = models.CharField(_("group"), max_length=12, choices=CATEGORY_MODULES, default="attached")
    parent = Ref("self", null=True, blank=True, verbose_name=_("part of"))

    class Meta:
        verbose_name = _("category")
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="catalog_category_name")]

    def __str__(self):
        return self.name


class Supplier(BaseData):
    """Who delivers goods or work: headquarters, factories, carriers, crew firms (供应商)."""

    personal = {"phone": personal.PHONE}
    search = {"name": "name", "code": "code"}
    masked = {"account": "cost"}
    triggers = account_by_two("catalog_bankchange", "supplier")

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=12, default="factory", choices=[
        ("hq", _("Headquarters")), ("factory", _("Factory")), ("carrier", _("Carrier")), ("crew", _("Crew firm"))])
    lead_days = models.PositiveIntegerField(_("lead days"), default=30)
    contact = models.CharField(_("contact"), max_length=60, blank=True, default="")
    phone = models.CharField(_("phone"), max_length=30, blank=True, default="")
    account = models.CharField(_("bank account"), max_length=120, blank=True, default="")
    tax_number = models.CharField(_("tax number"), max_length=40, blank=True, default="")
    terms_days = models.PositiveIntegerField(_("payment term, days"), default=30)
    terms = models.CharField(_("payment terms"), max_length=12, default="monthly", choices=[
        ("prepaid", _("Prepaid")), ("cash", _("Cash on delivery")), ("monthly", _("Monthly")), ("quarterly", _("Quarterly"))])
    score = models.PositiveSmallIntegerField(_("score"), null=True, blank=True, help_text=_("0 to 100, given by purchasing"))

    class Meta:
        verbose_name = _("supplier")
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="catalog_supplier_code"),
                       models.UniqueConstraint(fields=["tenant", "name"], name="catalog_supplier_name")]

    def __str__(self):
        return self.name


METHODS = [("unit", _("By piece")), ("area", _("Projected area ㎡")), ("unfolded", _("Unfolded area ㎡")),
           ("metre", _("Running metre")), ("cabinet", _("Unit cabinet")), ("set", _("By set"))]
SIZED = {"area", "metre"}  # methods whose quantity follows from the size
class Product(BaseData):
    """What is sold (产品). `list_price` is the retail price, `dealer_price` what the supplier charges."""

    search = {"code": "code", "factory_code": "code", "name": "text", "style": "name"}
    masked = {"dealer_price": "cost"}

    code = models.CharField(_("product code"), max_length=40)
    factory_code = models.CharField(_("factory code"), max_length=40, blank=True, default="")
    name = models.CharField(_("name"), max_length=120)
    brand = models.CharField(_("brand"), max_length=40)
    category = Ref(Category, verbose_name=_("category"))
    series = models.CharField(_("series"), max_length=40, blank=True, default="")
    style = models.CharField(_("style"), max_length=40, blank=True, default="")
    grade = Ref(Grade, null=True, blank=True, verbose_name=_("product grade"))
    spec = models.CharField(_("specification"), max_length=60, blank=True, default="")
    material = models.CharField(_("material"), max_length=60, blank=True, default="")
    color = models.CharField(_("colour"), max_length=40, blank=True, default="")
    unit = models.CharField(_("unit"), max_length=10, default="件")
    method = models.CharField(_("pricing method"), max_length=10, choices=METHODS, default="unit")
    least = models.DecimalField(_("least quantity charged"), max_digits=10, decimal_places=3, default=0,
                                help_text=_("Per piece, in the unit of the pricing method"))
    width_min = models.PositiveIntegerField(_("width from, mm"), null=True, blank=True)
    width_max = models.PositiveIntegerField(_("width to, mm"), null=True, blank=True)
    height_min = models.PositiveIntegerField(_("height from, mm"), null=True, blank=True)
    height_max = models.PositiveIntegerField(_("height to, mm"), null=True, blank=True)
    depth_min = models.PositiveIntegerField(_("depth from, mm"), null=True, blank=True)
    depth_max = models.PositiveIntegerField(_("depth to, mm"), null=True, blank=True)
    list_price = models.DecimalField(_("list price"), max_digits=14, decimal_places=2)
    dealer_price = models.DecimalField(_("dealer price"), max_digits=14, decimal_places=2, default=0)
    guide_price = models.DecimalField(_("HQ retail guide price"), max_digits=14, decimal_places=2, null=True, blank=True)
    supplier = Ref(Supplier, null=True, blank=True, verbose_name=_("supplier"))
    package_name = Ref("catalog.PackageName", null=True, blank=True, verbose_name=_("HQ package name"))
    custom = models.BooleanField(_("made to order"), default=True)
    outsourced = models.BooleanField(_("outsourced"), default=False)
    lead_days = models.PositiveIntegerField(_("lead days"), default=30)
    warranty_months = models.PositiveIntegerField(_("warranty, months"), default=12)

    class Meta:
        verbose_name = _("product")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="catalog_product_code"),
            *(models.CheckConstraint(condition=models.Q(**{f"{n}_min__isnull": True}) | models.Q(**{f"{n}_max__isnull": True})
                                     | models.Q(**{f"{n}_min__lte": models.F(f"{n}_max")}), name=f"catalog_product_{n}")
              for n in ("width", "height", "depth")),
            models.CheckConstraint(condition=models.Q(list_price__gte=0, dealer_price__gte=0),
                                   name="catalog_product_price"),
        ]
        indexes = [models.Index(fields=["tenant", "category", "id"], name="catalog_product_category")]

    def __str__(self):
        return f"{self.name} {self.code}"

    def extra_search_keys(self):
        from yiwei.kernel.records.search import keys_of
        return {k for a in StyleAlias.on(timezone.localdate()).filter(style=self.style, brand=self.brand)
                for k in keys_of("name", a.alias)} if self.style and self.pk else set()


class StyleAlias(BaseData):
    """Another name of a style (款型别名), valid in a period; resolved wherever a style is typed."""

    search = {"alias": "name", "style": "name"}

    brand = models.CharField(_("brand"), max_length=40)
    style = models.CharField(_("style"), max_length=40)
    alias = models.CharField(_("alias"), max_length=40)
    kind = models.CharField(_("kind"), max_length=12, default="store", choices=[
        ("factory", _("Factory name")), ("marketing", _("Marketing name")), ("old", _("Old name")),
        ("store", _("Store name"))])
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("style alias")
        indexes = [models.Index(fields=["tenant", "brand", "alias"], name="catalog_stylealias_alias"),
                   models.Index(fields=["tenant", "brand", "style"], name="catalog_stylealias_style")]
        constraints = [models.CheckConstraint(condition=models.Q(valid_to__isnull=True) | models.Q(valid_from__isnull=True)
                                              | models.Q(valid_to__gte=models.F("valid_from")), name="catalog_stylealias_days")]

    def __str__(self):
        return f"{self.alias} = {self.style}"

    @classmethod
    def on(cls, day):
        """The aliases that hold on a day."""
        return cls.objects.filter(models.Q(valid_from__isnull=True) | models.Q(valid_from__lte=day),
                                  models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=day), active=True)
