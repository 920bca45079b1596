"""What was signed in a period, counted once for all reports (C0 signed 签单; RPT-08, RPT-11, RPT-12, RPT-16)."""

from django.db.models import F, Sum

from yiwei.kernel.base.ids import id_of
from yiwei.kernel.records import scope
from yiwei.kernel.screens.registers.listing import lookups_of_days
from yiwei.orders.models.contract import Contract, SubContract

LOST = ("cancelled", "draft")   # neither signed nor still standing


def contracts(actor, params, first, last):
    """Contracts signed in the days, within the actor's reach; outlet and salesperson may be chosen."""
    rows = scope.rows(Contract, actor).filter(**lookups_of_days("signed_on", first, last)).exclude(state__in=LOST)
    return _chosen(rows, params, "")


def subs(actor, params, first, last):
    """Their sub-contracts, each of one module; those that were cancelled afterwards do not count."""
    rows = scope.rows(SubContract, actor).filter(**lookups_of_days("contract__signed_on", first, last))
    return _chosen(rows.exclude(contract__state__in=LOST).exclude(state="cancelled"), params, "contract__")


def _chosen(rows, params, prefix):
    if id_of(params.get("outlet")):
        rows = rows.filter(**{f"{prefix}outlet_id": id_of(params["outlet"])})
    if id_of(params.get("owner")):
        rows = rows.filter(**{f"{prefix}owner_id": id_of(params["owner"])})
    return rows


def by_category(rows, key):
    """{group: {customer: {category group: net amount}}} of sub-contracts; `key` is the path of the group."""
    found = {}
    for r in rows.order_by().values("contract__customer_id", "module__group", key=F(key)).annotate(net=Sum("net_amount")):
        one = found.setdefault(r["key"], {}).setdefault(r["contract__customer_id"], {})
        one[r["module__group"]] = one.get(r["module__group"], 0) + r["net"]
    return found
