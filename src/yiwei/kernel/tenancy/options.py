"""What a dealer may set for the whole house, with the default the house comes with."""

from . import context
from .models import Tenant


def option(name, default):
    """The dealer's own value of a setting, or the default; read as the default's type."""
    found = Tenant.objects.filter(pk=context.tenant_id()).values_list("settings", flat=True).first() or {}
    value = found.get(name)
    return default if value in (None, "") else type(default)(value)
