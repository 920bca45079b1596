"""Telephone numbers of mainland China as people write them."""

import re
from dataclasses import dataclass

import phonenumbers

from .errors import BadValue, shown
from .text import fold

MOBILE, LANDLINE, MASKED, SHORT, FOREIGN, ODD = "mobile", "landline", "masked", "short", "foreign", "odd"

_GAP = r"[ \-.]{0,3}"
_CHINA = rf"(?:\(?(?:\+|00)? ?86\)?{_GAP})"
_STARS = r"(?:[*xX#•●×?＊._]{2,8}|[*•●])"   # one star: as masks were once stored
_TOKEN = re.compile(
    rf"(?P<mobile>(?<!\d){_CHINA}?(?:0{{1,2}} ?)?1{_GAP}[3-9](?:{_GAP}\d){{9}}(?!\d))"
    rf"|(?P<masked>(?<!\d){_CHINA}?0?1[3-9]\d{{1,5}}[ \-]?{_STARS}[ \-]?\d{{2,4}}(?!\d))"
    r"|(?P<ends>(?<!\d)1[3-9]\d{1,2}(?:开头|打头)[,，、 ]?(?:尾号|后四位|尾数)?(?:为|是)?:?\d{4}(?:结尾)?(?!\d))"
    rf"|(?P<foreign>(?<!\d)(?:\+|00)(?!86)[1-9]\d{{0,2}}(?:[ \-]?\d){{6,11}}(?!\d))"
    rf"|(?P<landline>(?<!\d){_CHINA}?\(?0\d{{2,3}}\)?{_GAP}\d{{3,4}}{_GAP}\d{{4}}(?!\d)(?:(?:-|转| )\d{{1,6}})?)"
    rf"|(?P<service>(?<!\d)[48]00{_GAP}\d{{3,4}}{_GAP}\d{{3,4}}(?!\d))"
    r"|(?P<short>(?:(?<=尾号)|(?<=后四位)|(?<=尾数)):?\d{4}(?!\d))")
_WHOLE_SHORT = re.compile(r"^(?:\*{2,}|尾号:?|后四位:?)?(\d{4})$")
_FLOAT = re.compile(r"^(\d{7,15})\.0+$")
_SCIENTIFIC = re.compile(r"^(?P<digits>\d(?:\.\d+)?)e\+?(?P<power>\d{1,2})$", re.I)
_PLAINLY = re.compile(r"(?<![\d\-])(?:\+?86[ \-]?)?1[3-9](?:\d{9}|\d(?:[ \-]\d{4}){2}|\d[*xX●•]{4}\d{4})(?!\d)")
_CALLED = re.compile(rf"(?:联系)?(?:电话|手机|微信|tel)?[:.]? ?(?:{_PLAINLY.pattern})", re.I)
_LOOKALIKES = str.maketrans("OoQIl|〇零一幺二三四五六七八九", "000111001123456789")
_SPELT = re.compile(r"(?<![A-Za-z\d])[\dOoQIl|〇零一幺二三四五六七八九]{11}(?![A-Za-z\d])")
_STAIRS = ("0123456789012345", "9876543210987654")
_RUN = re.compile(r"\d(?:[ \-]?\d){4,}")


@dataclass(frozen=True, slots=True)
class Phone:
    """One number. `digits` are national ('13800001111', '02088886666'); a masked number has stars between its ends (138****1111)."""

    digits: str
    kind: str = MOBILE

    @property
    def last4(self):
        return self.digits[-4:] if self.digits[-4:].isdigit() else ""

    @property
    def prefix(self):
        """What stands before the mask (all of a full number)."""
        return self.digits.partition("*")[0]

    @property
    def suffix(self):
        """What stands behind the mask (all of a full number)."""
        return self.digits.rpartition("*")[2]

    @property
    def full(self):
        return self.kind in (MOBILE, LANDLINE, FOREIGN)

    @property
    def dummy(self):
        """Typed where there is none: 13800000000, 13888888888, 12345678900, the well-known 13800138000."""
        run, short = self.digits[-8:], self.digits[-10:-1]
        return self.kind in (MOBILE, ODD) and (len(set(run)) == 1 or any(run in s or short in s for s in _STAIRS) or self.digits == "13800138000")

    @property
    def masked(self):
        """For showing: 138****1111."""
        return f"{self.digits[:3]}****{self.last4}" if self.full and len(self.digits) > 7 else self.digits

    def __str__(self):
        return self.digits


def phone(value):
    """Exactly one number, or `BadValue`."""
    found = phones(value)
    if len(found) > 1:
        raise BadValue("“%(value)s” holds more than one telephone number.", value=shown(value))
    return found[0]


def phones(value):
    """Every number in a cell, in order, without repeats; `BadValue` when none or when digits are left over."""
    text = _plain(value)
    found, rest = _scan(text)
    over = _RUN.search(rest)
    if over:
        raise BadValue(_reason(over.group()), value=shown(value), count=len(re.sub(r"\D", "", over.group())))
    if not found:
        raise BadValue("“%(value)s” is not a telephone number.", value=shown(value))
    return found


def loose_phones(value):
    """Numbers for *comparing*, never for storing: also runs of 9 to 12 digits, as kind `odd`, and digits written as letters or words."""
    try:
        text = _SPELT.sub(lambda m: m.group().translate(_LOOKALIKES), _plain(value))
    except BadValue:
        return []
    found, rest = _scan(text)
    odd = (re.sub(r"\D", "", m.group()) for m in _RUN.finditer(rest))
    found += [Phone(d, ODD) for d in odd if 9 <= len(d) <= 12]
    return list(dict.fromkeys(found))


def all_phones(value):
    """(every number in a cell that can be read, whether something was left over): for keeping what is understood of a cell."""
    try:
        return phones(value), False
    except BadValue:
        pass
    try:
        return _scan(_plain(value))[0], True
    except BadValue:
        return [], True


def without_phones(value):
    """The text that is left when the numbers are taken out."""
    return _RUN.sub(" ", _scan(_plain(value))[1])


def apart(value):
    """(the text without the mobile numbers in it, the numbers): only what is written as one cannot be a house's number."""
    text = fold(value)
    numbers = [n for m in _PLAINLY.finditer(text) for n in _scan(m.group())[0]]
    if not numbers:
        return text, []
    return re.sub(r"\(\s*\)", " ", _CALLED.sub(" ", text)).strip(" ,/-:;"), numbers


def without_digits(value):
    """The text with every mobile number in it masked: 138****1111."""
    return _PLAINLY.sub(lambda m: "".join(str(n.masked) for n in _scan(fold(m.group()))[0]) or m.group(), str(value))


def _plain(value):
    if isinstance(value, bool) or value is None:
        raise BadValue("A telephone number is missing.")
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")) or value != int(value):
            raise BadValue("“%(value)s” is not a telephone number.", value=shown(value))
        value = int(value)
    text = fold(value).strip("'`’‘\"“” ")
    if not text:
        raise BadValue("A telephone number is missing.")
    power = _SCIENTIFIC.match(text)
    if power and len(power["digits"].replace(".", "")) > int(power["power"]):   # nothing is lost: 1.3955559001E10
        return str(int(float(text)))
    if power:
        raise BadValue("“%(value)s” has lost its digits in Excel: make the column text and type it again.",
                       value=shown(value))
    whole = _FLOAT.match(text)
    return whole.group(1) if whole else text


def _scan(text):
    """The numbers in a plain text, and the text without them."""
    whole = _WHOLE_SHORT.match(text)
    if whole:
        return [Phone(whole.group(1), SHORT)], ""
    found, rest, at = [], [], 0
    for match in _TOKEN.finditer(text):
        made = _make(match.lastgroup, match.group())
        if made is None:
            continue
        found.append(made)
        rest.append(text[at:match.start()])
        at = match.end()
    return list(dict.fromkeys(found)), " ".join([*rest, text[at:]])


def _make(kind, token):
    if kind == "masked":
        return _hidden(*re.match(r"^([\d+() \-]+?)[ \-]?[^\d \-]+[ \-]?(\d+)$", token).groups())
    if kind == "ends":
        return _hidden(*re.findall(r"\d+", token))
    digits = re.sub(r"\D", "", token)
    if kind == "mobile":
        return Phone(digits[-11:], MOBILE)
    if kind == "short":
        return Phone(digits, SHORT)
    if kind == "service":
        return Phone(digits, LANDLINE) if len(digits) == 10 else None
    if kind == "landline":
        token = re.sub(r"(?:(?<=\d{4})-|转)\d{1,6}$", "", token) if re.search(r"\d{4}(?:-|转)\d{1,6}$", token) and \
            len(re.sub(r"\D", "", token)) > 12 else re.sub(r"转\d+$", "", token)
        number = _parsed(_national(token))
        return Phone("0" + str(number.national_number), LANDLINE) if number else None
    number = _parsed(token if token.startswith("+") else "+" + digits[2:])
    return Phone(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), FOREIGN) if number else None


def _hidden(head, tail):
    """A number of which the ends are told; the mask is as long as what it hides."""
    head = re.sub(r"^0(?=1[3-9])", "", _national(head))
    return Phone(f"{head}{'*' * max(11 - len(head) - len(tail), 1)}{tail}", MASKED)


def _national(token):
    """Digits without the country code."""
    return re.sub(r"^(?:\+|00)? ?86(?=0|1)", "", re.sub(r"[^\d+]", "", token))


def _parsed(text):
    try:
        number = phonenumbers.parse(text, "CN")
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def _reason(run):
    digits = re.sub(r"\D", "", run)
    if digits[0] == "1" and 8 <= len(digits) <= 14 and len(digits) != 11:
        return "“%(value)s” has %(count)s digits; a mobile number has 11."
    return "“%(value)s” is not a telephone number."
