"""Price lists: made, filled, published, replaced by a new version, withdrawn (BAS-02)."""

from datetime import date, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.base.money import round2
from yiwei.kernel.work.actions.action import MESSAGES, action
from yiwei.kernel.work.actions.fields import Lines, Pick, model_fields

from ..models.price import PriceList, PriceListLine
from ..models.product import Product
from .product import KEEPERS

HEAD = ("code", "name", "brand", "region", "outlet", "valid_from", "valid_to", "remark")
MESSAGES["catalog_pricelist_overlap"] = _("Another published price list holds for the same place and brand on some of these days.")
MESSAGES["catalog_pricelist_frozen"] = _("A published price list does not change any more; make a new version.")


def _sane(data, price_list=None):
    if data["region"] and data["outlet"]:
        raise Invalid({"outlet": [__("Either a region or an outlet.")]})
    if data["valid_to"] and data["valid_to"] < data["valid_from"]:
        raise Invalid({"valid_to": [__("The last day lies before the first.")]})
    revision = price_list.revision if price_list else 1
    same = PriceList.objects.filter(code=data["code"], revision=revision)
    if (same.exclude(pk=price_list.pk) if price_list else same).exists():
        raise Invalid({"code": [__("This %(label)s is already in use.") % {"label": __("price list code")}]})


@action(PriceList, _("New price list"), verb="create", creates=True, roles=KEEPERS, icon="plus", style="primary",
        fields=lambda actor, obj=None: model_fields(PriceList, HEAD), done=_("Drafted. Fill in the prices, then publish it."))
def create(actor, **data):
    """Draft a price list for the company, a region or an outlet, of one brand or all."""
    _sane(data)
    made = PriceList(created_by_id=actor.id, **data)
    made.save(force_insert=True)
    return made


@action(PriceList, _("Edit"), verb="edit", sources=("draft",), roles=KEEPERS, icon="pencil", done=_("Saved."),
        initial=lambda actor, p: {n: getattr(p, n) for n in HEAD},
        fields=lambda actor, obj=None: model_fields(PriceList, HEAD))
def edit(actor, price_list, **data):
    """Change the head of a draft."""
    _sane(data, price_list)
    for name, value in data.items():
        setattr(price_list, name, value)


@action(PriceList, _("Set prices"), verb="set_prices", sources=("draft",), roles=KEEPERS, icon="table", style="primary",
        done=_("Prices set."), fields=lambda actor, obj=None: {"lines": Lines({
            "product": Pick(Product, label=_("Product")),
            "list_price": forms.DecimalField(label=_("List price"), min_value=0, max_digits=14, decimal_places=2),
            "dealer_price": forms.DecimalField(label=_("Dealer price"), required=False, min_value=0, max_digits=14, decimal_places=2),
        }, label=_("Prices"), minimum=1, help_text=_("Products already in the list get the new price."))})
def set_prices(actor, price_list, *, lines):
    """Put products with their prices into a draft."""
    wrong = {f"lines.{n}.product": [__("%(brand)s is another brand than the list's.") % {"brand": ln["product"].brand}]
             for n, ln in enumerate(lines) if price_list.brand and ln["product"].brand != price_list.brand}
    wrong |= {f"lines.{n}.dealer_price": [__("Above the list price.")] for n, ln in enumerate(lines)
              if ln["dealer_price"] is not None and ln["dealer_price"] > ln["list_price"]}
    if wrong:
        raise Invalid({"lines": [__("Some lines need correction.")], **wrong})
    new = {ln["product"].pk: ln for ln in lines}
    price_list.lines.filter(product_id__in=new).delete()
    PriceListLine.objects.bulk_create([PriceListLine(price_list=price_list, created_by_id=actor.id, **ln) for ln in new.values()])


@action(PriceList, _("Take over prices"), verb="fill", sources=("draft",), roles=KEEPERS, icon="copy", done=_("Prices taken over."),
        fields={"factor": forms.DecimalField(label=_("Times"), initial=1, min_value=0, max_value=10, decimal_places=4,
                                             help_text=_("1.05 raises every price by five per cent."))})
def fill(actor, price_list, *, factor):
    """Put every active product (of the list's brand) that is not yet in it into the draft, at its own price × a factor."""
    rows = Product.objects.filter(active=True).exclude(pk__in=price_list.lines.values("product_id")).order_by("id")
    rows = rows.filter(brand=price_list.brand) if price_list.brand else rows
    PriceListLine.objects.bulk_create([PriceListLine(
        price_list=price_list, product=p, list_price=round2(p.list_price * factor), dealer_price=p.dealer_price,
        created_by_id=actor.id) for p in rows], batch_size=2000)


def _same_scope(price_list):
    return PriceList.objects.filter(state="published", brand=price_list.brand, region_id=price_list.region_id,
                                    outlet_id=price_list.outlet_id).exclude(pk=price_list.pk)


@action(PriceList, _("Publish"), approves=True, verb="publish", sources=("draft",), target="published", roles=KEEPERS, style="success", icon="send",
        done=_("Published."))
def publish(actor, price_list):
    """Put it in force. An open-ended list of the same place and brand that began earlier ends the day before."""
    if not price_list.lines.exists():
        raise Refused(__("There are no prices in it."))
    last = price_list.valid_to or date.max
    for other in _same_scope(price_list).filter(valid_from__lte=last).order_by("valid_from"):
        if other.valid_to is None and other.valid_from < price_list.valid_from:
            other.valid_to = price_list.valid_from - timedelta(days=1)
            other.touch()
            other.save()
        elif other.valid_to is None or other.valid_to >= price_list.valid_from:
            raise Refused(__("“%(name)s” holds there from %(a)s to %(b)s.") % {
                "name": other, "a": other.valid_from, "b": other.valid_to or "…"})


@action(PriceList, _("New version"), verb="renew", sources=("published",), roles=KEEPERS, icon="versions",
        fields={"valid_from": forms.DateField(label=_("Valid from"), initial=timezone.localdate),
                "factor": forms.DecimalField(label=_("Times"), initial=1, min_value=0, max_value=10, decimal_places=4)},
        done=_("The next version is drafted."))
def renew(actor, price_list, *, valid_from, factor):
    """Draft the next version with all its prices × a factor; publishing it ends this one."""
    newest = PriceList.objects.filter(code=price_list.code).order_by("-revision").first()
    if newest.state == "draft":
        raise Refused(__("Version %(n)s is already drafted.") % {"n": newest.revision})
    made = PriceList(code=price_list.code, name=price_list.name, revision=newest.revision + 1, brand=price_list.brand,
                     region_id=price_list.region_id, outlet_id=price_list.outlet_id, valid_from=valid_from, created_by_id=actor.id)
    made.save(force_insert=True)
    _fill_like(actor, made, price_list, factor)


def _fill_like(actor, made, price_list, factor=1):
    PriceListLine.objects.bulk_create([PriceListLine(
        price_list=made, product_id=ln.product_id, list_price=round2(ln.list_price * factor), dealer_price=ln.dealer_price,
        created_by_id=actor.id) for ln in price_list.lines.order_by("id")], batch_size=2000)


def like(actor, price_list, outlet):
    """The same prices in another outlet, in force as long as these."""
    made = create(actor, code=f"{price_list.code[:12]}-{outlet.pk}"[:20], name=price_list.name, brand=price_list.brand, region=None, outlet=outlet,
                  valid_from=max(price_list.valid_from, timezone.localdate()), valid_to=price_list.valid_to, remark=price_list.remark)
    _fill_like(actor, made, price_list)
    publish(actor, made)


@action(PriceList, _("End"), verb="end", sources=("published",), roles=KEEPERS, icon="calendar-off",
        fields={"valid_to": forms.DateField(label=_("Ends on"), initial=timezone.localdate)}, done=_("Saved."))
def end(actor, price_list, *, valid_to):
    """Set the last day of a list in force; what was quoted before keeps its price."""
    if valid_to < max(price_list.valid_from, timezone.localdate()):
        raise Invalid({"valid_to": [__("Not before %(n)s.") % {"n": max(price_list.valid_from, timezone.localdate())}]})
    price_list.valid_to = valid_to


@action(PriceList, _("Withdraw"), verb="withdraw", sources=("draft", "published"), target="withdrawn", roles=KEEPERS, style="danger",
        icon="ban", fields={"reason": forms.CharField(label=_("Reason"))})
def withdraw(actor, price_list, *, reason):
    """Take back a draft, or a list that has not begun; one in force can only be ended."""
    if price_list.state == "published" and price_list.valid_from <= timezone.localdate():
        raise Refused(__("It is in force since %(n)s; end it instead.") % {"n": price_list.valid_from})
