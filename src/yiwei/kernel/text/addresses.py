"""Houses out of the ways in which people write them: city, estate, building, unit and room."""

import re
import unicodedata
from dataclasses import dataclass, field, replace
from functools import lru_cache

from .communities import Community
from .communities import community as parse_community
from .errors import BadValue, shown
from .flats import NUMBER, forwards, house, once, storey
from .numerals import CHARACTERS
from .phones import apart
from .regions import split_region
from .text import HAN, fold, simplified

_HEAD = re.compile(r"^(?:(?:地址|住址|小区|楼盘|量尺|安装|送货)地?址?[:： ]|(?:家?住在?|家在)(?=[\u4e00-\u9fff]))")
_ASIDE = re.compile(r"\((?![^)]*(?:期|区)\))[^)]*\)|【[^】]*】|\[[^\]]*\]")
_KEPT = re.compile(r"[(【\[]([\dA-Z\-]+室?|[^()】\]]{0,6}\d(?:号楼|栋|幢|座|单元|室)[^()】\]]{0,12})[)】\]]")
_MARKUP = re.compile(r"[<>{}=;\\|]|--|https?:")
_ORDINAL = re.compile(rf"第(?={NUMBER}(?:号楼|栋|幢|座|单元|层|楼|室))")
_BEHIND = re.compile(rf"(?<=[室房户号层{CHARACTERS}\dA-Z])[-,.、/ ]*(?!单元|单位|[栋幢层楼座单门梯])(?:(?![{CHARACTERS}])[{HAN}]){{2,8}}$")   # a name, 精装, 已交房
_ROOM_FIRST = re.compile(r"^(\d{3,4}[A-Z]?)[ ,]+(?=\d{1,2}单元|\d{1,3}(?:栋|幢|号楼|座))")
_UNIT_ASIDE = re.compile(r"[(【\[]\d{1,2}单元[)】\]]$")
_TWO_ROOMS = re.compile(r"^(?P<head>.*[栋幢座元楼门\-])(?P<a>\d{3,4})(?:室|房)?\s*[/、,和\-]\s*(?P<b>\d{3,4})(?:室|房)?$")
_CLAUSE = re.compile(r"[,，。!！?？~]")
_BETWEEN = re.compile(rf"[;；\n]|(?<=[\d室房户号])[/、和及&](?=[{HAN}])")


@dataclass(frozen=True, slots=True)
class Address:
    """A house. Numbers are plain: building '14', unit '1', room '804'; '' where not given. A villa has a building and no room."""

    city: str = ""
    district: str = ""
    community: Community = field(default_factory=Community)
    building: str = ""
    unit: str = ""
    room: str = ""
    villa: str = ""

    @property
    def phase(self):
        return self.community.phase

    @property
    def has_house(self):
        """Whether one home is meant, not only an estate or a building."""
        return bool(self.community and (self.room or self.villa == "sure"))

    @property
    def told(self):
        """As it is shown beside another: with the city where it is known."""
        return " ".join(p for p in (self.city, str(self)) if p)

    def __str__(self):
        phase = f"{self.phase}期" if self.phase.isdigit() else self.phase
        parts = [self.community.name + phase, *(p for p in (self.building, self.unit, self.room) if p)]
        return "-".join(p for p in parts if p)


def address(value, community=None):
    """An address taken apart; `community` is the estate where another column names it. Refuses markup only.

    What cannot be read as building, unit or room stays empty rather than guessed; telephone numbers in it are no house.
    """
    text, given = fold(value).strip("'"), fold(community).strip("'")
    for part in (text, given):
        if _MARKUP.search(part):
            raise BadValue("“%(value)s” is not an address.", value=shown(part))
    text = apart(text)[0]
    if not text and not given:
        raise BadValue("An address is missing.")
    return _address(text, given)


def addresses(value, community=None):
    """Every house that a text may mean, the likeliest first: two homes in one cell, and 17-2 as the room 1702 too."""
    raw = fold(value).strip("'")
    two = _TWO_ROOMS.match(raw)
    if two and two["a"][:-2] == two["b"][:-2]:   # two flats of one floor bought together
        return tuple(address(two["head"] + two[room], community) for room in "ab")
    pieces = [p for p in _BETWEEN.split(raw) if p.strip()] if _BETWEEN.search(raw) else [raw]
    found = []
    for piece in pieces:
        try:
            found.append(address(piece, community if len(pieces) == 1 else None))
        except BadValue:
            continue
    if len(pieces) > 1 and not (len(found) == len(pieces) and all(a.building and (a.room or a.villa) for a in found)):
        found = [address(raw.replace(";", " "), community)]
    if not found:
        return (address(raw, community),)
    first = found[0]
    room = storey(_plain(apart(raw)[0])) if first.community and first.building and first.unit and not first.room else ""
    others = [replace(first, building="", unit="", room=room)] if room else []
    return tuple(dict.fromkeys([*(_in_estate(a, community) for a in found), *others]))


def _in_estate(found, community):
    """A home of which only the other column names the estate."""
    return found if found.community or not community else replace(found, community=parse_community(fold(community)))


@lru_cache(maxsize=50_000)
def _address(text, given):
    text = _UNIT_ASIDE.sub("", text)
    text = _plain(_ASIDE.sub("", _KEPT.sub(r"\1", simplified(text)))) or _plain(text)
    estate = parse_community(given)
    said_city, said_county, _rest = split_region(_plain(given)) if given else ("", "", "")
    city, district, text = split_region(text)
    prefix, parts = _longest(_after(text, given, estate))
    if not estate:
        estate = parse_community(prefix)
    elif not estate.phase:
        named = parse_community(prefix)
        if named.base == estate.base and named.phase:
            estate = Community(estate.name, estate.base, estate.suffix, named.phase)
    if parts.get("villa") and not estate and re.search(r"[路街道弄巷]$", prefix):
        parts = {}
    return Address(city or said_city, district or said_county, estate, **parts)


def _longest(text):
    """The house in a text, behind which a remark or a name may stand."""
    found = house(text)
    if found[1].get("room"):
        return found
    for cut in (_BEHIND.sub("", text), *(_clauses(text)), *(_BEHIND.sub("", c) for c in _clauses(text))):
        other = house(cut) if cut != text else found
        if len(other[1].get("room", "")) >= 3 or (other[1].get("building") and not found[1]):
            return other
    return found


def _clauses(text):
    """What stands before the first, second … comma."""
    ends = [m.start() for m in _CLAUSE.finditer(text)]
    return [text[:end] for end in reversed(ends)]


def _plain(text):
    text = re.sub(r"(?<=\d)[·•](?=\d)", "-", simplified(text).upper())
    text = "".join(c for c in text if c == "○" or unicodedata.category(c) not in ("So", "Sk", "Mn", "Cs"))
    text = _ROOM_FIRST.sub(r"\1室", _HEAD.sub("", text.strip()))
    text = re.sub(r"(?<=\d) (?=\d)", "-", text)
    text = re.sub(r"\s|[。;,~!]+$", "", text)
    text = once(forwards(_ORDINAL.sub("", text)))
    return re.sub(r"[#]+", "#", text.replace("号#", "#").replace("＃", "#"))


def _after(text, given, estate):
    """The text from the estate's name on, where the name is known and stands in it."""
    for name in (_plain(given), estate.name, estate.base):
        at = text.find(name) if len(name) >= 2 else -1
        if at >= 0:
            return text[at:]
    return text
