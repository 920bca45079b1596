"""One side of a comparison, made from what was typed."""

import re
from dataclasses import dataclass, field, replace

from yiwei.kernel.text import (
    Address,
    BadValue,
    Name,
    Phone,
    address,
    addresses,
    apart,
    loose_phones,
    person_names,
    split_contact,
)
from yiwei.kernel.text import community as community_of

_CLAUSES = re.compile(r"[,，。;；!！\n]")
NOWHERE = Address()
FILING, CUSTOMER, VISIT = "filing", "customer", "visit"


@dataclass(frozen=True, slots=True)
class Party:
    """A filing, a customer or a visit as the matcher sees it."""

    id: object
    kind: str = FILING
    names: tuple[Name, ...] = ()
    phones: tuple[Phone, ...] = ()
    houses: tuple[Address, ...] = ()
    channel: str = ""
    outlet: str = ""
    problems: tuple[BadValue, ...] = field(default=(), compare=False)

    @property
    def address(self):
        """The likeliest house."""
        return self.houses[0] if self.houses else NOWHERE

    @property
    def community(self):
        return self.address.community

    @property
    def order(self):
        """A total order of parties, so that a comparison does not depend on which one comes first."""
        return (self.kind, str(self.id), repr((self.names, self.phones, self.houses, self.channel, self.outlet)))


def party(id, kind=FILING, *, name="", phones=(), community="", house="", remark="", channel="", outlet="", aliases=None):
    """A party from raw text. `phones` and `name` may be one text or several; cells that stand in each other's place are read all the
    same, and numbers and houses in names and remarks count too. `aliases` ({other name of an estate: its name}) are the dealer's own.
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
    if not found_names:
        found_names = [n for text in _several(phones) if not loose_phones(text) for n in _named(str(text), [])]
    (house, inside), (community, beside) = apart(house), apart(community)
    found_phones += [*inside, *beside, *(p for p in loose_phones(remark) if p.kind != "odd")]
    houses = _houses(house, community, problems)
    if not any(h.room or h.villa for h in houses):
        houses = (*_houses_told(remark, houses), *houses)
    houses = dict.fromkeys(known_by(h, aliases or {}) for h in houses)
    return Party(id, kind, tuple(dict.fromkeys(found_names)), tuple(dict.fromkeys(found_phones)), tuple(houses), str(channel),
                 str(outlet), tuple(problems))


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


def _is_flat(text):
    """Whether a text names a flat and no estate: 3-2-1201."""
    try:
        found = address(text)
    except BadValue:
        return False
    return bool(found.room and not found.community)


def _houses(house, community, problems):
    if house and community and _is_flat(community) and not _is_flat(house):
        house, community = community, house
    for given, estate in ((house, community), ("", community)):
        if not (given or estate):
            continue
        try:
            return addresses(given, estate)
        except BadValue as problem:
            problems.append(problem)
    return ()


def _houses_told(remark, houses):
    """Houses named in a remark: only whole ones, with their estate or in the estate of the column."""
    for clause in _CLAUSES.split(str(remark or "")):
        if not re.search(r"\d", clause):
            continue
        try:
            found = address(clause)
        except BadValue:
            continue
        if found.building and found.room and not found.community and houses:
            found = replace(found, community=houses[0].community)
        if found.building and (found.room or found.villa == "sure") and found.community:
            yield found


def known_by(house, aliases):
    """The house under the name by which the dealer keeps its estate."""
    name = aliases.get(house.community.name)
    if not name:
        return house
    estate = community_of(name)
    return replace(house, community=replace(estate, phase=house.community.phase or estate.phase))
