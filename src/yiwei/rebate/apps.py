from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RebateConfig(AppConfig):
    name = "yiwei.rebate"
    verbose_name = _("Channel rebates")
