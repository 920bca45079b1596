"""Who else may be the same household: found by indexed keys, weighed, and frozen with the server's time (CRM-03)."""

from django.utils import timezone

from yiwei.crm.models.customer import Customer
from yiwei.crm.models.traffic import Visit
from yiwei.filing.models.filing import Filing
from yiwei.kernel.models import Attachment, SearchKey
from yiwei.kernel.records import search

from .matching import RULES, Rarity, keys, party, rank

DEAD = ("rejected", "expired", "withdrawn", "superseded", "draft")
MOST, NEARBY = 300, 15   # rows looked at for one filing: that may conflict, and that are near
SHOWN, CONTEXT, VISITS = 20, 5, 10
KINDS = {"crm_customer": Customer, "crm_visit": Visit, "filing_filing": Filing}
OURS = ("org_employee", "filing_channelpartner", "filing_outsidedesigner")  # their numbers identify no customer
WITNESSES = []


def witness(fn):
    """Let a room above tell what it knows of customers: `fn(ids)` gives [(customer's id, when, code, detail)]."""
    WITNESSES.append(fn)
    return fn


def known_since(obj):
    """The first moment at which the house knew somebody: a customer by the visits before it was entered, too."""
    if isinstance(obj, Customer):
        return min([obj.created_at, *(v.at for v in obj.visits.all())])
    return obj.at if isinstance(obj, Visit) else obj.filed_at or obj.created_at


def parties_of(obj, at=None, houses=None):
    """The parties a row stands for: a customer is one for each house and each of a couple. `at`: known since; `houses`: those about to
    be saved, instead of those it has."""
    if isinstance(obj, Customer):
        phones = [*obj.all_phones, *(p for o in (obj.absorbed.all() if houses is None else ()) for p in o.all_phones)]
        houses = list(obj.houses.all() if houses is None else houses) or [None]
        return [party(obj.pk, "customer", name=name, phones=phones, remark=obj.remark,
                      at=_naive(at or obj.created_at), outlet=str(obj.outlet_id or ""), **_house(h))
                for name in obj.names for h in houses]
    if isinstance(obj, Visit):
        return [party(obj.pk, "visit", name=obj.name, phones=obj.phone, community=obj.community, house=obj.address,
                      at=_naive(obj.at), outlet=str(obj.outlet_id or ""))]
    return [party(obj.pk, "filing", name=obj.name, phones=[obj.phone, obj.spare_phone], community=obj.community,
                  house=obj.address, remark=obj.remark, at=_naive(obj.filed_at or obj.created_at),
                  channel=str(obj.partner_id or ""))]


def _house(house):
    if house is None:
        return {}
    flat = "-".join(p for p in (house.building, house.unit, house.room) if p)
    return {"community": house.community, "house": house.address or flat}


def _naive(moment):
    return timezone.make_naive(moment) if moment else None


def keys_of(obj, context=True):
    """Search keys under which a row meets others."""
    return keys_under(parties_of(obj), context)


def keys_under(parties, context=True):
    return {f"{kind}:{value}"[:64] for one in parties for kind, value in keys(one, context=context)}


for _model in KINDS.values():
    search.also(_model, keys_of)


def hold_keys(obj):
    """Whoever enters the same phone or house at the same second waits here, and then sees this one."""
    search.hold(keys_of(obj, context=False))


def candidates(filing, context=True):
    """[(row, comparison)] the most telling first; `clear` ones (neighbours, namesakes) follow where `context`."""
    telling = keys_of(filing, context=False)
    ids = {kind: set() for kind in KINDS}
    _look_up(ids, telling, MOST)
    if context:
        _look_up(ids, keys_of(filing) - telling, NEARBY)
    ids["filing_filing"].discard(filing.pk)
    mine, pool = parties_of(filing)[0], {}
    for obj in _rows(ids):
        for one in parties_of(obj, known_since(obj)):
            pool.setdefault((one.kind, one.id), []).append((obj, one))
    rarity, best = rarity_of(mine, [one for others in pool.values() for _obj, one in others]), {}
    for others in pool.values():
        ranked = rank(mine, [one for _obj, one in others], rarity)
        best[others[0][0]] = ranked[0][1]
    out = sorted(best.items(), key=lambda pair: tuple(-r for r in pair[1].rank))
    against = [(o, c) for o, c in out if c.verdict != "clear"][:SHOWN]
    return against + ([(o, c) for o, c in out if c.verdict == "clear"][:CONTEXT] if context else [])


def _look_up(ids, keys, most):
    """Add the newest rows that bear one of the keys: those that may conflict first, so that namesakes never crowd them out."""
    found = SearchKey.objects.filter(kind__in=list(KINDS), key__in=sorted(keys)).order_by("-object_id")
    for kind, pk in found.values_list("kind", "object_id").distinct()[:most]:
        ids[kind].add(pk)


def _rows(ids):
    yield from Customer.objects.filter(pk__in=ids["crm_customer"]).exclude(state="merged").select_related(
        "owner", "outlet").prefetch_related("houses", "absorbed", "visits__outlet")
    yield from Visit.objects.filter(pk__in=ids["crm_visit"], customer=None).select_related("owner", "outlet")
    yield from Filing.objects.filter(pk__in=ids["filing_filing"]).exclude(state__in=DEAD).select_related(
        "owner", "outlet", "partner", "outside_designer").defer("evidence", "verdict_text")


def rarity_of(mine, pool):
    """What the numbers of a filing prove: little where many households bear them, or one of our own people or partners."""
    digits = [p.digits for p in mine.phones if p.full]
    ours = SearchKey.objects.filter(kind__in=OURS, key__in=digits).values_list("key", flat=True) if digits else ()
    return Rarity(holders=Rarity.holders_of([mine, *pool]), shared=frozenset(ours))


def gather(filing):
    """(strength, evidence): what stands against a filing now. The strength is that of the strongest candidate in force."""
    found = candidates(filing)
    facts = _facts([filing, *(o for o, _c in found)])
    strengths = [c.strength for o, c in found if c.strength and not (isinstance(o, Customer) and o.pk == filing.customer_id)]
    strength = next((s for s in ("certain", "strong", "probable") if s in strengths), "")
    return strength, {"at": timezone.now().isoformat(), "rules": RULES, "events": _events(filing, facts),
                      "candidates": [_frozen(o, c, filing) | {"events": _events(o, facts)} for o, c in found]}


def _facts(rows):
    """{(model, id): [(when, code, detail)]} of all rows: the files that prove something, and what rooms above know of customers."""
    ids, out = [o.pk for o in rows if o.pk], {}
    for file in Attachment.objects.filter(model__in=[m._meta.label_lower for m in KINDS.values()], object_id__in=ids).order_by("id"):
        out.setdefault((file.model, file.object_id), []).append((file.created_at, "proof", file.name))
    customers = [o.pk for o in rows if isinstance(o, Customer)]
    for fn in WITNESSES if customers else ():
        for pk, *event in fn(customers):
            out.setdefault((Customer._meta.label_lower, pk), []).append(tuple(event))
    return out


def _events(obj, facts):
    """What happened to a row, each with its second: [[when, code, detail]]."""
    out = [(obj.filed_at or obj.created_at, "filed", str(obj.partner))] if isinstance(obj, Filing) else []
    if isinstance(obj, Customer):
        first = sorted(obj.visits.all(), key=lambda v: v.at)[:VISITS]
        out += [(obj.created_at, "customer", str(obj.get_state_display())), *map(_visit, first), (obj.last_contact, "contact", "")]
    if isinstance(obj, Visit):
        out.append(_visit(obj))
    if isinstance(obj, Filing):
        out += [(obj.decided_at, "decided", str(obj.get_state_display())), (obj.visited_at, "visited", "")]
    out += facts.get((obj._meta.label_lower, obj.pk), ())
    return [[when.isoformat(), code, detail] for when, code, detail in sorted((e for e in out if e[0]), key=lambda e: e[0])]


def _visit(visit):
    return visit.at, "visit_contact" if visit.phone else "visit", str(visit.outlet or "")


def _frozen(obj, comparison, filing):
    """A candidate as it was at that second."""
    first = {"a": "this", "b": "other"}.get(comparison.earlier, "")
    return {
        "kind": obj._meta.label_lower, "id": obj.pk, "number": obj.number, "name": obj.name, "phone": obj.phone,
        "state": str(obj.get_state_display()), "owner": str(obj.owner or ""), "outlet": str(obj.outlet or ""),
        "partner": str(getattr(obj, "partner", "") or ""),
        "when": known_since(obj).isoformat(),
        "verdict": comparison.verdict, "strength": comparison.strength, "cause": comparison.cause,
        "score": comparison.score, "first": first,
        "fields": [{"field": f.field, "grade": f.grade, "how": f.how, "a": f.a_value, "b": f.b_value, "reason": f.reason,
                    "params": dict(f.params)} for f in comparison.fields] + _channels(filing, obj)}


def _channels(filing, obj):
    """Who brought them: told beside what is weighed, for the reviewer to judge."""
    theirs = {"channel": getattr(obj, "partner", "") or getattr(obj, "channel_text", ""), "person": getattr(obj, "outside_designer", "") or ""}
    pairs = {"channel": str(filing.partner), "person": str(filing.outside_designer or "")}
    return [{"field": name, "grade": "agree" if mine == str(theirs[name]) else "differ", "how": "", "a": mine, "b": str(theirs[name]), "reason": "",
             "params": {}} for name, mine in pairs.items() if mine and theirs[name]]
