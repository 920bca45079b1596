"""Nothing on any page hinders who reads with a screen reader or works by keyboard: axe finds nothing of any impact."""

from pathlib import Path

import pytest

from yiwei.kernel.base import registry

from .conftest import DESK, PHONE, Visitor

pytestmark = pytest.mark.browser
AXE = Path(__file__).parent / "vendor" / "axe.min.js"   # axe-core 4.14.1, MPL-2.0; only for tests
ASK = """async () => {
  const found = await axe.run(document, { resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
  return found.violations.map(v => `${v.impact} ${v.id}: ${v.nodes.slice(0, 3).map(n => n.html.slice(0, 180)).join(" | ")}`);
}"""


def addresses(house, actor):
    """Every list, its newest row, its board and its forms; every report; the pages of everybody."""
    yield from ["/", "/todo/", "/search/?q=王海燕", "/search/", "/notifications/", "/password/", "/security/"]
    for register in registry.registers.values():
        if not register.allowed(actor):
            continue
        yield register.url()
        if register.board:
            yield register.url("board")
        with house.dealer.inside("general_manager"):
            newest = register.rows(actor).order_by("-id").values_list("pk", flat=True).first()
        if newest:
            yield register.url("detail", newest)
        yield from [register.url("new", verb=a.verb) for a in register.actions() if a.creates and a.allowed(actor)][:1]
    yield from [r.url() for r in registry.reports.values() if r.allowed(actor)]


def findings(visitor, address):
    page = visitor.go(address)
    page.wait_for_timeout(120)   # pickers are dressed, totals have come
    return page.evaluate(ASK)


TALL = {**PHONE, "height": 4000}   # so that the bars at the foot lie over nothing: what is half under them axe takes for too small


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, TALL], ids=["desk", "phone"])
def test_axe_finds_nothing(browser, house, size, theme):
    visitor = Visitor(browser, house, "general_manager", size=size, language="zh-hans", theme=theme)
    visitor.page.add_init_script(path=AXE)
    every, found = list(addresses(house, house.dealer.actor("general_manager"))), {}
    for address in every if theme == "light" else every[:7] + every[7::5]:
        for text in findings(visitor, address):
            found.setdefault(text, address)
    visitor.context.close()
    assert not found, "\n".join(f"{address} {text}" for text, address in found.items())
