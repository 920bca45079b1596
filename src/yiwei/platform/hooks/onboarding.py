"""The first steps of a new dealer: what is there already is read from the data, never ticked off by hand.

Only where nothing may be the right answer (no old books, no opening stock, the payment terms as they come) somebody says so.
"""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwei.catalog.models.product import Product
from yiwei.finance.models.terms import PaymentMethod, PaymentType, SettlementMethod
from yiwei.kernel.base import registry
from yiwei.kernel.models import Tenant
from yiwei.kernel.records.tenancy import context
from yiwei.kernel.screens.exchange.run import book_for
from yiwei.org.models.employee import Employee
from yiwei.org.models.outlet import Outlet
from yiwei.org.models.user import User
from yiwei.stock.models.batch import BatchReceipt

KEY, SAID = "first_steps", "first_steps_said"
FIRST_STEPS = "platform.first_steps"
registry.grant(FIRST_STEPS, "tenant_admin general_manager", gettext_lazy("Be led through the first steps"))


@dataclass
class Step:
    """One step: what it is about, how far it is, where to go. `say` is the button that settles it as it is."""

    key: str
    label: str
    text: str
    done: bool
    state: str = ""
    links: list = field(default_factory=list)
    books: list = field(default_factory=list)
    say: str = ""


def begin(tenant):
    """Lead the dealer's first administrator through the first steps."""
    tenant.settings = {**tenant.settings, KEY: "open"}
    tenant.save(update_fields=["settings"])


def settings():
    return Tenant.objects.filter(pk=context.tenant_id()).values_list("settings", flat=True).first() or {}


def is_open(actor):
    """Whether this actor is led through the first steps."""
    return actor.can(FIRST_STEPS) and settings().get(KEY) == "open"


def _change(change):
    tenant = Tenant.objects.select_for_update().get(pk=context.tenant_id())
    change(tenant.settings)
    tenant.save(update_fields=["settings"])


def close(how):
    """The first steps are finished, or somebody wants them away."""
    _change(lambda s: s.update({KEY: how}))


def say(key):
    """Settle a step as it is."""
    _change(lambda s: s.update({SAID: sorted({*s.get(SAID, []), key})}))


def steps(actor):
    """All steps in their order."""
    said = settings().get(SAID, [])
    return [_company(actor), _outlets(actor), _books(actor, said), _people(actor), _stock(actor, said), _terms(actor, said)]


def _link(actor, room, slug, label, view="list", **more):
    register = registry.registers[room, slug]
    return [{"label": label, "url": register.url(view, **more)}] if register.allowed(actor) else []


def _company(actor):
    office = Outlet.objects.filter(is_head_office=True).order_by("id").first()
    return Step("company", _("Company and head office"), _("Address and telephone stand on what you print and on the customers' pages."),
                bool(office and office.address and office.phone), office.address if office else "",
                _link(actor, "org", "outlet", _("Enter address and telephone"), "act", pk=office.pk, verb="edit") if office else [])


def _outlets(actor):
    count = Outlet.objects.filter(is_head_office=False, active=True).count()
    return Step("outlets", _("Outlets"), _("Each showroom with its sales region. The workbook of the staff makes them as well."), count > 0,
                _("%(n)s outlets") % {"n": count},
                _link(actor, "org", "outlet", _("New outlet"), "new", verb="create") + _link(actor, "org", "region", _("Sales regions")))


def _books(actor, said):
    books = [_book(actor, book) for book in sorted(registry.books.values(), key=lambda b: b.order) if book.register]
    loaded = sum(b["loaded"] for b in books)
    done = loaded == len(books) or (Product.objects.exists() and "books" in said)
    return Step("books", _("Workbooks"), _("Download, fill in, load. Refused rows come back with the reason; loading twice adds nothing."), done,
                _("%(n)s of %(all)s loaded") % {"n": loaded, "all": len(books)}, books=books,
                say="" if done or not Product.objects.exists() else _("That is all we have"))


def _book(actor, book):
    register = registry.registers[book.register]
    may = book_for(register, actor) is not None
    rows = register.model.objects.all()
    if register.model is Employee:
        rows = rows.exclude(number="ADMIN")
    return {"name": book.name, "label": register.label, "loaded": rows.exists(), "may": may, "columns": [a[0] for a in book.headers.values()],
            "template": register.url("template"), "upload": register.url("import")}


def _people(actor):
    people, users = Employee.objects.filter(state="active").count(), User.objects.filter(is_active=True).count()
    return Step("people", _("Employees and sign-ins"), _("Each employee works under an own sign-in; “Give sign-in” stands on the employee's page."),
                people > 1 and users > 1, _("%(n)s employees, %(u)s with a sign-in") % {"n": people, "u": users},
                _link(actor, "org", "employee", _("Employees")) + _link(actor, "org", "position", _("Positions and rights")))


def _stock(actor, said):
    there = BatchReceipt.objects.exists()
    register = registry.registers["stock", "batchreceipt"]
    links = [{"label": _("Load the opening stock"), "url": register.url("import")}] if book_for(register, actor) else []
    return Step("stock", _("Opening stock"), _("What lies in the warehouses on the first day, by bin; load the price list first."),
                there or "stock" in said, _("in the ledger") if there else "", links,
                say="" if there or "stock" in said else _("We begin without stock"))


def _terms(actor, said):
    touched = any(m.objects.filter(version__gt=1).exists() or m.objects.exclude(created_by=None).exists()
                  for m in (PaymentType, PaymentMethod, SettlementMethod))
    done = touched or "terms" in said
    links = [link for slug, label in (("paymenttype", _("Payment types")), ("paymentmethod", _("Payment methods")),
                                      ("settlementmethod", _("Settlement methods"))) for link in _link(actor, "finance", slug, label)]
    return Step("terms", _("Receipt terms"), _("What money is for, how it comes and to which account; the usual ones are there."), done,
                links=links, say="" if done else _("They suit us as they are"))
