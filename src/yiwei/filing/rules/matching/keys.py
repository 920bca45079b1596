"""Blocking keys: two parties that may be one household share at least one of them. Looked up by equality only.

A slip in a number (one digit wrong, missing, extra, or two transposed) leaves the last four or the first six digits as
they were, so these with the surname find it; a slip in the middle leaves the first three and last four, which is also
what a masked number shows. Two digits that changed places across the whole number leave its digits, sorted, as they were. The
house is found by estate and room, whatever happened to building and unit; by building, unit and room with the first or last character
of the estate, whatever happened to the rest of its name.
"""

from yiwei.kernel.text import sound

from .houses import core

PHONE, ENDS, TAIL, HEAD, BAG = "m-phone", "m-ends", "m-tail", "m-head", "m-bag"
ROOM, HOUSE, LOT, PERSON = "m-room", "m-house", "m-lot", "m-person"
NAME, BUILDING, DUMMY = "m-name", "m-building", "m-dummy"
CONTEXT_KINDS = frozenset({NAME, BUILDING, DUMMY})  # find namesakes, neighbours, made-up numbers: shown as "not a conflict"
MOST_KEYS = 60
_MOST_PHONES, _MOST_HOUSES, _LENGTH = 6, 3, 64


def keys(party, context=True):
    """The keys of a party as (kind, key); at most 60. Without `context`, only those that may find a conflict."""
    found = dict.fromkeys([*_phone_keys(party), *_house_keys(party), *_person_keys(party), *_place_phone_keys(party)])
    if context:
        found |= dict.fromkeys(_context_keys(party))
    return {(kind, key[:_LENGTH]) for kind, key in list(found)[:MOST_KEYS]}


def _place(estate):
    """How an estate sounds, without the builder whom one writes and another leaves out."""
    return sound(core(estate.base)[1])


def _surnames(party):
    return list(dict.fromkeys(sound(n.surname or n.full[:1]) for n in party.names))[:2]


def _real(party):
    """The numbers that may tell something."""
    return [p for p in party.phones if not p.dummy][:_MOST_PHONES]


def _phone_keys(party):
    """Strongest first, so that the limit cuts the weakest."""
    phones, surnames = _real(party), _surnames(party) or [""]
    for phone in phones:
        if phone.full or phone.kind == "odd":
            yield PHONE, phone.digits
    for phone in phones:
        if phone.last4:
            yield TAIL, f"{phone.last4}{surnames[0]}"
            if len(phone.prefix) >= 3 and phone.kind != "short":
                yield ENDS, f"{phone.prefix[:3]}{phone.last4}"
        if len(phone.prefix) >= 6 and phone.kind != "short":
            yield HEAD, f"{phone.prefix[:6]}{surnames[0]}"
        if phone.kind == "mobile":
            yield BAG, f"{''.join(sorted(phone.digits))}{surnames[0]}"
    for phone in phones:
        for surname in surnames[1:]:
            if phone.last4:
                yield TAIL, f"{phone.last4}{surname}"


def _place_phone_keys(party):
    """A slip in the number and another surname (the spouse files): room or estate stand in for the surname."""
    for place in filter(None, (party.address.room, _place(party.community))):
        for phone in _real(party):
            if phone.last4:
                yield TAIL, f"{phone.last4}/{place}"
            if len(phone.prefix) >= 6 and phone.kind != "short":
                yield HEAD, f"{phone.prefix[:6]}/{place}"


def _house_keys(party):
    for house in party.houses[:_MOST_HOUSES]:
        yield from _keys_of_house(house, _surnames(party))


def _keys_of_house(house, surnames):
    estate = house.community.base
    if estate and house.building and not house.room:
        yield LOT, f"{_place(house.community)}/{house.building}"
    if not house.room:
        return
    if estate:
        yield ROOM, f"{_place(house.community)}/{house.room}"
    if house.building:
        flat = "/".join([*sorted(filter(None, (house.building, house.unit))), house.room])
        for mark in dict.fromkeys((estate[:1], estate[-1:])) if estate else ():
            yield HOUSE, f"{flat}/{sound(mark)}"
        for surname in surnames:
            yield HOUSE, f"{flat}/={surname}"
            if house.unit:
                yield HOUSE, f"{house.building}/{house.room}/={surname}"


def _person_keys(party):
    """A name within an estate, for filings that give little else."""
    if party.community:
        for name in party.names[:2]:
            if name.given or not name.title:
                yield PERSON, f"{name.sound or sound(name.full)}/{_place(party.community)}"


def _context_keys(party):
    for phone in party.phones:
        if phone.dummy:
            yield DUMMY, phone.digits
    for name in party.names[:1]:
        if name.given:
            yield NAME, name.sound
    if party.community and party.address.building:
        yield BUILDING, f"{_place(party.community)}/{party.address.building}"
