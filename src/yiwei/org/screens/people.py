"""Employees, positions and who stands in for whom (SYS-01, SYS-02)."""

from django import forms
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base import registry
from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.records import holdings
from yiwei.kernel.screens.registers.register import Column, Register, Tab
from yiwei.org.rules import rights, seeing
from yiwei.org.rules.duties import conflicts

from ..actions.position import kinds, not_own
from ..models.employee import Delegation, Employee
from ..models.move import EmployeeMove
from ..models.outlet import Outlet, Region
from ..models.position import MASKS, SCOPES, Position
from .places import HEAD


def _names(model, ids):
    return "、".join(model.objects.filter(pk__in=ids).order_by("id").values_list("name", flat=True)) if ids else ""


FURTHER = [Column("more_outlets", _("further outlets"), "text", value=lambda e: _names(Outlet, e.more_outlets)),
           Column("more_regions", _("further regions"), "text", value=lambda e: _names(Region, e.more_regions))]


class Employees(Register):
    model = Employee
    label = _("Employees")
    code, module, icon, position = "SYS-01", "system", "users", 10
    roles, editors, exporters = f"region_director store_manager finance_manager {HEAD}", HEAD, HEAD
    columns = ["name", "number", "position", "outlet", "phone", "superior", "entered_on", "state"]
    filters = ["position", "outlet", "department", "superior", "state"]
    sections = [(_("About the colleague"), ["number", "name", "phone", "email", "entered_on", "left_on", "skills", "pay_scheme"]),
                (_("Place"), ["position", "outlet", "department", "superior", *FURTHER])]
    tabs = [Tab("below", _("Works for this person"), Employee, "superior", ["name", "number", "position", "outlet", "state"]),
            Tab("moves", _("Moves"), EmployeeMove, "employee",
                ["from_day", "outlet_before", "outlet_after", "position_before", "position_after", "reason", "done"], order="-from_day"),
            Tab("stand-ins", _("Stand-ins"), Delegation, "of", ["to", "from_day", "to_day", "acting"], order="-from_day")]
    search_hint = _("Name, number or phone")
    importable = True

    @classmethod
    def panels(cls, actor, obj):
        """What the person holds, for those who see to the hand-over."""
        if not actor.can("org.employee.leave"):
            return []
        held = [{"label": h.label, "count": n, "url": _list_url(h, obj, actor)} for h, n in holdings.counts(obj.pk) if not h.ends]
        return [{"title": __("Holds now"), "template": "org/holds.html", "held": held}] if held else []

    @classmethod
    def notices(cls, actor, obj):
        planned = EmployeeMove.objects.filter(employee=obj, done=False).select_related("outlet_after", "position_after").order_by("from_day")
        return [{"tone": "info", "text": __("From %(day)s: %(outlet)s, %(position)s.") % {
            "day": m.from_day, "outlet": m.outlet_after, "position": m.position_after}} for m in planned]


def _list_url(holding, member, actor):
    """The list of what is held, where the list can be filtered by the person."""
    register = registry.register_of(holding.model)
    if register is None or not register.allowed(actor) or holding.field not in register.filters:
        return ""
    return f"{register.url()}?{holding.field}={member.pk}"


def _scopes(position):
    lists, scopes = kinds(position), dict(SCOPES)
    return "、".join(f"{lists.get(kind, kind)}: {scopes.get(scope, scope)}" for kind, scope in position.scopes.items())


class Positions(Register):
    model = Position
    label = _("Positions")
    code, module, icon, position = "SYS-02", "system", "id-badge", 20
    roles, editors = HEAD, HEAD
    columns = ["name", "code", "data_scope", "discount_floor", "special_quota", "active"]
    form = ["code", "name", "base", "data_scope", "allow", "scopes", "masks", "discount_floor", "special_quota"]
    sections = [(_("Position"), ["code", "name", "base", "discount_floor", "special_quota"]),
                (_("What holders see and may do"), ["data_scope", Column("scopes", _("scope by kind"), value=_scopes), Column(
                    "masks", _("hidden fields"), value=lambda p: "、".join(str(label) for name, label in MASKS if name in p.masks)),
                    Column("allow", _("deviations"), value=rights.words)])]
    tabs = [Tab("people", _("Employees"), Employee, "position", ["name", "number", "outlet", "state"])]
    order = "id"

    @classmethod
    def check(cls, actor, obj, data):
        not_own(actor, obj)
        if not isinstance(data["allow"] or [], list) or not all(isinstance(v, str) for v in data["allow"] or []):
            raise Invalid({"allow": [__("Give a list of names.")]})
        scopes = data["scopes"] or {}
        if not isinstance(scopes, dict) or not set(map(str, scopes.values())) <= {code for code, _label in SCOPES}:
            raise Invalid({"scopes": [__("Give a scope for each kind.")]})

    @classmethod
    def inputs(cls, fields):
        label = fields["masks"].label
        for name in ("allow", "scopes"):   # people tick them, see “Rights” and “Rows by list”
            fields[name].widget = forms.HiddenInput()
        fields["masks"] = forms.MultipleChoiceField(choices=MASKS, required=False, label=label, widget=forms.CheckboxSelectMultiple)
        return fields

    @classmethod
    def notices(cls, actor, obj):
        """A warning for every kind of document that one holder could enter and approve alone."""
        said = __("Conflicting duties: %(what)s can be entered (%(enter)s) and approved (%(approve)s) by one person.")
        return [{"tone": "warning", "text": said % {
            "what": cls._called(model), "enter": "、".join(str(a.label) for a in enter), "approve": "、".join(str(a.label) for a in approve)}}
            for model, enter, approve in conflicts(seeing.holder(obj))]

    @classmethod
    def flags(cls, actor, obj):
        return [{"label": __("conflicting duties"), "color": "orange"}] if conflicts(seeing.holder(obj)) else []

    @staticmethod
    def _called(model):
        register = registry.register_of(model)
        return register.label if register else model._meta.verbose_name

    @classmethod
    def panels(cls, actor, obj):
        return [{"title": __("See as a holder of this position"), "template": "org/see_as.html", **seeing.preview(obj)}]


class Delegations(Register):
    """Who stands in for whom; with the rights of the position he is acting manager for these days."""

    model = Delegation
    label = _("Stand-ins")
    code, module, icon, position = "SYS-02", "system", "user-share", 40
    roles, editors = HEAD, HEAD
    columns = [Column("whose", _("employee or position"), "text", link=True, value=lambda d: str(d.of or f"{d.outlet} {d.position}")), "to",
               "from_day", "to_day", "acting"]
    filters = ["of", "to", "acting", "from_day"]
    with_related = ("of", "position", "outlet")
    form = ["of", "position", "outlet", "to", "acting", "from_day", "to_day"]
    help = _("A stand-in signs approvals. “With the rights of the position” also opens lists and actions of the position for these days.")

    @classmethod
    def check(cls, actor, obj, data):
        if data["to"].pk == actor.id and (data["of"] is None or data["of"].pk != actor.id):
            raise Refused(__("Nobody can do this to himself."))
        if data["of"] is None and not (data["position"] and data["outlet"]):
            raise Invalid({"of": [__("Name the employee, or the vacant position and its outlet.")]})
        if data["of"] is None and not data["acting"]:
            raise Invalid({"acting": [__("Who holds a vacant position has its rights.")]})
        if data["of"] is not None and data["of"] == data["to"]:
            raise Invalid({"to": [__("This is the same person.")]})
        if data["to"].state != "active":
            raise Invalid({"to": [__("This person is not at work.")]})
        if data["to_day"] < data["from_day"]:
            raise Invalid({"to_day": [__("This is before the first day.")]})
