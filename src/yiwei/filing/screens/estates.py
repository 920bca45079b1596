"""The dealer's table of estates under other names, with what verdicts propose (CRM-03)."""

from django.utils.translation import gettext_lazy as _

from yiwei.filing.models.estate import EstateAlias
from yiwei.kernel.screens.home import Pending
from yiwei.kernel.screens.registers.register import Register
from yiwei.kernel.work.actions.action import MESSAGES, action

KEEPERS = "channel_manager general_manager tenant_admin"
MESSAGES["filing_estatealias_once"] = _("This name already stands for an estate.")
MESSAGES["filing_estatealias_other"] = _("This is the name of the estate itself.")


class EstateAliases(Register):
    model, label = EstateAlias, _("Names of estates")
    code, module, icon, position = "CRM-03", "customers", "building-community", 45
    roles, editors, exporters = f"{KEEPERS} channel_rep region_director", KEEPERS, "channel_manager"
    columns = ["alias", "estate", "state", "filing", "active"]
    filters = ["state", "active"]
    form = ["alias", "estate"]
    importable = True
    search_hint = _("Name of an estate")
    help = _("Filings and customers under any of these names are compared as of one estate. Verdicts propose what they teach.")


@action(EstateAlias, _("Confirm"), verb="keep", sources=("proposed", "refused"), target="kept", roles=KEEPERS, style="success", icon="check",
        bulk=True)
def keep(actor, alias):
    """From now on both names mean one estate."""


@action(EstateAlias, _("Refuse"), verb="refuse", sources=("proposed", "kept"), target="refused", roles=KEEPERS, icon="x", bulk=True)
def refuse(actor, alias):
    """The names mean two estates."""


Pending(EstateAlias, ("proposed",), "filing.estatealias.keep", _("Names of estates to confirm"), order=30)
