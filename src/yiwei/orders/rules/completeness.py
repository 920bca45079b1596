"""What an order must have before it goes on (BAS-04): the checklist of its module, its result kept with the round."""

from django import forms
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.dictionary import CompletenessItem
from yiwei.kernel.base.errors import Invalid
from yiwei.kernel.records.attachments import Attachment
from yiwei.kernel.work.actions.fields import Lines, Pick

STAGES = {"draft": ("hand_in",), "rejected": ("hand_in",), "drawing_review": ("hand_in", "drawing")}
FILES = ("file", "photo")


def items_of(sub, stage):
    """The items in use for this order, in the dealer's order; asked once for a row in hand."""
    kept = sub.__dict__.setdefault("_completeness", {})
    if stage not in kept:
        rows = CompletenessItem.objects.filter(active=True, stage=stage, group__in=["", sub.module.group])
        kept[stage] = list(rows.order_by("place", "id"))
    return kept[stage]


def slot(item):
    """The place of the file that proves an item, among the files of the order."""
    return f"check-{item.pk}"


def proofs_of(sub, items):
    """{item id: its current file}; what proves one item proves no other."""
    slots = {slot(i): i.pk for i in items if i.proof in FILES}
    kept = sub.__dict__.setdefault("_proofs", {})
    if slots and frozenset(slots) not in kept:
        kept[frozenset(slots)] = {slots[f.slot]: f for f in Attachment.of(sub, current=True, slot__in=slots)}
    return kept[frozenset(slots)] if slots else {}


def _wording(item):
    """“现场照片 · must · photo”."""
    return " · ".join(map(str, [item.name, *([__("must")] if item.must else []),
                                *([item.get_proof_display()] if item.proof != "tick" else [])]))


def fields(sub, stage):
    """The checklist to tick, and the values that are to be written down where there are such."""
    found = items_of(sub, stage) if sub is not None else []
    ticks = forms.MultipleChoiceField(label=_("Ticked off"), required=False, widget=forms.CheckboxSelectMultiple,
                                      choices=[(i.pk, _wording(i)) for i in found if i.proof == "tick"])
    made = {"items": ticks} if sub is None or ticks.choices else {}
    if any(i.proof == "field" for i in found):
        limit = {"stage": stage, "proof": "field", "group__in": ["", sub.module.group]}
        made["answers"] = Lines({"item": Pick(CompletenessItem, label=_("item"), limit=limit),
                                 "value": forms.CharField(label=_("Value"), max_length=120, required=False)},
                                label=_("Written values"), required=False)
    return made


def initial(sub, stage):
    """Nothing ticked; a line for every value that is to be written."""
    return {"items": [], "answers": [{"item": i, "value": ""} for i in items_of(sub, stage) if i.proof == "field"]}


def checklist(sub, stage, data):
    """[{item, must, proof, value, file, done}] of the sub-contract's checklist: ticked, written, or proved by a file of its own."""
    ticked = {int(i) for i in data.get("items") or []}
    written = {row["item"].pk: row["value"] for row in data.get("answers") or []}
    items = items_of(sub, stage)
    files = proofs_of(sub, items)

    def done(item):
        if item.proof == "field":
            return bool(written.get(item.pk))
        return item.pk in (files if item.proof in FILES else ticked)

    return [{"item": i.name, "must": i.must, "proof": i.proof, "value": written.get(i.pk, ""),
             "file": files[i.pk].name if i.pk in files else "", "done": done(i)} for i in items]


def require(sub, stage, data):
    """Refuse, at the field, what must be there and is not: unticked, without its file, without its value."""
    errors, open_ = {}, [row for row in checklist(sub, stage, data) if row["must"] and not row["done"]]
    unproved = [r["item"] for r in open_ if r["proof"] in FILES]
    unticked = [r["item"] for r in open_ if r["proof"] == "tick"]
    unwritten = [r["item"] for r in open_ if r["proof"] == "field"]
    if unticked:
        errors.setdefault("items", []).append(__("Still missing: %(items)s") % {"items": "、".join(unticked)})
    if unproved:
        errors.setdefault("items", []).append(__("Attach at “Checklist”: %(items)s") % {"items": "、".join(unproved)})
    if unwritten:
        errors["answers"] = [__("Write down: %(items)s") % {"items": "、".join(unwritten)}]
    if errors:
        raise Invalid(errors)


def panel(actor, sub, add):
    """What the order's page shows while the list is open: each item with its proof; `add(item)` leads to where a file is attached."""
    items = [i for stage in STAGES.get(sub.state, ()) for i in items_of(sub, stage)]
    files = proofs_of(sub, items)
    return [{"name": i.name, "must": i.must, "proof": i.get_proof_display(), "who": i.get_who_display(), "file": files.get(i.pk),
             "file_url": files[i.pk].url(actor) if i.pk in files else "", "add_url": add(i) if i.proof in FILES else ""}
            for i in items]


def summary(rows):
    """“4/5 · missing: 水电位置” of a kept checklist; "" where there was none."""
    if not rows:
        return ""
    open_ = [r["item"] for r in rows if not r["done"]]
    text = f"{len(rows) - len(open_)}/{len(rows)}"
    return f"{text} · " + __("missing: %(items)s") % {"items": "、".join(open_)} if open_ else text
