"""The ledgers to look into."""

from django.utils.translation import gettext_lazy as _

from yiwei.kernel.screens.registers.register import Column, Register, Tab

from ..models.goods import GoodsMove
from ..models.money import MoneyBalance, MoneyEntry, MoneyPosting

FINANCE = "general_manager finance_manager accountant"


class Entries(Register):
    model = MoneyEntry
    label = _("Money ledger")
    module, icon, position = "finance", "book", 900
    roles = FINANCE
    columns = ["at", "kind", "source_text", "booking_month", "reversal_of"]
    filters = ["kind", "at"]
    tabs = [Tab("postings", _("Postings"), MoneyPosting, "entry", ["account", "amount", "sub_id", "party"])]


class Balances(Register):
    model = MoneyBalance
    label = _("Balances")
    module, icon, position = "finance", "scale", 910
    roles = FINANCE
    columns = ["account", "sub_id", "party", "amount"]
    filters = ["account"]


class Moves(Register):
    model = GoodsMove
    label = _("Goods ledger")
    module, icon, position = "stock", "arrows-exchange", 900
    roles = f"{FINANCE} storekeeper purchaser"
    columns = ["at", "kind", Column("product", _("product"), "link"), "qty", "value", "from_location", "to_location",
               "source_text"]
    filters = ["kind", "product", "at"]
