"""How characters sound: toneless pinyin of one character at a time, so that homophones meet."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin
from pypinyin import pinyin as _pinyin

# Readings that characters have as surnames, where the usual reading differs.
SURNAME_READINGS = {
    "单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "查": "zha", "盖": "ge", "朴": "piao", "区": "ou", "缪": "miao",
    "翟": "zhai", "宓": "fu", "覃": "qin", "任": "ren", "华": "hua", "尉": "wei", "乐": "yue", "折": "she", "黑": "he",
    "秘": "bi", "冼": "xian", "种": "chong", "员": "yun", "纪": "ji", "谌": "chen", "召": "shao", "逄": "pang",
}
# Sounds that southern speakers and hasty typists do not keep apart.
_SLURS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"))


@lru_cache(maxsize=30_000)
def readings(character):
    """All toneless readings of one character, the usual one first; a character without any reads as itself."""
    usual = _pinyin(character, style=Style.NORMAL)[0][0]
    every = _pinyin(character, style=Style.NORMAL, heteronym=True)[0]
    return tuple(dict.fromkeys([usual.lower(), *(r.lower() for r in every)]))


def pinyin(text, surname=0):
    """Toneless syllables; the first `surname` characters are read as a surname."""
    return [SURNAME_READINGS.get(c, readings(c)[0]) if i < surname else readings(c)[0]
            for i, c in enumerate(text) if not c.isspace()]


# Surnames of two characters, of which one reads otherwise.
_COMPOUND_READINGS = {"尉迟": ["yu", "chi"], "万俟": ["mo", "qi"], "长孙": ["zhang", "sun"], "澹台": ["tan", "tai"], "令狐": ["ling", "hu"]}


def ways(text):
    """The toneless syllables in which a text is read: as it stands, and where it may begin with a surname, as a name."""
    usual = lazy_pinyin(text, style=Style.NORMAL, errors=list)
    other = _COMPOUND_READINGS.get(text[:2]) or ([SURNAME_READINGS[text[0]]] if text[:1] in SURNAME_READINGS else [])
    return [usual, [*other, *usual[len(other):]]] if other and len(usual) >= len(other) else [usual]


def initials(text, surname=0):
    """First letters of the syllables: 周敏 -> zm."""
    return "".join(s[0] for s in pinyin(text, surname) if s)


@lru_cache(maxsize=50_000)
def sound(text):
    """A key under which homophones and near-homophones meet: 周民 and 州敏 -> zoumin."""
    return "".join(_slur(readings(c)[0]) for c in text if not c.isspace())


@lru_cache(maxsize=5_000)
def _slur(syllable):
    for long, short in _SLURS:
        syllable = syllable.replace(long, short)
    return syllable


def homophones(left, right):
    """Whether two texts of equal length may sound alike, character by character."""
    return len(left) == len(right) and all(
        a == b or {_slur(r) for r in readings(a)} & {_slur(r) for r in readings(b)} for a, b in zip(left, right, strict=True))
