"""What an order must have before it goes on (BAS-04): the checklist of its module, its result kept with the round."""

from django import forms
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.dictionary import CompletenessItem
from yiwei.kernel.action.errors import Invalid
from yiwei.kernel.action.fields import Lines, Pick
from yiwei.kernel.files.models import Attachment


def _items(sub, stage):
    """The items in use for this order, in the dealer's order."""
    return list(CompletenessItem.objects.filter(active=True, stage=stage, group__in=["", sub.module.group]).order_by("place", "id"))


def _wording(item):
    """“现场照片 · must · photo”."""
    return " · ".join(map(str, [item.name, *([__("must")] if item.must else []),
                                *([item.get_proof_display()] if item.proof != "tick" else [])]))


def fields(sub, stage):
    """The checklist to tick, and the values that are to be written down where there are such."""
    found = _items(sub, stage) if sub is not None else []
    ticks = forms.MultipleChoiceField(label=_("Ticked off"), required=False, widget=forms.CheckboxSelectMultiple,
                                      choices=[(i.pk, _wording(i)) for i in found if i.proof != "field"])
    made = {"items": ticks} if sub is None or ticks.choices else {}
    if any(i.proof == "field" for i in found):
        limit = {"stage": stage, "proof": "field", "group__in": ["", sub.module.group]}
        made["answers"] = Lines({"item": Pick(CompletenessItem, label=_("item"), limit=limit),
                                 "value": forms.CharField(label=_("Value"), max_length=120, required=False)},
                                label=_("Written values"), required=False)
    return made


def initial(sub, stage):
    """Nothing ticked; a line for every value that is to be written."""
    return {"items": [], "answers": [{"item": i, "value": ""} for i in _items(sub, stage) if i.proof == "field"]}


def checklist(sub, stage, data):
    """[{item, must, proof, value, ticked, done}] of the sub-contract's checklist.

    A file or photo counts only if it is attached to the sub-contract or its contract.
    """
    ticked = {int(i) for i in data.get("items") or []}
    written = {row["item"].pk: row["value"] for row in data.get("answers") or []}
    items = _items(sub, stage)
    proved = any(i.proof in ("file", "photo") and i.pk in ticked for i in items)
    files = [*Attachment.of(sub, current=True), *Attachment.of(sub.contract, current=True)] if proved else []
    proofs = {"tick": True, "file": bool(files), "photo": any(f.is_image for f in files)}
    return [{"item": i.name, "must": i.must, "proof": i.proof, "value": written.get(i.pk, ""), "ticked": i.pk in ticked,
             "done": bool(written.get(i.pk)) if i.proof == "field" else i.pk in ticked and proofs[i.proof]} for i in items]


def require(sub, stage, data):
    """Refuse, at the field, what must be there and is not: unticked, without its file, without its value."""
    errors, open_ = {}, [row for row in checklist(sub, stage, data) if row["must"] and not row["done"]]
    unproved = [r["item"] for r in open_ if r["ticked"] and r["proof"] != "field"]
    unticked = [r["item"] for r in open_ if not r["ticked"] and r["proof"] != "field"]
    unwritten = [r["item"] for r in open_ if r["proof"] == "field"]
    if unticked:
        errors.setdefault("items", []).append(__("Still missing: %(items)s") % {"items": "、".join(unticked)})
    if unproved:
        errors.setdefault("items", []).append(__("Attach the file or photo of: %(items)s") % {"items": "、".join(unproved)})
    if unwritten:
        errors["answers"] = [__("Write down: %(items)s") % {"items": "、".join(unwritten)}]
    if errors:
        raise Invalid(errors)


def summary(rows):
    """“4/5 · missing: 水电位置” of a kept checklist; "" where there was none."""
    if not rows:
        return ""
    open_ = [r["item"] for r in rows if not r["done"]]
    text = f"{len(rows) - len(open_)}/{len(rows)}"
    return f"{text} · " + __("missing: %(items)s") % {"items": "、".join(open_)} if open_ else text
