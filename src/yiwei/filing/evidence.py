"""Who else may be the same household: found by indexed keys, weighed, and frozen with the server's time (CRM-03)."""

from datetime import datetime

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwei.crm.models.customer import Customer
from yiwei.crm.models.traffic import Visit
from yiwei.kernel import scope, search
from yiwei.kernel.models import Attachment, SearchKey
from yiwei.kernel.scope import masked_phone
from yiwei.kernel.tenancy.context import tenant_id

from .matching import RULES, Rarity, keys, party, rank
from .matching.rarity import SHARED_BY
from .models.filing import Filing

DEAD = ("rejected", "expired", "withdrawn", "superseded", "draft")
MOST, NEARBY = 300, 15   # rows looked at for one filing: that may conflict, and that are near
SHOWN, CONTEXT = 20, 5
KINDS = {"crm_customer": Customer, "crm_visit": Visit, "filing_filing": Filing}


def parties_of(obj):
    """The parties a row stands for: a customer is one for each house and each of a couple."""
    if isinstance(obj, Customer):
        houses = list(obj.houses.all()) or [None]
        phones = [*obj.all_phones, *(p for o in obj.absorbed.all() for p in o.all_phones)]
        return [party(obj.pk, "customer", name=name, phones=phones, remark=obj.remark,
                      at=_naive(obj.created_at), outlet=str(obj.outlet_id or ""), **_house(h))
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
    return {f"{kind}:{value}"[:64] for one in parties_of(obj) for kind, value in keys(one, context=context)}


for _model in KINDS.values():
    search.also(_model, keys_of)


def hold_keys(obj):
    """Whoever enters the same phone or house at the same second waits here, and then sees this one."""
    with connection.cursor() as cursor:
        for key in sorted(keys_of(obj, context=False)):
            cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, %s))", [key, tenant_id()])


def candidates(filing, context=True):
    """[(row, comparison)] the most telling first; `clear` ones (neighbours, namesakes) follow where `context`."""
    telling = keys_of(filing, context=False)
    ids = {kind: set() for kind in KINDS}
    _look_up(ids, telling, MOST)
    if context:
        _look_up(ids, keys_of(filing) - telling, NEARBY)
    ids["filing_filing"].discard(filing.pk)
    mine, rarity, pool = parties_of(filing)[0], _rarity(filing), {}
    for obj in _rows(ids):
        for one in parties_of(obj):
            pool.setdefault((one.kind, one.id), []).append((obj, one))
    best = {}
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
        "owner", "outlet").prefetch_related("houses", "absorbed")
    yield from Visit.objects.filter(pk__in=ids["crm_visit"], customer=None).select_related("owner", "outlet")
    yield from Filing.objects.filter(pk__in=ids["filing_filing"]).exclude(state__in=DEAD).select_related(
        "owner", "outlet", "partner").defer("evidence", "verdict_text")


def _rarity(filing):
    """How many rows bear the filing's phones and names, by their keys."""
    rarity, one = Rarity(total=5000), parties_of(filing)[0]
    wanted = {f"m-phone:{p.digits}": p.digits for p in one.phones if p.full}
    for key, digits in wanted.items():
        rarity.holders[digits] = SearchKey.objects.filter(kind="crm_customer", key=key)[:SHARED_BY + 1].count()
    return rarity


def gather(filing):
    """(strength, evidence): what stands against a filing now. The strength is that of the strongest candidate in force."""
    found = candidates(filing)
    proofs = _proofs([filing, *(o for o, _c in found)])
    strengths = [c.strength for o, c in found if c.strength and o.pk != filing.customer_id]
    strength = next((s for s in ("certain", "strong", "probable") if s in strengths), "")
    return strength, {"at": timezone.now().isoformat(), "rules": RULES, "events": _events(filing, proofs),
                      "candidates": [_frozen(o, c) | {"events": _events(o, proofs)} for o, c in found]}


def _proofs(rows):
    """{(model, id): [files]} of all rows, in one query."""
    ids = [o.pk for o in rows if o.pk]
    out = {}
    for file in Attachment.objects.filter(model__in=[m._meta.label_lower for m in KINDS.values()], object_id__in=ids).order_by("id"):
        out.setdefault((file.model, file.object_id), []).append(file)
    return out


def _events(obj, proofs):
    """What happened to a row, each with its second: [[when, code, detail]]."""
    out = [(obj.filed_at or obj.created_at, "filed", str(obj.partner))] if isinstance(obj, Filing) else []
    if isinstance(obj, Customer):
        out.append((obj.created_at, "customer", str(obj.get_state_display())))
        out.append((obj.last_contact, "contact", ""))
    if isinstance(obj, Visit):
        out.append((obj.at, "visit" if not obj.phone else "visit_contact", str(obj.outlet or "")))
    if isinstance(obj, Filing):
        out += [(obj.decided_at, "decided", str(obj.get_state_display())), (obj.visited_at, "visited", "")]
    out += [(f.created_at, "proof", f.name) for f in proofs.get((obj._meta.label_lower, obj.pk), ())]
    return [[when.isoformat(), code, detail] for when, code, detail in sorted(out, key=lambda e: str(e[0])) if when]


def _frozen(obj, comparison):
    """A candidate as it was at that second."""
    first = {"a": "this", "b": "other"}.get(comparison.earlier, "")
    return {
        "kind": obj._meta.label_lower, "id": obj.pk, "number": obj.number, "name": obj.name, "phone": obj.phone,
        "state": str(obj.get_state_display()), "owner": str(obj.owner or ""), "outlet": str(obj.outlet or ""),
        "partner": str(getattr(obj, "partner", "") or ""),
        "when": (getattr(obj, "filed_at", None) or getattr(obj, "at", None) or obj.created_at).isoformat(),
        "verdict": comparison.verdict, "strength": comparison.strength, "cause": comparison.cause,
        "score": comparison.score, "first": first,
        "fields": [{"field": f.field, "grade": f.grade, "how": f.how, "a": f.a_value, "b": f.b_value, "reason": f.reason,
                    "params": dict(f.params)} for f in comparison.fields]}


def shown(evidence, actor):
    """Frozen evidence for the sheet, in plain words; what the actor may not know of a rival is masked."""
    from yiwei.kernel import registry
    out = []
    for one in evidence.get("candidates", []):
        model = next(m for m in KINDS.values() if m._meta.label_lower == one["kind"])
        seen = scope.rows(model, actor).filter(pk=one["id"]).exists()
        register = registry.register_of(model)
        full = seen and actor.sees("phone")
        out.append({
            **one, "title": model._meta.verbose_name, "url": register.url("detail", one["id"]) if seen and register else "",
            "name": one["name"] if seen else one["name"][:1] + "**", "phone": one["phone"] if full else masked_phone(one["phone"]),
            "owner": one["owner"] if seen else "", "when": datetime.fromisoformat(one["when"]),
            "tone": {"certain": "red", "strong": "orange", "probable": "yellow"}.get(one["strength"], "secondary"),
            "side_by_side": _side_by_side(evidence.get("events", []), one.get("events", []), seen), "who_first": _who_first(evidence, one, seen),
            "strength_text": _strength(one["strength"]), "cause_text": _cause(one["cause"]),
            "fields": [_field(f, full, seen) for f in one["fields"] if f["grade"] != "missing"]})
    return out


def _side_by_side(mine, theirs, seen):
    """Both sides' events in one order of time; a rival's details only for who sees the row."""
    lines = [(datetime.fromisoformat(w), "this", c, d) for w, c, d in mine] + [
        (datetime.fromisoformat(w), "other", c, d if seen else "") for w, c, d in theirs]
    return [{"at": at, "side": side, "text": f"{_event(code)} {detail}".strip()} for at, side, code, detail in sorted(lines, key=lambda e: e[0])]


def _event(code):
    return {"filed": _("Filing received"), "customer": _("Entered as customer"), "contact": _("Last contact"), "visit": _("In the showroom"),
            "visit_contact": _("In the showroom, left a phone"), "decided": _("Judged"), "visited": _("Customer came"),
            "proof": _("Proof")}.get(code, code)


def _who_first(evidence, one, seen):
    """Who was first, by how much, and what proves it."""
    if not one.get("first") or not evidence.get("events") or not one.get("events"):
        return ""
    mine, theirs = (datetime.fromisoformat(e[0][0]) for e in (evidence["events"], one["events"]))
    ahead = one["events"] if one["first"] == "other" else evidence["events"]
    proofs = [d for _w, c, d in ahead if c == "proof"] if seen or one["first"] == "this" else []
    text = _("This filing was first, by %(gap)s.") if one["first"] == "this" else _("The other was first, by %(gap)s.")
    found = text % {"gap": _gap(abs(mine - theirs))}
    return f"{found} " + (_("Proof: %(files)s") % {"files": "、".join(proofs)} if proofs else _("Proof: the server's clock; no file."))


def _gap(span):
    minutes = int(span.total_seconds() // 60)
    if minutes >= 1440:
        return _("%(d)s d %(h)s h") % {"d": minutes // 1440, "h": minutes % 1440 // 60}
    return _("%(h)s h %(m)s min") % {"h": minutes // 60, "m": minutes % 60}


def _field(f, full, seen):
    a, b = f["a"], f["b"]
    if f["field"] == "phone" and not full:
        a, b = masked_phone(a), masked_phone(b)
    if f["field"] != "phone" and not seen:
        b = (b[:1] + "**") if b else ""
    label = {"phone": _("Phone"), "name": _("Name"), "house": _("House")}[f["field"]]
    text = _(f["reason"]) % f["params"] if f["reason"] and (full or f["field"] != "phone") and seen else ""
    grade = {"agree": _("agrees"), "near": _("nearly agrees"), "differ": _("differs")}[f["grade"]]
    return {"label": label, "a": a, "b": b, "grade": f["grade"], "grade_text": grade, "text": text,
            "tone": {"agree": "red", "near": "orange", "differ": "green"}[f["grade"]]}


def _strength(code):
    return {"certain": _("Certain"), "strong": _("Strong"), "probable": _("Probable")}.get(code, _("No conflict"))


def _cause(code):
    return {
        "same_phone": _("Same phone"), "same_house": _("Same house"), "phone_slip": _("Phone differs by one slip"),
        "masked_phone": _("Visible digits of the phone agree"), "phone_tail": _("Last digits of the phone agree"),
        "title_name_house": _("Similar house and name"), "similar_house": _("Similar house"),
        "shared_phone": _("A phone that many share"), "name_community": _("Same name in the same community"),
        "neighbour": _("Neighbour, not a conflict"), "namesake": _("Namesake, not a conflict"), "unlike": _("Unlike"),
    }.get(code, code)
