"""Who can see a customer, and why: named by the rules that fetch the rows."""

from django.utils.translation import gettext as _

from yiwei.crm.models.customer import Customer
from yiwei.crm.models.followup import DesignTask
from yiwei.kernel.base import directory, registry
from yiwei.kernel.records import scope
from yiwei.kernel.screens.registers.beside import ONLOOKERS


def seen_by(customer):
    """[(actor, [reason codes])] of every active employee who may open customers and sees this one."""
    register = registry.register_of(Customer)
    return [(a, why) for a, why in scope.seers(customer, directory.everybody()) if register.allowed(a)]


def context(actor, customer, params):
    """The panel: people who see it for a reason of their own first, then positions that see the whole company."""
    sharing = {s.member_id: s for s in customer.shares.select_related("created_by")}
    tasks = dict(DesignTask.objects.filter(customer=customer).exclude(state__in=("cancelled", "refused")).order_by("id").values_list(
        "owner_id", "number"))
    people, company = [], {}
    for one, why in seen_by(customer):
        own = [w for w in why if w != scope.COMPANY]
        if own:
            people.append({"name": one.name, "position": one.position_name, "outlet": one.outlet_name, "masked": not one.sees("phone"),
                           "why": [_reason(w, customer, one, sharing, tasks) for w in why]})
        else:
            company.setdefault((one.position_name, not one.sees("phone")), []).append(one.name)
    others = [{"name": n, "why": w} for model in (Customer, None) for fn in ONLOOKERS.get(model, ()) for n, w in fn(actor, customer)]
    return {"people": people, "others": others,
            "company": [{"position": p, "masked": m, "names": "、".join(names), "n": len(names)} for (p, m), names in sorted(company.items())]}


def _reason(code, customer, actor, sharing, tasks):
    if code == "share":
        if actor.id in tasks:
            return _("Designer by task %(number)s") % {"number": tasks[actor.id]}
        share = sharing[actor.id]
        return _("Shared by %(who)s on %(day)s") % {"who": share.created_by or "–", "day": share.created_at.date()}
    if code == "designer" and actor.id in tasks:
        return _("Designer by task %(number)s") % {"number": tasks[actor.id]}
    return {"owner": _("Owner"), "designer": _("Designer of the customer"), "pool": _("In the public pool of the outlet"),
            scope.OUTLET: _("Answers for the outlet %(outlet)s") % {"outlet": customer.outlet},
            scope.REGION: _("Answers for the region of %(outlet)s") % {"outlet": customer.outlet},
            scope.COMPANY: _("Position with the whole company in view")}.get(code, code)
