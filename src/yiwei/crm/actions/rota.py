"""The rota at the door: joining it, stepping out, letting somebody pass (CRM-01)."""

from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.crm.rules import fields
from yiwei.kernel.base import registry
from yiwei.kernel.base.errors import Refused
from yiwei.kernel.work.actions.action import action

from ..models.rota import RotaSeat

GUIDES = "guide store_manager"
FOR_COLLEAGUES = "crm.rotaseat.for_colleagues"
registry.grant(FOR_COLLEAGUES, "store_manager", _("Keep the rota and count visitors for colleagues"))


def _who(actor, obj=None):
    """A manager may seat a colleague; a guide only himself."""
    return {"member": fields.employees(_("Guide"), "guide", required=False)} if actor.can(FOR_COLLEAGUES) else {}


@action(RotaSeat, _("Join the rota"), verb="join", creates=True, roles=GUIDES, icon="user-plus", style="primary", fields=_who,
        done=_("In the queue."))
def join(actor, *, member=None):
    """Take turns today; whoever joins stands at the end."""
    pk, outlet = (member.pk, member.outlet_id) if member else (actor.id, actor.outlet_id)
    if outlet not in actor.outlet_ids:
        raise Refused(__("This colleague works in another outlet."))
    seat = RotaSeat.today(outlet).filter(member_id=pk).first()
    if seat is not None:
        raise Refused(__("Already in the queue of today."))
    seat = RotaSeat(outlet_id=outlet, member_id=pk, turn=RotaSeat.last(outlet), created_by_id=actor.id)
    seat.save(force_insert=True)
    return seat


def _mine(actor, seat):
    return seat.day == timezone.localdate() and (seat.member_id == actor.id or actor.can(FOR_COLLEAGUES))


@action(RotaSeat, _("Step out"), verb="pause", roles=GUIDES, icon="player-pause", show=lambda a, s: _mine(a, s) and not s.away)
def pause(actor, seat):
    """Away for a while; the next in the queue receives."""
    seat.away = True


@action(RotaSeat, _("Step in again"), verb="resume", roles=GUIDES, icon="player-play", show=lambda a, s: _mine(a, s) and s.away)
def resume(actor, seat):
    """Back at the door, at the place held before."""
    seat.away = False


@action(RotaSeat, _("Let pass"), verb="skip", roles=GUIDES, icon="arrow-down", show=lambda a, s: _mine(a, s) and not s.away)
def skip(actor, seat):
    """To the end of the queue without having received anybody."""
    seat.turn = RotaSeat.last(seat.outlet_id)


def served(outlet_id, member_id):
    """Who has received a group goes to the end of the queue."""
    seat = RotaSeat.today(outlet_id).filter(member_id=member_id).select_for_update(of=("self",)).first()
    if seat is not None:
        seat.turn, seat.received = RotaSeat.last(outlet_id), seat.received + 1
        seat.touch()
        seat.save()
