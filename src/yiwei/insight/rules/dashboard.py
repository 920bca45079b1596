"""The honest dashboard docs/functions.md: every function with its screen, its API path and its tests."""

import ast
import json
import re
from pathlib import Path

from django.utils import translation

from yiwei.kernel.base import registry

from .functions import FUNCTIONS, PAGES

ROOT = Path(__file__).resolve().parents[4]
PATH = ROOT / "docs" / "functions.md"
CODE = re.compile(r"\b[A-Z]{3}-\d+\b")
PERFORMED = ROOT / "tests" / "performed.json"
HEAD = """# Functions

Made by `./yiwei manage functions` from the registry and from what the tests perform (`./yiwei test --record`); a test keeps it true.
**works**: every action and report of it is performed with success by some test through the door, as the role whose work it is; the sweeps
that try everything do not count. **partly**: some are; the others are listed below. **screen**: it has its screens and API, opened for
every role by the sweep, but no test does its work there. **not yet**: it is not there.

| code | function | 功能 | screen | API | tests | performed | state |
|---|---|---|---|---|---|---|---|
"""


def covers():
    """{code: [test files]} by the `COVERS = "…"` of test modules that work through screens or the API."""
    out = {}
    for path in sorted([*(ROOT / "tests").rglob("test_*.py"), *(ROOT / "src").rglob("tests/test_*.py")]):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "COVERS":
                for code in CODE.findall(node.value.value):
                    out.setdefault(code, []).append(path.relative_to(ROOT).as_posix())
    return out


def screens():
    """{code: [(label, path, API path)]} of all registers and reports."""
    out = {}
    for (room, slug), register in registry.registers.items():
        out.setdefault(register.code, []).append((str(register.label), register.url(), f"/api/v1/{room}/{slug}"))
    for slug, report in registry.reports.items():
        out.setdefault(report.code, []).append((str(report.label), report.url(), f"/api/v1/report/{slug}"))
    return out


def doings():
    """{code: names of the actions and reports that are its work}; a queue of one state has the actions that are possible in it."""
    out = {}
    for register in registry.registers.values():
        states = (register.limit or {}).get("state") if not register.main and isinstance(register.limit, dict) else None
        for act in register.actions():
            if not act.internal and (register.main or (states and states in act.sources)):
                out.setdefault(register.code, set()).add(act.name)
    for slug, report in registry.reports.items():
        out.setdefault(report.code, set()).add(f"report:{slug}")
    return out


def performed():
    """What the tests performed when they were last recorded."""
    return set(json.loads(PERFORMED.read_text(encoding="utf-8"))) if PERFORMED.exists() else set()


def state_of(found, tests, wanted, done):
    """not yet, screen, partly or works."""
    if not found:
        return "not yet"
    if not wanted:
        return "works" if tests else "screen"   # a page that is only read
    return "works" if wanted <= done else "partly" if wanted & done else "screen"


def render():
    """The whole page."""
    with translation.override("en"):
        shown, tested, wanted, done, lines, lacking = screens(), covers(), doings(), performed(), [], []
        for code, (english, chinese) in FUNCTIONS.items():
            found = shown.get(code, [])
            if code in PAGES and not found:
                found = [(*PAGES[code], "")]
            tests = tested.get(code, [])
            work = wanted.get(code, set())
            if work - done:
                lacking.append(f"- {code}: " + ", ".join(f"`{name}`" for name in sorted(work - done)))
            lines.append("| " + " | ".join([
                code, english, chinese, "<br>".join(f"{label} `{url}`" for label, url, _api in found) or "–",
                "<br>".join(f"`{api}`" for _l, _u, api in found if api) or "–",
                "<br>".join(f"`{t}`" for t in tests) or "–", f"{len(work & done)} of {len(work)}" if work else "–",
                state_of(found, tests, work, done)]) + " |")
    counts = {s: sum(line.endswith(f"| {s} |") for line in lines) for s in ("works", "partly", "screen", "not yet")}
    summary = f"\n{len(lines)} functions: " + ", ".join(f"{n} {s}" for s, n in counts.items()) + ".\n"
    return HEAD + "\n".join(lines) + "\n\n## Performed by no test\n" + "\n".join(lacking) + "\n" + summary
