"""Who else may be the same household: found by indexed keys, weighed, and frozen with the server's time (CRM-03)."""

import json
from collections import defaultdict

from django.db import connection
from django.utils import timezone

from yiwei.crm.models.customer import Customer
from yiwei.crm.models.traffic import Visit
from yiwei.filing.models.filing import Filing
from yiwei.kernel.models import Attachment, SearchKey
from yiwei.kernel.records import search
from yiwei.kernel.records.tenancy import context as tenancy

from . import estates, precision
from .matching import RULES, Rarity, keys, party, rank

DEAD = ("rejected", "expired", "withdrawn", "superseded", "draft")
MOST, NEARBY, TOGETHER = 300, 15, 200   # rows looked at for one filing: that may conflict, and that are near; filings compared at once
SHOWN, CONTEXT, VISITS = 20, 5, 10
KINDS = {"crm_customer": Customer, "crm_visit": Visit, "filing_filing": Filing}
OURS = ("org_employee", "filing_channelpartner", "filing_outsidedesigner")  # their numbers identify no customer
WITNESSES = []
LOOK_UP = """
    select wanted.n, found.kind, found.object_id
    from unnest(%(ns)s::int[], %(keys)s::text[]) as wanted(n, key)
    cross join lateral (select kind, object_id from kernel_searchkey
                        where tenant_id = %(tenant)s and key = wanted.key and kind = any(%(kinds)s)
                        order by object_id desc limit %(most)s) as found"""


def witness(fn):
    """Let a room above tell what it knows of customers: `fn(ids)` gives [(customer's id, when, code, detail)]; `when` may be a bare day."""
    WITNESSES.append(fn)
    return fn


def known_since(obj):
    """(when, how precisely) the house first knew somebody: a customer by the visits before it was entered, too."""
    if isinstance(obj, Customer):
        entered = (obj.created_at, obj.entered_known)
        return min([entered, *((v.at, precision.SERVER) for v in obj.visits.all())], key=lambda e: precision.span(*e))
    return (obj.at, precision.SERVER) if isinstance(obj, Visit) else (obj.filed_at or obj.created_at, obj.filed_known)


def parties_of(obj, houses=None, aliases=None):
    """The parties a row stands for: a customer is one for each house and each of a couple. `houses`: those about to be saved, instead
    of those it has; `aliases`: the dealer's names of estates, where rows are compared and not merely indexed."""
    if isinstance(obj, Customer):
        phones = [*obj.all_phones, *(p for o in (obj.absorbed.all() if houses is None else ()) for p in o.all_phones)]
        houses = list(obj.houses.all() if houses is None else houses) or [None]
        return [party(obj.pk, "customer", name=name, phones=phones, remark=obj.remark, outlet=str(obj.outlet_id or ""),
                      aliases=aliases, **_house(h)) for name in obj.names for h in houses]
    if isinstance(obj, Visit):
        return [party(obj.pk, "visit", name=obj.name, phones=obj.phone, community=obj.community, house=obj.address,
                      outlet=str(obj.outlet_id or ""), aliases=aliases)]
    return [party(obj.pk, "filing", name=obj.name, phones=[obj.phone, obj.spare_phone, obj.more_phones], community=obj.community,
                  house=obj.address, remark=obj.remark, channel=str(obj.partner_id or ""), aliases=aliases)]


def _house(house):
    if house is None:
        return {}
    flat = "-".join(p for p in (house.building, house.unit, house.room) if p)
    return {"community": house.community, "house": house.address or flat}


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
    return candidates_of([filing], context)[0]


def candidates_of(filings, context=True, seen=None):
    """`candidates` of several filings, in few statements. `seen`: rows that were read before, {(kind, id): (row, parties)}."""
    names, seen = estates.aliases(), {} if seen is None else seen
    mine = [parties_of(filing, aliases=names)[0] for filing in filings]
    versions = [estates.under_every_name(one, names) for one in mine]
    telling = [keys_under(every, context=False) for every in versions]
    ids = _look_up(telling, MOST)
    if context:
        near = _look_up([keys_under(every) - known for every, known in zip(versions, telling, strict=True)], NEARBY)
        ids = [a | b for a, b in zip(ids, near, strict=True)]
    for filing, some in zip(filings, ids, strict=True):
        some.discard(("filing_filing", filing.pk))
    wanted = {pair for some in ids for pair in some}
    for kind, obj in _rows(wanted - seen.keys()):
        seen[kind, obj.pk] = obj, parties_of(obj, aliases=names)
    shared = _ours(mine)
    return [_ranked(one, dict(seen[p] for p in some if p in seen), shared, context) for one, some in zip(mine, ids, strict=True)]


def _ranked(mine, others, shared, context):
    parties = [p for theirs in others.values() for p in theirs]
    rarity = _rarity([mine, *parties], shared)
    best = [(obj, rank(mine, theirs, rarity)[0][1]) for obj, theirs in others.items()]
    best.sort(key=lambda pair: (*(-r for r in pair[1].rank), pair[0]._meta.label, pair[0].pk))
    against = [(o, c) for o, c in best if c.verdict != "clear"][:SHOWN]
    return against + ([(o, c) for o, c in best if c.verdict == "clear"][:CONTEXT] if context else [])


def _look_up(wanted, most):
    """For each set of keys the newest rows that bear one of them, as {(kind, id)}; those that may conflict apart from those that are
    merely near, so that namesakes never crowd them out."""
    pairs = [(n, key) for n, some in enumerate(wanted) for key in sorted(some)]
    found = [set() for _set in wanted]
    if pairs:
        numbers, names = zip(*pairs, strict=True)
        with connection.cursor() as cursor:
            cursor.execute(LOOK_UP, {"ns": list(numbers), "keys": list(names), "kinds": list(KINDS), "most": most,
                                     "tenant": tenancy.tenant_id()})
            for n, kind, pk in cursor.fetchall():
                found[n].add((kind, pk))
    return [set(sorted(some, key=lambda pair: -pair[1])[:most]) for some in found]


def _rows(pairs):
    """(kind, row) of those that still count."""
    ids = defaultdict(list)
    for kind, pk in pairs:
        ids[kind].append(pk)
    customers = Customer.objects.filter(pk__in=ids["crm_customer"]).exclude(state="merged").select_related("owner", "outlet")
    for obj in customers.prefetch_related("houses", "absorbed", "visits__outlet"):
        yield "crm_customer", obj
    for obj in Visit.objects.filter(pk__in=ids["crm_visit"], customer=None).select_related("owner", "outlet"):
        yield "crm_visit", obj
    filings = Filing.objects.filter(pk__in=ids["filing_filing"]).exclude(state__in=DEAD)
    for obj in filings.select_related("owner", "outlet", "partner", "outside_designer").defer("evidence", "verdict_text"):
        yield "filing_filing", obj


def _ours(parties):
    """Which of their numbers belong to our own people or partners: they prove little."""
    digits = sorted({p.digits for one in parties for p in one.phones if p.full})
    rows = SearchKey.objects.filter(kind__in=OURS, key__in=digits).values_list("key", flat=True) if digits else ()
    return frozenset(rows)


def rarity_of(mine, pool):
    """What the numbers of a party prove: little where many households bear them, or one of our own people or partners."""
    return _rarity([mine, *pool], _ours([mine]))


def _rarity(parties, shared):
    return Rarity(holders=Rarity.holders_of(parties), shared=shared, villas=Rarity.villas_of(parties))


def gather(filing):
    """(strength, evidence): what stands against a filing now. The strength is that of the strongest candidate in force."""
    return gather_many([filing])[0]


def gather_many(filings):
    """`gather` of many filings, some hundred at a time."""
    out, seen = [], {}
    for at in range(0, len(filings), TOGETHER):
        some = filings[at:at + TOGETHER]
        found = candidates_of(some, seen=seen)
        facts = _facts({(o._meta.label_lower, o.pk): o for o in [*some, *(o for pairs in found for o, _c in pairs)]}.values())
        out += [_evidence(filing, pairs, facts) for filing, pairs in zip(some, found, strict=True)]
    return out


SAVE = """
    update filing_filing f set conflict = n.conflict, evidence = n.evidence::jsonb, state = n.state
    from unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) as n(id, conflict, evidence, state)
    where f.tenant_id = %s and f.id = n.id"""


def freeze_many(filings):
    """Compare new filings with everything that is known, and keep what is found, as `gather` does for one that is typed."""
    for filing, (strength, found) in zip(filings, gather_many(filings), strict=True):
        filing.conflict, filing.evidence = strength, found
        if strength and filing.state == "submitted":
            filing.state = "held"
    with connection.cursor() as cursor:
        for at in range(0, len(filings), 1000):
            some = filings[at:at + 1000]
            cursor.execute(SAVE, [[f.pk for f in some], [f.conflict for f in some], [json.dumps(f.evidence) for f in some],
                                  [f.state for f in some], tenancy.tenant_id()])


def _evidence(filing, found, facts):
    strengths = [c.strength for o, c in found if c.strength and not (isinstance(o, Customer) and o.pk == filing.customer_id)]
    strength = next((s for s in ("certain", "strong", "probable") if s in strengths), "")
    mine = _events(filing, facts)
    return strength, {"at": timezone.now().isoformat(), "rules": RULES, "events": _kept(mine), "unread": _unread(filing),
                      "candidates": [_frozen(o, c, filing, mine, _events(o, facts)) for o, c in found]}


def _unread(filing):
    """What stands in a filing and was not understood, so that nobody takes it for compared: [(field, text)]."""
    one = parties_of(filing)[0]
    read = {"name": one.names, "phone": one.phones, "address": [h for h in one.houses if h.building or h.room]}
    return [[name, getattr(filing, name)] for name, found in read.items() if getattr(filing, name) and not found]


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
    """What happened to a row, each as precisely as it is known: [(when, code, detail, known)]."""
    out = [(obj.filed_at or obj.created_at, "filed", str(obj.partner), obj.filed_known)] if isinstance(obj, Filing) else []
    if isinstance(obj, Customer):
        first = sorted(obj.visits.all(), key=lambda v: v.at)[:VISITS]
        out += [(obj.created_at, "customer", str(obj.get_state_display()), obj.entered_known), *map(_visit, first), (obj.last_contact, "contact", "")]
    if isinstance(obj, Visit):
        out.append(_visit(obj))
    if isinstance(obj, Filing):
        out += [(obj.decided_at, "decided", str(obj.get_state_display())), (obj.visited_at, "visited", "")]
    out += facts.get((obj._meta.label_lower, obj.pk), ())
    told = [(precision.aware(w), c, d, precision.known_of(w, *known)) for w, c, d, *known in out if w]
    return sorted(told, key=lambda e: precision.span(e[0], e[3]))


def _visit(visit):
    return visit.at, "visit_contact" if visit.phone else "visit", str(visit.outlet or "")


def _kept(events):
    return [[when.isoformat(), code, detail, known] for when, code, detail, known in events]


def _frozen(obj, comparison, filing, mine, theirs):
    """A candidate as it was at that second."""
    since, known = known_since(obj)
    claims = [e for e in theirs if e[1] not in ("proof", "decided")]
    first = precision.first((mine[0][0], mine[0][3]), (claims[0][0], claims[0][3])) if mine and claims else ""
    return {
        "kind": obj._meta.label_lower, "id": obj.pk, "number": obj.number, "name": obj.name, "phone": obj.phone,
        "state": str(obj.get_state_display()), "owner": str(obj.owner or ""), "outlet": str(obj.outlet or ""),
        "partner": str(getattr(obj, "partner", "") or ""), "when": since.isoformat(), "known": known,
        "verdict": comparison.verdict, "strength": comparison.strength, "cause": comparison.cause,
        "score": comparison.score, "first": {"a": "this", "b": "other"}.get(first, ""),
        "fields": [{"field": f.field, "grade": f.grade, "how": f.how, "a": f.a_value, "b": f.b_value, "reason": f.reason,
                    "params": dict(f.params)} for f in comparison.fields] + _channels(filing, obj), "events": _kept(theirs)}


def _channels(filing, obj):
    """Who brought them: told beside what is weighed, for the reviewer to judge."""
    theirs = {"channel": getattr(obj, "partner", "") or getattr(obj, "channel_text", ""), "person": getattr(obj, "outside_designer", "") or ""}
    pairs = {"channel": str(filing.partner), "person": str(filing.outside_designer or "")}
    return [{"field": name, "grade": "agree" if mine == str(theirs[name]) else "differ", "how": "", "a": mine, "b": str(theirs[name]), "reason": "",
             "params": {}} for name, mine in pairs.items() if mine and theirs[name]]
