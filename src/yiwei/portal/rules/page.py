"""What a customer may see: the own house, money, progress. Never cost, phone numbers of others, internal remarks."""

from django.db.models import Q

from yiwei.kernel.base.money import money_text
from yiwei.kernel.records.attachments import Attachment
from yiwei.orders.models.contract import SubContract
from yiwei.orders.models.design import DesignVersion
from yiwei.orders.rules import figures
from yiwei.service.models.delivery import Delivery
from yiwei.service.models.install import InstallOrder

HIDDEN_DELIVERY = ("cancelled",)
HIDDEN_INSTALL = ("withdrawn", "waiting")


def context_of(customer):
    """Everything the page shows."""
    subs = list(SubContract.objects.filter(contract__customer=customer).exclude(state="cancelled").exclude(
        contract__state="draft").select_related("module", "contract").order_by("id"))
    found = figures.of(subs)
    ids = [s.pk for s in subs]
    return {"customer": customer, "houses": [h.full for h in customer.houses.all()], "orders": [_order(s, found[s.pk]) for s in subs],
            "total": _sums(found.values()), "receipts": _receipts(customer), "designs": _designs(customer),
            "deliveries": _deliveries(ids), "installs": _installs(ids)}


def _order(sub, f):
    main = sub.flow.main
    here = main.index(sub.state) if sub.state in main else -1
    return {"number": sub.number, "name": str(sub.module), "state": sub.get_state_display(),
            "color": sub.flow.state(sub.state).color, "net": money_text(f.contract_net), "received": money_text(f.received),
            "unpaid": money_text(f.unpaid), "signed_on": sub.contract.signed_on,
            "pct": int((here + 1) * 100 / len(main)) if here >= 0 else 0}


def _sums(all_figures):
    all_figures = list(all_figures)
    return {name: money_text(sum(getattr(f, name) for f in all_figures)) for name in ("contract_net", "received", "unpaid")}


def _receipts(customer):
    rows = customer.receipts.filter(state__in=("finance_approved", "reversed")).select_related("type", "method").order_by("-id")
    return [{"number": r.number, "day": r.received_on, "amount": money_text(r.amount), "type": str(r.type),
             "method": str(r.method)} for r in rows[:50]]


def current_designs(customer):
    return DesignVersion.objects.filter(house__customer=customer, current=True).select_related("house", "designer")


def _designs(customer):
    return [{"pk": d.pk, "house": d.house.full, "revision": d.revision, "designer": str(d.designer or ""),
             "day": d.created_at} for d in current_designs(customer)]


def design_file(customer, pk):
    """The stored file of a current design of this customer, or None."""
    design = current_designs(customer).filter(pk=pk).first()
    return Attachment.objects.filter(model="orders.designversion", object_id=design.pk, current=True).order_by(
        "-id").first() if design else None


def _deliveries(ids):
    rows = Delivery.objects.filter(sub_id__in=ids).exclude(state__in=HIDDEN_DELIVERY).select_related("driver", "vehicle", "sub")
    return [{"day": d.slot_on, "slot": d.get_slot_display(), "state": d.get_state_display(), "color": d.flow.state(d.state).color,
             "order": d.sub.number, "driver": d.driver.name if d.driver else "", "phone": d.driver.phone if d.driver else "",
             "plate": d.vehicle.plate if d.vehicle else ""} for d in rows.order_by("slot_on", "id")]


def _installs(ids):
    rows = InstallOrder.objects.filter(sub_id__in=ids).filter(~Q(state__in=HIDDEN_INSTALL)).select_related("crew__leader", "leader", "sub")
    return [{"day": i.planned_on, "slot": i.get_slot_display(), "state": i.get_state_display(), "color": i.flow.state(i.state).color,
             "order": i.sub.number, "visit": i.visit, "leader": str(i.leader or i.crew.leader if i.crew else i.leader or ""),
             "crew": str(i.crew or "")} for i in rows.order_by("planned_on", "id")]
