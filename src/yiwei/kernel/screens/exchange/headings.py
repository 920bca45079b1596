"""Which column of a sheet is which: by the known headings, by what the dealer chose before, by likeness."""

import re
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from yiwei.kernel.text import fold, simplified

HEADING_ROWS = 12
ALIKE = 80
ROW, REASON = ("行号", "原行号", "Row", "行號"), ("原因", "退回原因", "Reason")   # what a file that came back bears behind its columns
# What may stand before or behind the name of a column without making another one of it.
QUALIFIERS = re.compile("客户|顾客|业主|联系人|联系|方式|号码|登记(?!人)|报备(?!人)|填写(?!人)|"
                        "所属|具体|详细|预计|意向|主要|实际|信息|情况|名称|名字|住宅|房屋|项目|本人|"
                        "单位|所在|选择|输入|需要|最近|购买|时间|日期|大概|约|总|的|元|万|平方|平米|㎡|m2")
_ASIDE = re.compile(r"[(\[【<].*?[)\]】>]")
_MARKS = re.compile(r"[\s*:：_\-/、,.。?？!#]+")


def plain(value):
    """A heading as it is compared: 登记日期（必填）* is 登记日期."""
    text = fold(value)
    return _MARKS.sub("", _ASIDE.sub("", text) or text).lower()


@dataclass
class Columns:
    """The columns of one sheet: where its rows begin, which column is which, and what is not understood."""

    first: int = 0                                   # number of the first row below the headings
    known: dict = field(default_factory=dict)        # key: [indexes]
    guessed: dict = field(default_factory=dict)      # index: key, by likeness only
    unknown: dict = field(default_factory=dict)      # index: heading
    ignored: set = field(default_factory=set)        # indexes that the dealer said to leave out
    headings: list = field(default_factory=list)     # all of them, as they stand
    number: int | None = None                        # index of the first row numbers, in a file that came back


def find(rows, headers, needed, learnt=None):
    """The `Columns` of a sheet, or None where it has no such headings. `learnt`: {heading: key or ''} chosen by the dealer."""
    best = None
    for at in range(min(HEADING_ROWS, len(rows))):
        for texts, height in _readings(rows, at):
            found = _match(texts, headers, learnt or {})
            score = (len(found.known), -len(found.guessed), -height)
            if found.known and (best is None or score > best[0]):
                found.first = at + height + 1
                best = (score, found)
    if best is None:
        return None
    found = best[1]
    half = max(1, min(len(headers), (len(headers) + 1) // 2))
    if len(found.known) >= half or (len(needed) > 1 and found.known.keys() >= set(needed)):
        return found
    return found if len(found.known) - len(found.guessed) >= 3 and len(needed) > 3 else None


def _readings(rows, at):
    """[(headings, how many rows they take)]: one row, or two with a common heading above."""
    row = [str(v) for v in rows[at]]
    yield row, 1
    if at + 1 < len(rows):
        below = [str(v) for v in rows[at + 1]]
        width, above = max(len(row), len(below)), ""
        upper = []
        for index in range(width):
            above = (row[index] if index < len(row) else "").strip() or above
            upper.append(above)
        lower = [below[i].strip() if i < len(below) else "" for i in range(width)]
        if sum(1 for text in lower if text and not re.search(r"\d{3}", text)) >= 2:
            yield [f"{u} {w}" if w and w != u else u for u, w in zip(upper, lower, strict=True)], 2


def _match(texts, headers, learnt):
    names = {plain(alias): key for key, aliases in headers.items() for alias in aliases}
    found, left = Columns(headings=[t.strip() for t in texts]), {}
    for index, text in enumerate(texts):
        heading = plain(text)
        if not heading:
            continue
        if text.strip() in ROW and found.number is None:
            found.number = index
            continue
        if text.strip() in REASON:
            continue
        key = learnt.get(heading)
        if key is None:
            key = names.get(heading) or names.get(plain(text.split(" ")[-1]) if " " in text else "")
        if key == "":
            found.ignored.add(index)
        elif key in headers:
            found.known.setdefault(key, []).append(index)
        else:
            left[index] = heading
    for index, heading in left.items():
        key = _likeness(heading, names)
        if key and key not in found.known:
            found.known[key] = [index]
            found.guessed[index] = key
        else:
            found.unknown[index] = texts[index].strip()
    return found


def _likeness(heading, names):
    """The key of the known heading that this one surely means, or None."""
    heading = simplified(heading)
    inside = {key for alias, key in names.items() if len(alias) >= 2 and alias in heading and not QUALIFIERS.sub("", heading.replace(alias, "", 1))}
    if len(inside) == 1:
        return inside.pop()
    bare = QUALIFIERS.sub("", heading)
    same = {key for alias, key in names.items() if len(bare) >= 2 and bare in (alias, QUALIFIERS.sub("", alias))}
    if len(same) == 1:
        return same.pop()
    scores = {}
    for alias, key in names.items():
        score = fuzz.ratio(heading, alias)
        scores[key] = max(score, scores.get(key, 0))
    best = sorted(scores.items(), key=lambda pair: -pair[1])[:2]
    if best and best[0][1] >= ALIKE and (len(best) < 2 or best[0][1] - best[1][1] >= 10):
        return best[0][0]
    return None
