"""What an order must have before it goes on (BAS-04): the checklist of its module, its result kept with the round."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.dictionary import CompletenessItem
from yiwei.kernel.action.errors import Invalid
from yiwei.kernel.action.fields import Lines, Pick
from yiwei.kernel.files.models import Attachment


def _of(sub, stage):
    mine = Q(stage=stage)
    return mine & Q(group__in=["", sub.module.group]) if sub is not None else mine


def fields(sub, stage):
    """Ticks, and the values that are to be written down."""
    return {"items": Pick(CompletenessItem, many=True, required=False, label=_("Checked"), limit=_of(sub, stage)),
            "answers": Lines({"item": Pick(CompletenessItem, label=_("item"), limit=_of(sub, stage) & Q(proof="field")),
                              "value": forms.CharField(label=_("Value"), max_length=120)}, label=_("Written values"), required=False)}


def checklist(sub, stage, data):
    """[{item, must, done, value}] of the sub-contract's checklist in the dealer's order.

    A file or photo counts only if it is attached to the sub-contract or its contract.
    """
    ticked = {i.pk for i in data.get("items") or []}
    written = {row["item"].pk: row["value"] for row in data.get("answers") or []}
    items = list(CompletenessItem.objects.filter(_of(sub, stage), active=True).order_by("place", "id"))
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
