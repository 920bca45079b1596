"""Making two customers one, and two again. Which rows belong to a customer is read off the models' references."""

from django.apps import apps
from django.db.models import UniqueConstraint
from django.utils.translation import gettext as _

from yiwei.crm.models.customer import FORWARD, Customer, CustomerShare
from yiwei.crm.models.merge import CustomerMerge
from yiwei.kernel.base.errors import Refused
from yiwei.kernel.records import search
from yiwei.kernel.records.attachments import Attachment
from yiwei.kernel.records.references import hanging_on, named_by
from yiwei.kernel.records.usage import references

from . import stage

FILLED = ("phone", "spare_phone", "more_phones", "joint_name", "joint_phone", "birthday", "wechat", "gender", "source_id", "designer_id",
          "channel_text", "intention", "budget_low", "budget_high", "visited_on", "last_contact", "remark")
STAY = (CustomerMerge, Customer)  # a merge names its two; who was merged before stays where it was


def belongings():
    """[(model, reference)] of everything that is a customer's."""
    return [(m, f) for m, f in references(Customer) if m not in STAY and not m.append_only]


def label(model, field):
    return f"{model._meta.label_lower}.{field.name}"


def stage_rank(customer):
    return FORWARD.index(customer.state) if customer.state in FORWARD else -1


def move(kept, gone):
    """Everything of `gone` becomes `kept`'s; what would be there twice stays. {label: ids}"""
    moved = {}
    for model, field in belongings():
        rows = model.objects.filter(**{field.name: gone.pk})
        ids = list(rows.exclude(pk__in=_twice(model, field, kept, gone)).order_by("pk").values_list("pk", flat=True))
        if ids:
            model.objects.filter(pk__in=ids).update(**{field.attname: kept.pk})
            moved[label(model, field)] = ids
    files = _files(gone).filter(slot="")
    ids = list(files.order_by("pk").values_list("pk", flat=True))
    if ids:
        files.update(object_id=kept.pk)
        moved["files"] = ids
    return moved


def _files(customer):
    return Attachment.objects.filter(model=Customer._meta.label_lower, object_id=customer.pk)


def _twice(model, field, kept, gone):
    """Ids of `gone`'s rows that a unique rule would not allow beside those of `kept`."""
    out = set()
    for rule in model._meta.constraints:
        names = [n for n in getattr(rule, "fields", ()) if n not in ("tenant", field.name)]
        if not isinstance(rule, UniqueConstraint) or field.name not in rule.fields or rule.condition is not None:
            continue
        there = set(model.objects.filter(**{field.name: kept.pk}).values_list(*names))
        mine = model.objects.filter(**{field.name: gone.pk}).values_list("pk", *names)
        out |= {pk for pk, *values in mine if tuple(values) in there}
    return out


def fill(kept, gone):
    """Empty fields of `kept` take what is known of `gone`. {field: [before, after]} as JSON takes it."""
    filled = {}
    for name in FILLED:
        mine, other = getattr(kept, name), getattr(gone, name)
        if name == "spare_phone" and not mine:
            other = next((p for p in (gone.phone, gone.spare_phone) if p and p != kept.phone), "")
        if mine in (None, "") and other not in (None, ""):
            setattr(kept, name, other)
            filled[name] = [_plain(mine), _plain(other)]
    tags = [*kept.tags, *(t for t in gone.tags if t not in kept.tags)]
    if tags != kept.tags:
        filled["tags"] = [kept.tags, tags]
        kept.tags = tags
    if gone.no_calls and not kept.no_calls:
        kept.no_calls, filled["no_calls"] = True, [False, True]
    return filled


def _plain(value):
    return value if value is None or isinstance(value, (str, int, bool)) else str(value)


def check_shares(kept, gone):
    """Together the colleagues may not hold more than the whole performance."""
    total = sum(s.percent for s in CustomerShare.objects.filter(customer__in=[kept.pk, gone.pk]))
    if total > 100:
        raise Refused(_("Together the shares of both would exceed 100 %: change them first."))


def keep_access(actor, kept, gone):
    """The other owner goes on seeing the household, without a share of the performance. What was made, or nothing."""
    if gone.owner_id in (None, kept.owner_id) or kept.shares.filter(member_id=gone.owner_id).exists():
        return {}
    share = CustomerShare.objects.create(customer=kept, member_id=gone.owner_id, created_by_id=actor.id)
    return {"share": share.pk}


def going_back(merge):
    """{model: ids} that return: what was moved and is still there, and what has since been added to it.

    Refuses where something new hangs on both sides, for then nobody but people can say whose it is.
    """
    going, later = {}, {}
    for model, field in belongings():
        kept = model.objects.filter(**{field.name: merge.kept_id})
        ids = merge.moved.get(label(model, field), [])
        going[model] = set(kept.filter(pk__in=ids).values_list("pk", flat=True))
        later[model] = set(kept.filter(created_at__gt=merge.at).exclude(pk__in=ids).values_list("pk", flat=True))
    while True:
        below, grown = hanging_on(going), False
        for model, ids in later.items():
            new = ids & (below.get(model, set()) | named_by(below, model)) - going[model]
            going[model] |= new
            grown |= bool(new)
        if not grown:
            break
    _check_apart(merge, going, below)
    return going


def _check_apart(merge, going, below):
    staying = {m: set(m.objects.filter(**{f.name: merge.kept_id}).exclude(pk__in=going[m]).values_list("pk", flat=True))
               for m, f in belongings()}
    for model, ids in hanging_on(staying).items():
        both = ids & (below.get(model, set()) | going.get(model, set()))
        if both and any(f.name == "created_at" for f in model._meta.fields):
            new = model.objects.filter(pk__in=both, created_at__gt=merge.at).first()
            if new is not None:
                raise Refused(_("%(what)s “%(row)s” was made since and belongs to both: correct it first.") % {
                    "what": model._meta.verbose_name, "row": new})


def take_apart(merge):
    """Everything returns to where it was; returns the two customers, not yet saved."""
    kept, gone = (stage.locked(c) for c in sorted((merge.kept, merge.gone), key=lambda c: c.pk))
    if kept.pk != merge.kept_id:
        kept, gone = gone, kept
    if gone.state != "merged" or gone.merged_into_id != kept.pk:
        raise Refused(_("%(customer)s is no longer merged into %(kept)s.") % {"customer": gone, "kept": kept})
    if kept.state == "merged":
        raise Refused(_("%(kept)s was itself merged later: undo that first.") % {"kept": kept})
    for model, ids in going_back(merge).items():
        field = next(f for m, f in belongings() if m is model)
        model.objects.filter(pk__in=ids, **{field.name: kept.pk}).update(**{field.attname: gone.pk})
    _files(kept).filter(pk__in=merge.moved.get("files", [])).update(object_id=gone.pk)
    CustomerShare.objects.filter(pk=merge.made.get("share"), customer=kept, percent=0).delete()
    _empty(kept, merge.filled)
    gone.state, gone.merged_into = merge.gone_state, None
    return kept, gone


def _empty(kept, filled):
    """What the merge filled in and nobody has changed since is empty again."""
    for name, (before, after) in filled.items():
        if _plain(getattr(kept, name)) == after or getattr(kept, name) == after:
            setattr(kept, name, apps.get_model("crm.customer")._meta.get_field(name).to_python(before) if before is not None else None)


def finish(*customers):
    """Contact dates and search keys follow from what is there now."""
    for customer in customers:
        customer.next_contact = stage.next_planned(customer)
        customer.touch()
        customer.save()
        search.index(customer)
