"""The sheet of evidence for reviewers: what was frozen, in plain words, with a rival's details masked by scope (CRM-03)."""

from datetime import datetime
from difflib import SequenceMatcher

from django.utils.translation import gettext as _

from yiwei.kernel.base import registry
from yiwei.kernel.records import scope
from yiwei.kernel.records.scope import masked_phone

from . import precision
from .evidence import KINDS


def shown(evidence, actor):
    """Frozen evidence for the sheet, in plain words; what the actor may not know of a rival is masked."""
    out = []
    for one in evidence.get("candidates", []):
        model = next(m for m in KINDS.values() if m._meta.label_lower == one["kind"])
        seen = scope.rows(model, actor).filter(pk=one["id"]).exists()
        register = registry.register_of(model)
        full = seen and actor.sees("phone")
        out.append({
            **one, "title": model._meta.verbose_name, "url": register.url("detail", one["id"]) if seen and register else "",
            "name": one["name"] if seen else one["name"][:1] + "**", "phone": one["phone"] if full else masked_phone(one["phone"]),
            "owner": one["owner"] if seen else "", "partner": one["partner"] if seen else "",
            "when": precision.stamp(datetime.fromisoformat(one["when"]), one.get("known", precision.SERVER)),
            "tone": {"certain": "red", "strong": "orange", "probable": "yellow"}.get(one["strength"], "secondary"),
            "side_by_side": _side_by_side(evidence.get("events", []), one.get("events", []), seen), "who_first": _who_first(evidence, one, seen),
            "strength_text": _strength(one["strength"]), "cause_text": cause_text(one["cause"]),
            "fields": [_field(f, full, seen) for f in one["fields"] if f["grade"] != "missing"]})
    return out


def unread(frozen, actor):
    """What of this filing could not be compared, for who may read it."""
    labels = {"phone": _("Phone"), "name": _("Name"), "address": _("House")}
    hidden = () if actor.sees("phone") else ("phone",)
    return [f"{labels[name]}: {masked_phone(text) if name in hidden else text}" for name, text in frozen.get("unread", [])]


def _side_by_side(mine, theirs, seen):
    """Both sides' events in one order of time; a rival's details only for who sees the row."""
    lines = [(*e, "this") for e in map(_read, mine)] + [(w, c, d if seen else "", k, "other") for w, c, d, k in map(_read, theirs)]
    return [{"at": at, "stamp": precision.stamp(at, known), "side": side, "text": f"{_event(code)} {detail}".strip()}
            for at, code, detail, known, side in sorted(lines, key=lambda e: precision.span(e[0], e[3]))]


def _read(event):
    """(when, code, detail, known) of a kept event; what was kept before said no more than the moment."""
    when, code, detail, *known = event
    return datetime.fromisoformat(when), code, detail, *(known or [precision.SERVER])


def _event(code):
    return {"filed": _("Filing received"), "customer": _("Entered as customer"), "contact": _("Last contact"), "visit": _("In the showroom"),
            "visit_contact": _("In the showroom, left a phone"), "decided": _("Judged"), "visited": _("Customer came"),
            "proof": _("Proof"), "contract": _("Contract signed")}.get(code, code)


def _who_first(evidence, one, seen):
    """Who was first, by how much, and what proves it."""
    mine = [_read(e) for e in evidence.get("events", [])]
    theirs = [e for e in map(_read, one.get("events", [])) if e[1] not in ("proof", "decided")]
    if not mine or not theirs:
        return ""
    a, b = (mine[0][0], mine[0][3]), (theirs[0][0], theirs[0][3])
    if not one.get("first"):
        return _("Both on %(day)s; who was first that day is not known.") % {"day": precision.stamp(a[0], precision.DAY)} \
            if precision.DAY in (a[1], b[1]) else ""
    ahead, known = (one["events"], b[1]) if one["first"] == "other" else (evidence["events"], a[1])
    proofs = [e[2] for e in ahead if e[1] == "proof"] if seen or one["first"] == "this" else []
    text = _("This filing was first, by %(gap)s.") if one["first"] == "this" else _("The other was first, by %(gap)s.")
    found = text % {"gap": precision.gap(a, b)}
    return f"{found} " + (_("Proof: %(files)s") % {"files": "、".join(proofs)} if proofs else _BASIS[known]())


_BASIS = {
    precision.SERVER: lambda: _("Proof: the server's clock; no file."),
    precision.SECOND: lambda: _("Basis: the time written in the imported book; no file."),
    precision.MINUTE: lambda: _("Basis: the time written in the imported book, to the minute; no file."),
    precision.DAY: lambda: _("Basis: only the day is known, as it was written; no file.")}


def _field(f, full, seen):
    a, b = f["a"], f["b"]
    if f["field"] == "phone" and not full:
        a, b = masked_phone(a), masked_phone(b)
    if f["field"] != "phone" and not seen:
        b = (b[:1] + "**") if b else ""
    label = {"phone": _("Phone"), "name": _("Name"), "house": _("House"), "channel": _("Channel partner"),
             "person": _("Outside designer")}[f["field"]]
    text = _(f["reason"]) % f["params"] if f["reason"] and (full or f["field"] != "phone") and seen else ""
    grade = {"agree": _("agrees"), "near": _("nearly agrees"), "differ": _("differs")}[f["grade"]]
    return {"label": label, "a": _marked(a, b), "b": _marked(b, a), "grade": f["grade"], "grade_text": grade, "text": text,
            "tone": {"agree": "red", "near": "orange", "differ": "green"}[f["grade"]]}


def _marked(text, other):
    """[(piece, whether it differs from the other side)]."""
    blocks = SequenceMatcher(None, text, other, autojunk=False).get_opcodes() if text and other else [("equal", 0, len(text), 0, 0)]
    return [(text[start:end], kind != "equal") for kind, start, end, _a, _b in blocks if end > start]


def _strength(code):
    return {"certain": _("Certain"), "strong": _("Strong"), "probable": _("Probable")}.get(code, _("No conflict"))


def cause_text(code):
    return {
        "same_phone": _("Same phone"), "same_house": _("Same house"), "phone_slip": _("Phone differs by one slip"),
        "phone_swap": _("Two digits of the phone changed places"),
        "masked_phone": _("Visible digits of the phone agree"), "phone_tail": _("Last digits of the phone agree"),
        "title_name_house": _("Similar house and name"), "similar_house": _("Similar house"),
        "shared_phone": _("A phone that many share"), "name_community": _("Same name in the same community"),
        "neighbour": _("Neighbour, not a conflict"), "namesake": _("Namesake, not a conflict"), "unlike": _("Unlike"),
    }.get(code, code)
