"""The honest dashboard docs/functions.md: every function with its screen, its API path and its tests."""

import ast
import re
from pathlib import Path

from django.utils import translation

from yiwei.kernel.base import registry

from .functions import FUNCTIONS, PAGES

ROOT = Path(__file__).resolve().parents[4]
PATH = ROOT / "docs" / "functions.md"
CODE = re.compile(r"\b[A-Z]{3}-\d+\b")
HEAD = """# Functions

Made by `./yiwei manage functions` from the registry; a test keeps it true. **works**: a test goes through the real screen
or API of it, by the roles whose work it is. **screen**: it has its screens and API, opened for every role by the sweep
(`tests/test_every_register.py`), but no test does its work there yet. **not yet**: it is not there.

| code | function | 功能 | screen | API | tests | state |
|---|---|---|---|---|---|---|
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


def render():
    """The whole page."""
    with translation.override("en"):
        shown, tested, lines = screens(), covers(), []
        for code, (english, chinese) in FUNCTIONS.items():
            found = shown.get(code, [])
            if code in PAGES and not found:
                found = [(*PAGES[code], "")]
            tests = tested.get(code, [])
            state = "works" if found and tests else "screen" if found else "not yet"
            lines.append("| " + " | ".join([
                code, english, chinese, "<br>".join(f"{label} `{url}`" for label, url, _api in found) or "–",
                "<br>".join(f"`{api}`" for _l, _u, api in found if api) or "–",
                "<br>".join(f"`{t}`" for t in tests) or "–", state]) + " |")
    counts = {s: sum(line.endswith(f"| {s} |") for line in lines) for s in ("works", "screen", "not yet")}
    summary = f"\n{len(lines)} functions: " + ", ".join(f"{n} {s}" for s, n in counts.items()) + ".\n"
    return HEAD + "\n".join(lines) + "\n" + summary
