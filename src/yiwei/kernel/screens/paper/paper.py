"""Papers of registers, and their way from a template to a PDF."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

import typst
from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yiwei.kernel.base.errors import Forbidden, NotFound
from yiwei.kernel.work.disclosure import disclose, new_mark

ROOT = Path(__file__).resolve().parents[3]
FONTS = ROOT / "kernel" / "paper" / "fonts"
TAGGED = 500   # rows up to which a paper is tagged for screen readers; the tags of a long one are larger than the rest of it
REGIONS = {"zh-hans": ("zh", "CN"), "zh-hant": ("zh", "TW")}


@dataclass(frozen=True)
class Paper:
    """A printed page of a row: `template` is "room/name", `data(actor, obj)` what it says, `show(actor, obj)` whether it is offered.

    It is for everybody who sees the row; `permission` narrows that.
    """

    name: str
    label: object
    template: str
    data: Callable
    show: Callable | None = None
    permission: str = ""

    def offered(self, actor, obj):
        if actor.limits.get("read_only") or (self.permission and not actor.can(self.permission)):
            return False
        return self.show is None or bool(self.show(actor, obj))


def paper_of(register, actor, obj, name):
    """A row's paper as an answer of the server."""
    found = next((p for p in register.papers if p.name == name), None)
    if found is None:
        raise NotFound()
    if not found.offered(actor, obj):
        raise Forbidden()
    return printed(actor, f"{register.room}.{register.slug}", found.template, found.data(actor, obj), obj=obj)


@lru_cache(maxsize=1)
def fonts():
    """The house's font, those put into `var/fonts`, and the machine's for characters that neither has."""
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=False,
                       font_paths=[str(p) for p in (FONTS, Path(settings.FONTS_ROOT)) if p.is_dir()])


def render(template, data):
    """The bytes of the PDF."""
    room, _slash, name = template.partition("/")
    lang, region = REGIONS.get(get_language(), ("en", "US"))
    compiler = typst.Compiler(ROOT / room / "paper" / f"{name}.typ", root=ROOT, font_paths=fonts(),
                              sys_inputs={"data": json.dumps({"lang": lang, "region": region, **data}, ensure_ascii=False)})
    return compiler.compile(format="pdf", pdf_tags=data.get("rows", 1) <= TAGGED)


def printed(actor, source, template, data, *, obj=None, query=""):
    """The paper as an answer of the server; who took out what is written down, and stands on every page of it."""
    mark, rows = new_mark(), data.get("rows", 1)
    told = disclose(actor, "export", source, rows=rows, obj=obj, query=query, mark=mark)
    when = f"{timezone.localtime(told.at):%Y-%m-%d %H:%M}"
    line = " · ".join(t for t in (actor.tenant_name, actor.outlet_name, _("printed by %(name)s") % {"name": actor.name}, when, mark) if t)
    body = render(template, {"dealer": actor.tenant_name, "printed": line, "watermark": f"{actor.tenant_name} {actor.name} {mark}", **data})
    name = " ".join(str(t) for t in (data["title"], data.get("edition")) if t)
    return HttpResponse(body, content_type="application/pdf", headers={
        "Content-Disposition": f"inline; filename*=UTF-8''{quote(name, safe='')}.pdf"})
