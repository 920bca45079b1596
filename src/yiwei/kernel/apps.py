from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class KernelConfig(AppConfig):
    name = "yiwei.kernel"
    verbose_name = _("Kernel")

    def ready(self):
        from . import checks  # noqa: F401
        from .base import discover, lookups  # noqa: F401
        discover.shelves()
        post_migrate.connect(_guards, dispatch_uid="kernel-guards")


def _guards(sender, app_config, using, plan=(), **kwargs):
    """Once all rooms are migrated, the database's own guards follow the models."""
    from django.apps import apps

    from .records.tenancy import guards
    last = [c for c in apps.get_app_configs() if c.models_module][-1]
    if app_config.name == last.name:
        guards.install(using)
