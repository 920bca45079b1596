"""Names of housing estates, and the form under which their spellings meet."""

import re
from dataclasses import dataclass
from functools import lru_cache

from .numerals import CHARACTERS, number
from .regions import split_region
from .sounds import sound
from .text import fold, simplified

GENERIC = ("小区", "社区", "住宅区", "住宅小区", "生活区")
SUFFIXES = GENERIC + (
    "花园", "公馆", "家园", "雅居", "名苑", "华府", "国际", "新城", "广场", "公寓", "花苑", "雅苑", "嘉园", "佳苑", "豪庭", "豪苑", "华庭",
    "华苑", "华园", "名都", "名邸", "名府", "名居", "名城", "新村", "新苑", "新居", "山庄", "别墅", "庄园", "府邸", "御府", "雅园", "雅筑",
    "嘉苑", "佳园", "春天", "中心", "大厦", "世家", "印象", "人家", "家苑", "学府", "首府", "壹号", "半岛", "城邦", "丽苑", "丽景", "绿洲")
_ROMAN = {"I": "1", "II": "2", "III": "3", "IV": "4", "V": "5", "VI": "6"}
_PHASE = re.compile(rf"[(（]?第?(\d+|[{CHARACTERS}]+|IV|V?I{{1,3}}|V|[A-H])(期|区|组团|标段)[)）]?$", re.I)
_SIDE = re.compile(r"(?<=..)[(（]?([东西南北中])(?:区|苑区)[)）]?$")
_ASIDE = re.compile(r"[(（\[【].*?[)）\]】]")
_NOISE = re.compile(r"[\s·.,，。、/\\'\"“”\-_—*]+")
_SUFFIX = re.compile(f"(?<=..)(?:{'|'.join(sorted(SUFFIXES, key=len, reverse=True))})$")
_BY_SOUND = {sound(suffix): suffix for suffix in reversed(SUFFIXES) if len(suffix) == 2}


@dataclass(frozen=True, slots=True)
class Community:
    """An estate: 雅溪花园二期 -> base 雅溪, suffix 花园, phase 2."""

    name: str = ""
    base: str = ""
    suffix: str = ""
    phase: str = ""

    @property
    def sound(self):
        """A key under which homophones meet."""
        return sound(self.base)

    def __bool__(self):
        return bool(self.base)

    def __str__(self):
        """As people write it: 雅溪花园2期, 碧溪A区."""
        return self.name + (f"{self.phase}期" if self.phase.isdigit() else self.phase)


def community_key(value):
    """The form under which the spellings of one estate meet (without phase, suffix and region)."""
    return community(value).base


def community(value):
    """An estate's name taken apart. Empty text gives an empty one; nothing is refused here."""
    return _community(fold(value))


@lru_cache(maxsize=50_000)
def _community(text):
    text = _NOISE.sub("", simplified(text)).upper()
    phase, text = split_phase(text)
    text = _ASIDE.sub("", text)
    if not phase:
        phase, text = split_phase(text)
    if len(text) > 3:
        text = split_region(text)[2] or text
    base, suffix = _split_suffix(text)
    return Community(text, base, "" if suffix in GENERIC else suffix, phase)


def _split_suffix(text):
    """(base, suffix); a suffix written with other characters of the same sound (新诚) counts as the suffix (新城)."""
    match = _SUFFIX.search(text)
    if match:
        return text[:match.start()], match.group()
    suffix = _BY_SOUND.get(sound(text[-2:])) if len(text) >= 4 else None
    if suffix and not set(suffix) & set(text[-2:]):
        suffix = None   # a slip leaves one of the two characters as it was
    return (text[:-2], suffix) if suffix else (text, "")


def split_phase(text):
    """(phase, rest): 碧溪一期, 碧溪(1期) and 碧溪I期 are all phase 1; 碧溪A区 is A区, 碧溪东区 is 东."""
    match = _PHASE.search(text)
    if match and match.start() > 0:
        word = match.group(1).upper()
        value = _ROMAN.get(word) or (word if word.isascii() and not word.isdigit() else str(number(word) or word))
        return value + ("" if match.group(2) == "期" else match.group(2)), text[:match.start()]
    match = _SIDE.search(text)
    return (match.group(1), text[:match.start()]) if match else ("", text)
