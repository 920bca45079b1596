"""Every kind of entry and of move that the house books has a name that people read."""

import ast

from yiwei.ledger.models.goods import MOVES
from yiwei.ledger.models.money import ENTRIES
from yiwei.ops import paths

BOOKED = {"post": dict(ENTRIES), "move": dict(MOVES), "move_each": dict(MOVES)}


def test_what_is_booked_has_a_name():
    found = 0
    for path in paths.PACKAGE.rglob("*.py"):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(getattr(node, "func", None), "attr", "") if isinstance(node, ast.Call) else ""
            if name in BOOKED and len(node.args) > 2 and getattr(node.args[0], "id", "") == "actor" and isinstance(node.args[1], ast.Constant):
                assert node.args[1].value in BOOKED[name], (path, node.args[1].value)
                found += 1
    assert found > 15
