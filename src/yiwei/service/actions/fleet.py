"""Keeping crews: members and their shares (SVC-05)."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.errors import Invalid
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Lines, Pick, model_fields
from yiwei.org.models.employee import Employee

from ..models.fleet import Crew

NAMES = ["name", "leader", "rate_area", "rate_metre", "rate_door"]
ROLES = "dispatcher service_head general_manager"


def _fields(actor, crew=None):
    made = model_fields(Crew, NAMES)
    members = Lines({"employee": Pick(Employee, label=_("Member")),
                     "share": forms.DecimalField(label=_("Share %"), min_value=Decimal("0.01"), max_value=100, decimal_places=2)},
                    label=_("Members"), required=False, help_text=_("Shares sum to 100 %; empty: all to the leader."))
    if crew is not None:
        for name, field in made.items():
            field.initial = getattr(crew, name)
        members.initial = [{"employee": m["id"], "share": m["share"]} for m in crew.members]
    return {**made, "members": members}


def _members(data):
    rows = data.pop("members") or [{"employee": data["leader"], "share": Decimal(100)}]
    if sum(r["share"] for r in rows) != 100:
        raise Invalid({"members": [__("The shares must sum to 100 %.")]})
    return [{"id": r["employee"].pk, "name": r["employee"].name, "share": f"{r['share'].normalize():f}"} for r in rows]


@action(Crew, _("New"), creates=True, fields=_fields, roles=ROLES, icon="plus", style="primary", done=_("Saved."))
def create(actor, **data):
    """A crew with its leader and members."""
    members = _members(data)
    crew = Crew(created_by_id=actor.id, members=members, **data)
    crew.save(force_insert=True)
    return crew


@action(Crew, _("Edit"), files=False, fields=_fields, roles=ROLES, icon="pencil", done=_("Saved."))
def edit(actor, crew, **data):
    """Change a crew; jobs already reported keep their shares."""
    crew.members = _members(data)
    for name, value in data.items():
        setattr(crew, name, value)


@action(Crew, _("Disable"), roles=ROLES, icon="circle-off", show=lambda actor, crew: crew.active)
def disable(actor, crew):
    """The crew takes no more jobs."""
    crew.active = False
