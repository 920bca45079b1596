"""Every message of every room speaks simplified and traditional Chinese, with the same placeholders."""

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PLACE = re.compile(r"%\(\w+\)[sd]|%[sd]")


def tool():
    spec = importlib.util.spec_from_file_location("collect_messages", ROOT / "tools" / "collect_messages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOOL = tool()
ROOMS = sorted(p.parent.name for p in (ROOT / "src" / "yiwei").glob("*/apps.py"))


@pytest.mark.parametrize("language", ["zh_Hans", "zh_Hant"])
@pytest.mark.parametrize("room", ROOMS)
def test_nothing_is_left_in_english(room, language):
    known = TOOL.catalogue(room, language)
    missing = [m for m in TOOL.collect(room) if not known.get(m)]
    assert not missing, f"tools/collect_messages.py {room}, then translate"


@pytest.mark.parametrize("language", ["zh_Hans", "zh_Hant"])
@pytest.mark.parametrize("room", ROOMS)
def test_placeholders_agree(room, language):
    wrong = {m: t for m, t in TOOL.catalogue(room, language).items() if t and sorted(PLACE.findall(m)) != sorted(PLACE.findall(t))}
    assert not wrong


@pytest.mark.parametrize("language", ["zh_Hans", "zh_Hant"])
def test_one_english_word_has_one_chinese_in_all_rooms(language):
    """The catalogues of the rooms become one: of two translations of the same words the last one read would stand everywhere."""
    found = {}
    for room in ROOMS:
        for message, text in TOOL.catalogue(room, language).items():
            found.setdefault(message, {}).setdefault(text, []).append(room)
    assert {message: texts for message, texts in found.items() if len(texts) > 1} == {}
