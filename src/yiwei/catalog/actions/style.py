"""Other names of styles: one name means one style of a brand on any day (BAS-07)."""

from datetime import date

from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.rules import styles
from yiwei.kernel.base.errors import Invalid
from yiwei.kernel.work.actions.action import MESSAGES, action
from yiwei.kernel.work.actions.fields import model_fields

from ..models.product import StyleAlias
from .product import KEEPERS

FIELDS = ("brand", "style", "alias", "kind", "valid_from", "valid_to")
MESSAGES["catalog_stylealias_once"] = _("On one of these days this name already means another style of the brand.")
MESSAGES["catalog_stylealias_days"] = _("The last day lies before the first.")


def _free(data, alias=None):
    """Name the field where the days are upside down, the name is the style's own, or means something else on some day."""
    first, last = data["valid_from"] or date.min, data["valid_to"] or date.max
    if last < first:
        raise Invalid({"valid_to": [__("The last day lies before the first.")]})
    if data["alias"].casefold() == data["style"].casefold():
        raise Invalid({"alias": [__("This is the name of the style itself.")]})
    same = StyleAlias.objects.filter(active=True, brand__iexact=data["brand"], alias__iexact=data["alias"])
    for other in same.exclude(pk=alias.pk) if alias else same:
        if (other.valid_from or date.min) <= last and first <= (other.valid_to or date.max):
            raise Invalid({"alias": [__("From %(a)s to %(b)s it already means “%(style)s”.") % {
                "a": other.valid_from or "…", "b": other.valid_to or "…", "style": other.style}]})


def _clean(data):
    return {n: v.strip() if isinstance(v, str) else v for n, v in data.items()}


@action(StyleAlias, _("New alias"), verb="create", creates=True, roles=KEEPERS, icon="plus", style="primary", done=_("Saved."),
        fields=lambda actor, obj=None: model_fields(StyleAlias, FIELDS))
def create(actor, **data):
    """Give a style another name; its products are found by it from now on."""
    data = _clean(data)
    _free(data)
    alias = StyleAlias(created_by_id=actor.id, **data)
    alias.save(force_insert=True)
    styles.refresh(alias)
    return alias


@action(StyleAlias, _("Edit"), verb="edit", roles=KEEPERS, icon="pencil", done=_("Saved."),
        initial=lambda actor, a: {n: getattr(a, n) for n in FIELDS},
        fields=lambda actor, obj=None: model_fields(StyleAlias, FIELDS))
def edit(actor, row, **data):
    """Change a name, its style or its days."""
    data = _clean(data)
    if row.active:
        _free(data, row)
    before = (row.brand, row.style)
    for name, value in data.items():
        setattr(row, name, value)
    row.save()
    styles.refresh(row, before)


@action(StyleAlias, _("Disable"), verb="disable", roles=KEEPERS, icon="circle-off", bulk=True, show=lambda a, o: o.active,
        permission="catalog.stylealias.edit")
def disable(actor, alias):
    """The name means nothing any more."""
    alias.active = False
    alias.save()
    styles.refresh(alias)


@action(StyleAlias, _("Delete"), verb="delete", roles=KEEPERS, removes=True, style="danger", icon="trash", done=_("Deleted."),
        permission="catalog.stylealias.edit")
def delete(actor, alias):
    """A name typed by mistake; documents keep the style they resolved it to."""
    alias.active = False
    alias.save()
    styles.refresh(alias)


@action(StyleAlias, _("Enable"), verb="enable", roles=KEEPERS, icon="circle-check", bulk=True, show=lambda a, o: not o.active,
        permission="catalog.stylealias.edit")
def enable(actor, alias):
    """The name holds again, if it means nothing else in the meantime."""
    _free({n: getattr(alias, n) for n in FIELDS}, alias)
    alias.active = True
    alias.save()
    styles.refresh(alias)
