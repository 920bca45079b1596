"""The plan of the house: rooms import only what they say they stand on, files stay short, every room says what it is."""

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src" / "yiwei"
FREE = {"kernel", "ops", "config"}   # everybody stands on these
ROOMS = sorted(p.parent.name for p in SOURCE.glob("*/apps.py"))
LONGEST = 400


def sources(room):
    return [p for p in (SOURCE / room).rglob("*.py") if "tests" not in p.parts and "migrations" not in p.parts and "testing" not in p.parts]


def imported(path):
    """Rooms that a file imports, by any form of import from the root."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""] if (
            isinstance(node, ast.ImportFrom) and not node.level) else []
        yield from (name.split(".")[1] for name in names if name.startswith("yiwei.") and name.count("."))


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_what_it_stands_on(room):
    stands_on = set(getattr(import_module(f"yiwei.{room}"), "DEPENDS", ()))
    used = {other for path in sources(room) for other in imported(path)} - {room} - FREE
    assert used <= stands_on, f"{room} imports {sorted(used - stands_on)} without naming them in DEPENDS"
    assert room == "kernel" or (SOURCE / room / "__init__.py").read_text(encoding="utf-8").startswith('"""')


def test_files_stay_short():
    long = {str(p.relative_to(SOURCE)): n for room in ROOMS for p in sources(room)
            if (n := len(p.read_text(encoding="utf-8").splitlines())) > LONGEST}
    assert long == {}


def test_rights_are_asked_never_the_code_of_a_role():
    """Who stands in for somebody has his rights, not his role."""
    asks = re.compile(r"\bactor\.role\s*(==|!=|in\b|not in\b)")
    assert [f"{p.relative_to(SOURCE)}: {line.strip()}" for room in ROOMS for p in sources(room)
            for line in p.read_text(encoding="utf-8").splitlines() if asks.search(line)] == []
