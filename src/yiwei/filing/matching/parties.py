"""One side of a comparison, made from what was typed."""

import datetime as dt
from dataclasses import dataclass, field

from yiwei.kernel.normal import (
    Address,
    BadValue,
    Name,
    Phone,
    address,
    loose_phones,
    person_names,
    split_contact,
)

FILING, CUSTOMER, VISIT = "filing", "customer", "visit"


@dataclass(frozen=True, slots=True)
class Party:
    """A filing, a customer or a visit as the matcher sees it."""

    id: object
    kind: str = FILING
    names: tuple[Name, ...] = ()
    phones: tuple[Phone, ...] = ()
    address: Address = field(default_factory=Address)
    at: dt.datetime | None = None
    channel: str = ""
    outlet: str = ""
    problems: tuple[BadValue, ...] = field(default=(), compare=False)

    @property
    def community(self):
        return self.address.community

    @property
    def order(self):
        """A total order of parties, so that a comparison does not depend on which one comes first."""
        return (self.kind, str(self.id), repr((self.names, self.phones, self.address, self.channel, self.outlet)))


def party(id, kind=FILING, *, name="", phones=(), community="", house="", remark="", at=None, channel="", outlet=""):
    """A party from raw text. `phones` and `name` may be one text or several; numbers in names and remarks count too.

    What cannot be read is left out and noted in `problems`.
    """
    problems, found_names, found_phones = [], [], []
    for text in _several(phones):
        found_phones += loose_phones(text)
        found_names += _named(split_contact(text)[0], []) if loose_phones(text) else []
    for text in _several(name):
        rest, numbers = split_contact(text)
        found_names = _named(rest, problems) + found_names
        found_phones += numbers
    found_phones += [p for p in loose_phones(remark) if p.kind != "odd"]
    return Party(id, kind, tuple(dict.fromkeys(found_names)), tuple(dict.fromkeys(found_phones)),
                 _house(house, community, problems), at, str(channel), str(outlet), tuple(problems))


def _several(value):
    values = value if isinstance(value, (list, tuple, set)) else (value,)
    return [v for v in values if v not in (None, "")]


def _named(text, problems):
    """The names in a text; where the text is a number's note (微信同号), none."""
    if not text:
        return []
    try:
        return person_names(text)
    except BadValue as problem:
        problems.append(problem)
        return []


def _house(house, community, problems):
    for given, estate in ((house, community), ("", community)):
        if not (given or estate):
            continue
        try:
            return address(given, estate)
        except BadValue as problem:
            problems.append(problem)
    return Address()
