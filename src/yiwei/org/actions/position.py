"""What the holders of a position may do and see, ticked by list (SYS-02)."""

from django import forms
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base import registry
from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.screens.shell.context import MODULES
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Lines
from yiwei.org.rules import rights as by_list

from ..models.position import SCOPES, Position

HEAD = "general_manager tenant_admin"


def not_own(actor, position):
    if position is not None and position.code == actor.position:
        raise Refused(__("Nobody can do this to himself."))


def _fields(actor, position=None):
    found, labels = by_list.groups(), {code: label for code, label, _icon in MODULES}
    has = by_list.held(position) if position is not None else set()
    return {module: forms.MultipleChoiceField(
        label=labels[module], required=False, choices=groups, widget=forms.CheckboxSelectMultiple,
        initial=[right for _list, rights in groups for right, _label in rights if right in has]) for module, groups in found.items()}


@action(Position, _("Set rights"), verb="rights", roles=HEAD, icon="shield-check", fields=_fields, done=_("In force at the next click."),
        check=lambda actor, position, data: not_own(actor, position))
def rights(actor, position, **ticked):
    """What may be opened, taken out and done, list by list; kept as deviations from what the role may by itself."""
    position.allow = by_list.deviations(position, {right for found in ticked.values() for right in found})


def kinds(position=None):
    """Lists whose rows belong to somebody, by the name of their kind."""
    found = {r.model._meta.label_lower: str(r.label) for r in registry.registers.values()
             if r.main and r.model.scope is not None and not r.model.scope.public and not r.model.scope.via}
    return {**{kind: kind for kind in (position.scopes if position else {})}, **found}


@action(Position, _("Set rows by list"), verb="scopes", roles=HEAD, icon="eye", done=_("In force at the next click."),
        check=lambda actor, position, data: not_own(actor, position),
        initial=lambda actor, position: {"scopes": [{"kind": kind, "scope": scope} for kind, scope in position.scopes.items()]},
        fields=lambda actor, position=None: {"scopes": Lines({
            "kind": forms.ChoiceField(label=_("List"), choices=sorted(kinds(position).items(), key=lambda pair: pair[1])),
            "scope": forms.ChoiceField(label=_("Sees rows of"), choices=SCOPES)}, label=_("Where it differs from the position"), required=False)})
def scopes(actor, position, *, scopes):
    """Lists in which the holders see fewer or more rows than the position does elsewhere."""
    kinds = [row["kind"] for row in scopes]
    if len(set(kinds)) < len(kinds):
        raise Invalid({"scopes": [__("Each list once.")]})
    position.scopes = {row["kind"]: row["scope"] for row in scopes}
