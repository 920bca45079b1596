"""Building, unit and room at the end of an address, in the forms in which people write them."""

import re

from .numerals import CHARACTERS, number

_CN = f"[{CHARACTERS}]{{1,5}}"
NUMBER = rf"(?:\d{{1,4}}|{_CN})"
_BUILDING = rf"(?:[A-Z]{{0,2}}-?\d{{1,3}}[A-Z]?|[A-Z]|{_CN}|[甲乙丙丁戊])"
_BUILDING_WORD = r"(?:号塔楼|号楼|#楼|号院|栋楼|楼栋|塔楼|号塔|栋|幢|座|塔|#|号(?=[^室房户]))"
_UNIT = rf"(?:{NUMBER}|[A-Z]|[甲乙丙丁东西中南北])"
_UNIT_WORD = r"(?:单元|单位|门洞|单|门|梯|U)"
_ROOM = rf"(?:\d{{2,5}}[A-Z]?|[A-Z]\d{{0,2}}|\d{{1,2}}[A-Z]|{_CN})"
_ROOM_WORD = r"(?:室|房间|房|号房|号|户)"
_FLOOR = rf"(?P<floor>\d{{1,2}}|{_CN})(?:层|楼|F)-?(?P<flat>\d{{1,2}}[A-Z]?|[A-Z]|[东西南北中](?=户)|{_CN})(?:{_ROOM_WORD})?"
_CELLAR = rf"(?:-|负|地下|B)(?P<cellar>[1-3一二三])(?:层|楼|F)-?(?P<flat>\d{{1,2}}|{_CN})?(?:{_ROOM_WORD})?"
_STOREY = rf"(?P<floor>\d{{1,2}})[-/.](?P<flat>\d{{1,2}}){_ROOM_WORD}?"   # 8栋12-3 is 1203, 3栋1单元21/03 is 2103
_S = r"[-,.、/_]?"
_VILLA = r"(?:别墅|独栋|联排|叠墅|叠拼|双拼|洋楼)"
_LOT = rf"(?:\d{{1,3}}(?:-\d{{1,2}}|[A-Z])?|{_CN})"
_HEAD = rf"(?P<b>{_BUILDING}){_BUILDING_WORD}"
_SHORT = r"(?P<b>[A-Z]?\d{1,3}[A-Z]?|[A-Z])"

# Each form must reach the end of the text; what stands before it is the community. Of those that begin first the first counts.
_FORMS = tuple(re.compile(form + "$") for form in (
    rf"{_VILLA}区?(?P<villa>{_LOT})(?:号院|号|栋|幢|座|#)?",
    rf"(?P<villa>{_LOT})(?:号|栋|幢|座|#)(?:院内)?{_VILLA}",
    rf"{_HEAD}(?:(?P<u>{_UNIT}){_UNIT_WORD})?{_CELLAR}",
    rf"{_HEAD}{_S}(?:(?P<u>{_UNIT}){_UNIT_WORD}{_S})?{_STOREY}",
    rf"{_HEAD}{_S}(?:(?P<u>{_UNIT}){_UNIT_WORD}{_S})?{_FLOOR}",
    rf"(?P<u>{_UNIT}){_UNIT_WORD}{_S}{_FLOOR}",
    rf"{_HEAD}{_S}(?P<u>{_UNIT})(?:{_UNIT_WORD}|#){_S}(?:(?P<r>{_ROOM}){_ROOM_WORD}?)?",
    rf"{_HEAD}{_S}(?P<u>\d{{1,2}}|[A-Z])-(?P<r>{_ROOM}){_ROOM_WORD}?",
    rf"{_HEAD}{_S}(?:(?P<r>{_ROOM}){_ROOM_WORD}?)?",
    rf"(?P<b>{_BUILDING})楼{_S}(?P<u>{_UNIT}){_UNIT_WORD}{_S}(?:(?P<r>{_ROOM}){_ROOM_WORD}?)?",
    rf"(?P<b>{_BUILDING})楼{_S}(?P<r>\d{{3,4}}[A-Z]?){_ROOM_WORD}?",
    _FLOOR,
    rf"{_SHORT}-(?P<u>\d{{1,2}}|[A-Z])-(?P<floor>\d{{1,2}})-(?P<flat>\d{{1,2}}){_ROOM_WORD}?",
    rf"{_SHORT}-(?P<floor>[1-4]\d)-(?P<flat>\d{{1,2}}){_ROOM_WORD}?",
    rf"{_SHORT}[-/.,_](?P<u>\d{{1,2}}|[A-Z])(?:{_UNIT_WORD}|[-/.,_]|{_UNIT_WORD}[-/.,_])(?P<r>\d{{1,4}}[A-Z]?){_ROOM_WORD}?",
    rf"{_SHORT}[-/,_](?P<r>\d{{3,4}}[A-Z]?){_ROOM_WORD}?",
    rf"(?P<u>{_UNIT}){_UNIT_WORD}{_S}(?:(?P<r>{_ROOM}){_ROOM_WORD}?)?",
    rf"(?P<r>\d{{3,5}}[A-Z]?|{_CN}){_ROOM_WORD}",
    r"(?P<lot>\d{1,3})(?:号院|号)",
    r"(?P<r>\d{3,4}[A-Z]?)",
    r"(?P<b>[A-Z]?\d{1,3}[A-Z]?)-(?P<u>\d{1,2})",
    rf"(?P<b>{_BUILDING})楼",
))
_BARE_FLAT = re.compile(rf"^(?:.*[^\dA-Z\-/])?(?P<floor>\d{{1,2}})[-/.](?P<flat>\d{{1,2}}){_ROOM_WORD}?$")
_BACKWARDS = re.compile(
    rf"(?P<r>\d{{2,5}}[A-Z]?|[A-Z]\d{{2,4}})(?:室|号房|房|户)[-,、/]*(?:(?P<u>{_UNIT})单元[-,、/]*)?"
    rf"(?P<b>[A-Z]{{0,2}}\d{{1,3}}|[A-Z]|{_CN})(?P<w>栋|幢|号楼|座)[-,、/]*")
_FLOOR_TOLD = re.compile(rf"(?<=[元栋幢座门梯])(?P<floor>\d{{1,2}}|{_CN})[层楼](?P<r>\d{{3,4}})(?=室|房|$)|(?<=号楼)(?P<floor2>\d{{1,2}}|{_CN})[层楼](?P<r2>\d{{3,4}})(?=室|房|$)")
_LETTERS = dict(zip("甲乙丙丁ABCD", "12341234", strict=True))
SURE, PERHAPS = "sure", "perhaps"   # how surely a lot of a villa is meant, where no room is given


def forwards(text):
    """2405室1单元12栋雅溪花园 as 雅溪花园12栋1单元2405."""
    match = _BACKWARDS.search(text)
    if not match:
        return text
    unit = f"{match['u']}单元" if match["u"] else ""
    return f"{text[:match.start()]}{text[match.end():]}{match['b']}{match['w']}{unit}{match['r']}".strip("-,")


def once(text):
    """3楼302 as 302, where the floor is told twice."""
    def room(match):
        floor, flat = match["floor"] or match["floor2"], match["r"] or match["r2"]
        return flat if flat[:-2] == str(number(floor)) else match.group()
    return _FLOOR_TOLD.sub(room, text)


def house(text):
    """(what stands before the house, {building, unit, room, villa}); the longest house that any form finds wins."""
    best = None
    for form in _FORMS:
        match = form.search(text)
        if match and (best is None or match.start() < best.start()):
            best = match
    if best is None:
        return text.strip("-,."), {}
    found = best.groupdict()
    lot = found.get("villa") or found.get("lot")
    if lot:
        return text[:best.start()].strip("-,."), {"building": _number(lot), "villa": SURE if found.get("villa") else PERHAPS}
    parts = {"building": _number(found.get("b")), "unit": _unit(found.get("u")), "room": _room(found)}
    return text[:best.start()].strip("-,."), parts


def storey(text):
    """The room where the whole house is 17-2 or 21/03, which may also be a building and its unit."""
    match = _BARE_FLAT.match(text)
    return _floor_room(match["floor"], match["flat"]) if match else ""


def _room(found):
    if found.get("cellar"):
        return "-" + _floor_room(found["cellar"], found["flat"] or "0")
    return _floor_room(found["floor"], found["flat"]) if found.get("floor") else _number(found.get("r"))


def _floor_room(floor, flat):
    floor, count = number(floor), number(flat)
    if floor is None:
        return ""
    return f"{floor}{count:02d}" if count is not None else f"{floor}{flat}"


def _unit(text):
    return _LETTERS.get(text) or _number(text)


def _number(text):
    """'08' -> '8', '十二' -> '12', 'A03' -> 'A3'."""
    if not text:
        return ""
    value = number(text)
    if value is not None:
        return str(value)
    match = re.match(r"^([A-Z]*)-?0*(\d*)([A-Z]*)$", text)
    return "".join(match.groups()) if match else text
