"""Building, unit and room out of the ways in which people write them."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from .communities import Community
from .communities import community as parse_community
from .errors import BadValue, shown
from .numerals import CHARACTERS, number
from .regions import split_region
from .text import HAN, fold, simplified

_CN = f"[{CHARACTERS}]{{1,5}}"
_NO = rf"(?:\d{{1,4}}|{_CN})"
_BUILDING = rf"(?:[A-Z]{{0,2}}-?\d{{1,3}}[A-Z]?|[A-Z]|{_CN}|[甲乙丙丁戊])"
_BUILDING_WORD = r"(?:号楼|#楼|号院|栋楼|楼栋|栋|幢|座|#|号(?=[^室房户]))"
_UNIT = rf"(?:{_NO}|[A-Z]|[甲乙丙丁东西中南北])"
_UNIT_WORD = r"(?:单元|单位|门洞|门|梯|U)"
_ROOM = rf"(?:\d{{2,5}}[A-Z]?|[A-Z]\d{{0,2}}|\d{{1,2}}[A-Z]|{_CN})"
_ROOM_WORD = r"(?:室|房间|房|号房|号|户)"
_FLOOR = rf"(?P<floor>\d{{1,2}}|{_CN})(?:层|楼|F)-?(?P<flat>\d{{1,2}}[A-Z]?|[A-Z]|{_CN})(?:{_ROOM_WORD})?"
_S = r"[-,.、/_]?"

# Each form must reach the end of the text; what stands before it is the community.
_FORMS = tuple(re.compile(form + "$") for form in (
    rf"(?P<b>{_BUILDING}){_BUILDING_WORD}{_S}(?:(?P<u>{_UNIT}){_UNIT_WORD}{_S})?{_FLOOR}",
    rf"(?P<u>{_UNIT}){_UNIT_WORD}{_S}{_FLOOR}",
    rf"(?P<b>{_BUILDING}){_BUILDING_WORD}{_S}(?P<u>{_UNIT})(?:{_UNIT_WORD}|#){_S}(?:(?P<r>{_ROOM}){_ROOM_WORD}?)?",
    rf"(?P<b>{_BUILDING}){_BUILDING_WORD}{_S}(?P<u>\d{{1,2}}|[A-Z])-(?P<r>{_ROOM}){_ROOM_WORD}?",
    rf"(?P<b>{_BUILDING}){_BUILDING_WORD}{_S}(?:(?P<r>{_ROOM}){_ROOM_WORD}?)?",
    rf"(?P<b>{_BUILDING})楼{_S}(?P<u>{_UNIT}){_UNIT_WORD}{_S}(?:(?P<r>{_ROOM}){_ROOM_WORD}?)?",
    rf"(?P<b>{_BUILDING})楼{_S}(?P<r>\d{{3,4}}[A-Z]?){_ROOM_WORD}?",
    _FLOOR,
    rf"(?P<b>[A-Z]?\d{{1,3}}[A-Z]?|[A-Z])-(?P<u>\d{{1,2}}|[A-Z])-(?P<floor>\d{{1,2}})-(?P<flat>\d{{1,2}}){_ROOM_WORD}?",
    rf"(?P<b>[A-Z]?\d{{1,3}}[A-Z]?|[A-Z])[-/.,_](?P<u>\d{{1,2}}|[A-Z])(?:{_UNIT_WORD}|[-/.,_]|{_UNIT_WORD}[-/.,_])(?P<r>\d{{1,4}}[A-Z]?){_ROOM_WORD}?",
    rf"(?P<b>[A-Z]?\d{{1,3}}[A-Z]?|[A-Z])[-/,_](?P<r>\d{{3,4}}[A-Z]?){_ROOM_WORD}?",
    rf"(?P<u>{_UNIT}){_UNIT_WORD}{_S}(?:(?P<r>{_ROOM}){_ROOM_WORD}?)?",
    rf"(?P<r>\d{{3,5}}[A-Z]?|{_CN}){_ROOM_WORD}",
    r"(?P<r>\d{3,4}[A-Z]?)",
    r"(?P<b>[A-Z]?\d{1,3}[A-Z]?)-(?P<u>\d{1,2})",
    rf"(?P<b>{_BUILDING})楼",
))
_HEAD = re.compile(r"^(?:地址|住址|小区|楼盘)[:：]")
_ASIDE = re.compile(r"\((?![^)]*(?:期|区)\))[^)]*\)")
_MARKUP = re.compile(r"[<>{}=;\\|]|--|https?:")
_ORDINAL = re.compile(rf"第(?={_NO}(?:号楼|栋|幢|座|单元|层|楼|室))")
_CALLED = re.compile(rf"(?<=[室房户号{CHARACTERS}\dA-Z])(?:(?![{CHARACTERS}])[{HAN}]){{2,4}}$")   # a person's name behind the room


@dataclass(frozen=True, slots=True)
class Address:
    """A house. Numbers are plain: building '14', unit '1', room '804'; '' where not given."""

    city: str = ""
    district: str = ""
    community: Community = field(default_factory=Community)
    building: str = ""
    unit: str = ""
    room: str = ""

    @property
    def phase(self):
        return self.community.phase

    @property
    def has_house(self):
        """Whether one flat is meant, not only an estate or a building."""
        return bool(self.community and self.room)

    def __str__(self):
        phase = f"{self.phase}期" if self.phase.isdigit() else self.phase
        parts = [self.community.name + phase, *(p for p in (self.building, self.unit, self.room) if p)]
        return "-".join(p for p in parts if p)


def address(value, community=None):
    """An address taken apart; `community` is the estate where another column names it. Refuses markup only.

    What cannot be read as building, unit or room stays empty rather than guessed.
    """
    text = fold(value).strip("'")
    given = fold(community).strip("'")
    for part in (text, given):
        if _MARKUP.search(part):
            raise BadValue("“%(value)s” is not an address.", value=shown(part))
    if not text and not given:
        raise BadValue("An address is missing.")
    return _address(text, given)


@lru_cache(maxsize=50_000)
def _address(text, given):
    text = _ASIDE.sub("", _plain(text)) or _plain(text)
    estate = parse_community(given)
    city, district, text = split_region(text)
    prefix, parts = _house(_after(text, given, estate))
    if not parts.get("room") and _CALLED.search(text):
        cut = _house(_after(_CALLED.sub("", text), given, estate))
        prefix, parts = cut if len(cut[1].get("room", "")) >= 3 else (prefix, parts)
    if not estate:
        estate = parse_community(prefix)
    elif not estate.phase:
        named = parse_community(prefix)
        if named.base == estate.base and named.phase:
            estate = Community(estate.name, estate.base, estate.suffix, named.phase)
    return Address(city, district, estate, **parts)


def _plain(text):
    text = re.sub(r"(?<=\d) (?=\d)", "-", simplified(text).upper())
    text = re.sub(r"\s|[。;]+$", "", text)
    text = _ORDINAL.sub("", _HEAD.sub("", text))
    return re.sub(r"[#]+", "#", text.replace("号#", "#").replace("＃", "#"))


def _after(text, given, estate):
    """The text from the estate's name on, where the name is known and stands in it."""
    for name in (_plain(given), estate.name, estate.base):
        at = text.find(name) if len(name) >= 2 else -1
        if at >= 0:
            return text[at:]
    return text


def _house(text):
    """(what stands before the house, its parts); the longest house that any form finds wins."""
    best = None
    for form in _FORMS:
        match = form.search(text)
        if match and (best is None or match.start() < best.start()):
            best = match
    if best is None:
        return text.strip("-,."), {}
    found = best.groupdict()
    room = _floor_room(found) if found.get("floor") else _number(found.get("r"))
    unit = _number(found.get("u"))
    return text[:best.start()].strip("-,."), {"building": _number(found.get("b")), "unit": unit, "room": room}


def _floor_room(found):
    floor, flat = number(found["floor"]), found["flat"]
    count = number(flat)
    if floor is None:
        return ""
    return f"{floor}{count:02d}" if count is not None else f"{floor}{flat}"


def _number(text):
    """'08' -> '8', '十二' -> '12', 'A03' -> 'A3'."""
    if not text:
        return ""
    value = number(text)
    if value is not None:
        return str(value)
    match = re.match(r"^([A-Z]*)-?0*(\d*)([A-Z]*)$", text)
    return "".join(match.groups()) if match else text
