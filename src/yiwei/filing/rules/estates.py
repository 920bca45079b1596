"""The dealer's own table of estates: under which name another is kept, and what verdicts teach."""

from dataclasses import replace

from yiwei.kernel.text import community

from ..models.estate import EstateAlias


def aliases():
    """{other name: name} of the estates, as they are read; a name of a name leads to the last."""
    found = {community(a).name: community(e).name for a, e in EstateAlias.objects.filter(state="kept", active=True).values_list("alias", "estate")}
    for alias in found:
        seen = {alias}
        while found[alias] in found and found[alias] not in seen:
            seen.add(found[alias])
            found[alias] = found[found[alias]]
    return found


def under_every_name(party, names):
    """The party once for each name of its estate: rows were indexed under the name that was typed."""
    out = [party]
    for house in party.houses[:1]:
        for other in (a for a, name in names.items() if name == house.community.name):
            written = replace(community(other), phase=house.community.phase)
            out.append(replace(party, houses=tuple(replace(h, community=written) for h in party.houses)))
    return out


def learn(filing, ours, theirs):
    """A verdict says that two parties are one household; where only the estates' names differ, propose them as names of one."""
    for a in ours.houses:
        for b in theirs.houses:
            alike = a.building and (a.building, a.unit, a.room) == (b.building, b.unit, b.room) and (a.room or a.villa)
            if not alike or not a.community or not b.community or a.community.base == b.community.base:
                continue
            EstateAlias.objects.get_or_create(alias=a.community.name, defaults={
                "estate": b.community.name, "state": "proposed", "filing": filing})
            return
