"""The first page: the collection target always in view, and who owes most (D-44, PRS-04)."""

from django.db.models import Count, F, Sum
from django.utils.translation import gettext as _

from yiwei.crm.models.customer import Customer
from yiwei.finance.models.receipt import Receivable
from yiwei.insight.rules.target import OF_OUTLETS, TARGET, standing
from yiwei.kernel.base import registry
from yiwei.kernel.base.money import money_text
from yiwei.kernel.records import scope
from yiwei.kernel.screens.home import block, strip


@strip
def target_in_view(actor):
    """The small target line in the head of every page."""
    if not actor.can(TARGET):
        return None
    now = standing(actor)
    if not now.target:
        return None
    return {"label": _("Collected"), "actual": money_text(now.actual), "target": money_text(now.target),
            "pct": min(100, int(now.rate or 0)), "rate": f"{now.rate}%"}


@block(order=1)
def collection_target(actor):
    """Month target, collected, rate, needed per day."""
    if not actor.can(TARGET):
        return {}
    now = standing(actor)
    if not now.target and not now.actual:
        return {}
    return {"banner": {
        "label": _("Collection this month"), "target": money_text(now.target), "actual": money_text(now.actual),
        "rate": f"{now.rate}%" if now.rate is not None else "–", "pct": min(100, int(now.rate or 0)),
        "needed": money_text(now.needed), "days_left": now.days_left,
        "text": _("%(needed)s a day for %(days)s more days") % {"needed": money_text(now.needed), "days": now.days_left}}}


@block(order=40)
def owing_most(actor):
    """The three customers who owe most."""
    if not (actor.can(TARGET) or actor.can(OF_OUTLETS)):
        return {}
    rows = scope.rows(Receivable, actor).filter(state__in=("open", "partly"), amount__gt=F("written_off"))
    if not actor.can(OF_OUTLETS):
        rows = rows.filter(owner_id=actor.id)
    most = rows.order_by().values(
        customer=F("sub__contract__customer_id"), name=F("sub__contract__customer__name"), code=F("sub__contract__customer__number")).annotate(
        rest=Sum(F("amount") - F("written_off")), n=Count("pk"))
    register, home = registry.register_of(Receivable), registry.register_of(Customer)
    out = []
    for row in most.order_by("-rest", "customer")[:3]:
        url, who = home.url("detail", row["customer"]), row["name"] or row["code"]
        out.append({"url": url, "title": who, "cells": [
            {"kind": "link", "text": who, "url": url, "align": ""}, {"kind": "number", "text": str(row["n"]), "align": "end"},
            {"kind": "money", "text": money_text(row["rest"]), "align": "end"}]})
    if not out:
        return {}
    return {"lists": [{"label": _("Owing most"), "url": register.url(), "rows": out, "columns": [
        {"name": "customer", "label": _("Customer"), "align": ""}, {"name": "n", "label": _("Sub-contracts"), "align": "end"},
        {"name": "rest", "label": _("Unpaid"), "align": "end"}], "empty": {"title": "", "text": ""}}]}
