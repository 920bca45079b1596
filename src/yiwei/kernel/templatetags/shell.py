"""What the pages need beyond Django's own tags: icons, tones, query strings."""

import re
from functools import lru_cache
from pathlib import Path

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from yiwei.kernel.screens.registers import cells

register = template.Library()
SPRITE = Path(__file__).resolve().parent.parent / "static" / "kernel" / "vendor" / "icons.svg"
TONES = {"error": "danger", "red": "danger", "debug": "info", "orange": "warning", "yellow": "warning",
         "green": "success", "": "info"}


@lru_cache(maxsize=1)
def icon_names():
    """Names in the sprite (made by tools/vendor_assets.py)."""
    return frozenset(re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text(encoding="utf-8")))


@register.simple_tag
def icon(name, extra=""):
    """An icon of the sprite; one that is not there yet becomes a point."""
    name = name if name in icon_names() else "point"
    return format_html('<svg class="icon {}" aria-hidden="true"><use href="{}#{}"></use></svg>', extra,
                       static("kernel/vendor/icons.svg"), name)


@register.simple_tag
def cell_html(cell, void=False):
    """What stands in one cell."""
    return mark_safe(cells.html_of(cell, void))  # escaped there


@register.simple_tag
def row_cells(row, bulk=None, peek=None):
    """The cells of a row of a list."""
    return cells.row_html(row, bool(bulk), bool(peek))


@register.filter
def tone(value):
    """One of danger, warning, success, info for whatever a room called it."""
    value = str(value or "")
    return TONES.get(value, value if value in ("danger", "warning", "success") else "info")


@register.filter
def filesize(value):
    """A size in KB or MB."""
    value = int(value or 0)
    return f"{value / 2**20:.1f} MB" if value >= 2**20 else f"{max(1, value // 1024)} KB"


@register.filter
def folded(buttons, shown=3):
    """Whether some buttons belong into the menu: those beyond the first few, and the grey ones."""
    return len(buttons or ()) > shown or any(b["disabled"] for b in buttons or ())
