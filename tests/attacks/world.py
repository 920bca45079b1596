"""Two dealers with a row of everything on two sides: the rows of "here" and those of "there", a different outlet's."""

import uuid
from datetime import timedelta
from decimal import Decimal

from django.db import IntegrityError, models, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from yiwei.finance.tests.journey import Journey
from yiwei.kernel.base import registry
from yiwei.kernel.records import search
from yiwei.kernel.records.tenancy import context
from yiwei.kernel.records.tenancy.models import Ref
from yiwei.kernel.testing import PASSWORD, make_dealer
from yiwei.kernel.work import options
from yiwei.org.models.employee import Employee
from yiwei.org.models.outlet import Outlet
from yiwei.org.models.position import Position
from yiwei.org.rules.dealers import hire, sign_in

MASKS = ["phone", "cost", "margin", "rebate", "address"]
PHONES = {"here": "13577654321", "there": "13688765432"}
HIDDEN_TEXT = "Zq7Hidden"          # in every masked text
HIDDEN_MONEY = Decimal("76543.21")  # in every masked amount
JOURNEY = ("13800001111", "18,900.00", "18900.00", "17,885.00", "17885.00")  # phone and costs of the walked journey
WRITTEN = "15955556666"  # a number that somebody wrote into every free text
HIDDEN = (*PHONES.values(), WRITTEN, HIDDEN_TEXT, "76543.2", "76,543.2", *JOURNEY)


def _sum(row):
    row.net = row.gross - row.tax


BACK = ("created_by", "reversal_of", "leftover")  # references that lead in a circle
def _declared(row):
    """A parameter is one that the house knows."""
    row.name = sorted(options.OPTIONS)[type(row).objects.filter(name__in=options.OPTIONS).count()]


def _adds_up(row):
    row.discounted = row.net + row.promotion_amount


def _first_day(row):
    row.month = row.month.replace(day=1)


def _a_year(row):
    row.year = 2030


def _of_two(row):
    """A merge is of two customers."""
    other = type(row.kept)(name=row.kept.name, number=f"{row.kept.number}-2", state="lead", owner=row.kept.owner, outlet=row.kept.outlet)
    other.save(force_insert=True)
    row.gone = other


def _of_two_designers(row):
    """A merge is of two designers."""
    other = type(row.kept)(name=row.kept.name, partner=row.kept.partner)
    other.save(force_insert=True)
    row.gone = other


def _approved(row):
    """A rebate needs an approved filing."""
    filing = row.application.filing
    for state in ("submitted", "approved"):
        type(filing).objects.filter(pk=filing.pk).update(state=state)


def _effective(row):
    """Only an effective receipt is written off."""
    receipt = row.split.receipt
    for state in ("submitted", "finance_approved"):
        type(receipt).objects.filter(pk=receipt.pk).update(state=state)


def _of_a_cause(row):
    """A rule of a cause that is declared, for a stage of its own."""
    row.cause, row.tell = "crm.silent", ["owner"]
    row.stage = ("lead", "to_measure", "to_design")[type(row).objects.exclude(stage="").count()]


def _red(row):
    """An invoice without money behind it can only be the red one of another."""
    row.red_of = type(row)(number=f"{row.number}-2", customer=row.customer, owner=row.owner, outlet=row.outlet, state="refused", buyer=row.buyer,
                           amount=7)
    row.red_of.save(force_insert=True)
    row.amount, row.state = -7, "requested"


def _set(**values):
    """These fields so."""
    return lambda row: [setattr(row, name, value) for name, value in values.items()]


FIT = {"finance.ClaimSettlement": _set(supplier=None), "finance.Invoice": _red,
       "finance.Payable": _set(paid=0, asked=0), "stock.PurchaseReturnLine": _set(arrival_line=None),
       "stock.BatchIssue": _set(purpose="internal"), "stock.StockConversion": _set(direction="to_batch"),
       "stock.BatchReceiptLine": _set(returned_qty=0), "stock.ArrivalLine": _set(returned_qty=0),
       "crm.Customer": _set(more_phones=""), "filing.Filing": _set(more_phones=""),
       "kernel.ReminderRule": _of_a_cause, "crm.CustomerMerge": _of_two, "filing.DesignerMerge": _of_two_designers, "rebate.RebateLine": _approved, "finance.WriteOff": _effective, "rebate.RebateSettlement": _sum,
       "orders.ContractLine": _adds_up, "kernel.Parameter": _declared, "catalog.TargetPlan": _a_year,
       "catalog.SalesTarget": _first_day, "catalog.OutletTarget": _first_day}  # what keeps a made row within its checks


class Side:
    """Rows of every model in one dealer, owned by one employee of one outlet."""

    def __init__(self, dealer, name, who, outlet):
        self.dealer, self.name, self.made, self.making = dealer, name, {}, set()
        self.member, self.outlet = dealer.members[who], dealer.outlets[outlet]
        self.word = f"Qx{name}{dealer.code}"

    def row(self, model):
        """The row of a model on this side, made when first asked for."""
        if model._meta.label == "org.Employee":
            return model.objects.get(pk=self.member)
        if model._meta.label == "org.Outlet":
            return model.objects.get(pk=self.outlet)
        if model not in self.made:
            self.making.add(model)
            self.made[model] = self._saved(model)
        return self.made[model]

    def _saved(self, model):
        """A row with everything filled in; where its checks refuse that, with all empty that may be."""
        for sparse in (False, True):
            row = model(**{f.name: self._value(model, f) for f in model._meta.local_fields
                           if f.name not in ("tenant", "id", "version") and self._wanted(f) and not (sparse and self._spare(model, f))})
            FIT.get(model._meta.label, lambda row: None)(row)
            try:
                with transaction.atomic():
                    row.save(force_insert=True)
                return row
            except IntegrityError as refusal:
                reason = str(refusal).splitlines()[0]
        raise AssertionError(f"{model._meta.label}: no made row keeps its checks ({reason}); write in FIT of {__name__} what does")

    @staticmethod
    def _spare(model, field):
        return field.null and field.name not in (*model.masked, *model.scope.people, model.scope.outlet, model.scope.via)

    def _wanted(self, field):
        return not (field.has_default() and field.name != "state" and not isinstance(field, (models.CharField, models.DecimalField))) \
            or field.name in ("tiers",)

    def _value(self, model, field):
        if isinstance(field, Ref):
            if field.related_model in self.making - set(self.made) or field.name in BACK:
                return None
            return self.row(field.related_model)
        masked = field.name in model.masked
        if field.name == "state" and model.flow:
            return model.flow.initial
        if field.name.endswith("phone") or field.name == "receiver":
            return PHONES[self.name]
        if isinstance(field, models.DecimalField):
            return HIDDEN_MONEY if masked else Decimal("0.5") if field.max_digits < 10 else Decimal("7")
        if isinstance(field, (models.CharField, models.TextField)):
            return self._text(model, field, masked)
        return self._plain(field, masked)

    def _text(self, model, field, masked):
        if field.choices:
            return next(code for code, _label in field.flatchoices if code)
        if isinstance(field, models.EmailField):
            return f"{self.name}@example.com"
        if isinstance(field, models.TextField) and not masked:
            return f"{self.word}{field.name} {WRITTEN}"
        if field.name in ("model", "table_name"):
            return "crm.customer"
        if field.name == "action":
            return "crm.customer.edit"
        if masked:
            return f"{HIDDEN_TEXT}{self.name}"[:field.max_length]
        if field.name in ("import_key", "fingerprint", "evidence_key"):
            return uuid.uuid4().hex[:field.max_length]
        return f"{self.word}{field.name}"[:field.max_length]

    def _plain(self, field, masked):
        if isinstance(field, models.JSONField):
            return [[None, str(HIDDEN_MONEY)]] if masked else field.default()
        if isinstance(field, models.DateTimeField):
            return None if field.null else timezone.now()
        if isinstance(field, models.DateField):
            day = timezone.localdate() + timedelta(days=self.name == "there")
            return day + timedelta(days=30) if field.name in ("valid_to", "to_day") else day
        if isinstance(field, models.BooleanField):
            return False
        if isinstance(field, models.UUIDField):
            return uuid.uuid4()
        return 1


def seeded():
    """Every model of a register or of a tab whose rows are not written by the database alone, in a fixed order."""
    found = {r.model for r in registry.registers.values()} | {t.model for r in registry.registers.values() for t in r.tabs if t.model}
    own = ("ledger", "kernel.Change")
    return sorted((m for m in found if m._meta.app_label not in own and m._meta.label not in own
                   and not getattr(m, "written_by_trigger", False)), key=lambda m: m._meta.label)


class World:
    """Two dealers, each with the sides "here" (guide, S11) and "there" (guide3, S21), and two spies with every right."""

    def __init__(self):
        self.one, self.two = (make_dealer(code, sign_ins=True) for code in ("one", "two"))
        self.journey, self.sides = Journey(self.one).release().buy(), {}
        for dealer in (self.one, self.two):
            with context.entered(dealer.id):
                self._spy(dealer, "own_spy", "own", [])
                self._spy(dealer, "masked_spy", "company", MASKS)
                for name, who, outlet in (("here", "guide", "S11"), ("there", "guide3", "S21")):
                    side = self.sides[dealer.code, name] = Side(dealer, name, who, outlet)
                    for model in seeded():
                        search.index(side.row(model))
                    Employee.objects.filter(pk=side.member).update(phone=PHONES[name])
                    side.made |= {m: side.row(m) for m in (Employee, Outlet)}
        self.clients = {(who, dealer.code): fresh_client(who, dealer) for dealer in (self.one, self.two)
                        for who in ("general_manager", "masked_spy", "own_spy", "tenant_admin", "guide")}

    @staticmethod
    def _spy(dealer, code, reach, masks):
        """A position with every right, but a narrow scope or every mask."""
        position = Position(code=code, name=code, base="general_manager", allow=["*"], data_scope=reach, masks=masks)
        position.save()
        member = hire(f"E-{code}", code, code, Outlet.objects.get(code="S12"))
        sign_in(member, f"{code}@{dealer.code}", PASSWORD)
        dealer.members[code] = member.pk

    def row(self, dealer, side, model):
        return self.sides[dealer.code, side].made.get(model)

    def client(self, who, dealer=None):
        """A browser in which an employee has signed in."""
        dealer = dealer or self.one
        return self.clients.get((who, dealer.code)) or fresh_client(who, dealer)

    def token(self, who, dealer=None):
        """The header of a program that acts as an employee."""
        from yiwei.kernel.screens.api.views import issue
        dealer = dealer or self.one
        with context.entered(dealer.id):
            return {"Authorization": f"Bearer {issue(dealer.members[who], 'attack')}"}


def fresh_client(who, dealer, **more):
    client = Client(raise_request_exception=False, **more)
    answer = client.post(reverse("signin"), {"username": f"{who}@{dealer.code}", "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()[:300]
    return client


def body_of(answer):
    """The text of an answer; a workbook's as the text of its parts."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content[:2] == b"PK":
        import io
        import zipfile
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return "\n".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    return content.decode()


def leaks(text, words=HIDDEN):
    """The hidden words that stand in a text."""
    return sorted(w for w in words if w in text)


def pages_of(register, pk):
    """Every address under which a register shows a row."""
    yield from [f"{register.url('detail', pk)}?tab={t.key}" for t in register.tabs] or [register.url("detail", pk)]
    yield f"/api/v1/{register.room}/{register.slug}/{pk}"

