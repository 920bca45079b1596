"""Chinese numerals as they stand in addresses and budgets: 二十, 一五〇一, 一千五百零一, 两."""

import re

DIGITS = {"〇": 0, "零": 0, "○": 0, "一": 1, "壹": 1, "二": 2, "两": 2, "贰": 2, "三": 3, "叁": 3, "四": 4, "肆": 4,
          "五": 5, "伍": 5, "六": 6, "陆": 6, "七": 7, "柒": 7, "八": 8, "捌": 8, "九": 9, "玖": 9}
TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
CHARACTERS = "".join(DIGITS) + "".join(TENS)
_NUMERAL = re.compile(f"^[{CHARACTERS}]+$")


def number(text):
    """The number a digit string or a Chinese numeral stands for, or None (also for 一千五, which means 1500 or 1005)."""
    if text.isascii() and text.isdigit():
        return int(text)
    if not _NUMERAL.match(text):
        return None
    if not any(c in TENS for c in text):
        return int("".join(str(DIGITS[c]) for c in text))
    total, digit, last = 0, None, 10_000
    for c in text:
        if c in DIGITS:
            digit = DIGITS[c]
            continue
        if TENS[c] >= last:
            return None
        last = TENS[c]
        total += (1 if digit is None else digit) * TENS[c]
        digit = None
    if digit and last >= 100 and text[-2] not in "零〇○":
        return None
    return total + (digit or 0)
