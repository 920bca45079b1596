"""A new dealer's administrator begins with the first steps."""

from django.urls import reverse
from django.utils.translation import gettext as _

from yiwei.kernel.screens.home import block, landing
from yiwei.platform.hooks import onboarding


@landing
def first_steps(actor):
    """The page of the first steps, while they are open."""
    return reverse("start") if onboarding.is_open(actor) else None


@block(order=0)
def still_open(actor):
    """The way back to the first steps for who went on to the first page."""
    if not onboarding.is_open(actor):
        return {}
    found = onboarding.steps(actor)
    return {"cards": [{"label": _("First steps"), "count": f"{sum(s.done for s in found)}/{len(found)}", "url": reverse("start"),
                       "icon": "list-check", "tone": "orange"}]}
