"""How common a value is. What many people share proves little; what few share proves much."""

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field

# Shares of the commonest surnames in the country, for books too small to tell.
COMMON_SURNAMES = {
    "王": .071, "李": .07, "张": .067, "刘": .051, "陈": .046, "杨": .031, "黄": .023, "赵": .021, "吴": .02, "周": .019,
    "徐": .016, "孙": .015, "马": .0125, "朱": .012, "胡": .012, "郭": .011, "何": .011, "高": .01, "林": .01, "罗": .01}
OTHER_SURNAME, OTHER_NAME, OTHER_COMMUNITY = .004, .0004, .004
PRIOR_SIZE = 500     # how many parties the assumed shares are worth
SHARED_BY = 4        # from so many households on a number is a foreman's, an agent's, a company's
KNOWN_COMMUNITY = 3  # an estate named so often is a name in use, not a slip


@dataclass(slots=True)
class Rarity:
    """Counts over the dealer's parties. Empty counts give sensible assumptions."""

    total: int = 0
    names: Counter = field(default_factory=Counter)
    surnames: Counter = field(default_factory=Counter)
    communities: Counter = field(default_factory=Counter)
    holders: Counter = field(default_factory=Counter)
    shared: frozenset = frozenset()   # numbers known to be a partner's or an employee's
    villas: frozenset = frozenset()   # estates in which somebody wrote of a villa

    @classmethod
    def of(cls, parties, shared=()):
        """Counted over parties, in one pass."""
        parties = list(parties)
        made = cls(shared=frozenset(shared), holders=cls.holders_of(parties), villas=cls.villas_of(parties))
        for one in parties:
            made.total += 1
            for name in one.names:
                made.names[name.full] += bool(name.given)
                made.surnames[name.surname] += 1
            if one.community:
                made.communities[one.community.name + one.community.phase] += 1
        return made

    @staticmethod
    def villas_of(parties):
        """Estates where a building without a room may well be a home."""
        return frozenset(h.community.name for one in parties for h in one.houses if h.villa == "sure")

    @staticmethod
    def holders_of(parties):
        """How many households bear each number: by their houses, or by their surnames where these are more."""
        houses, people = defaultdict(set), defaultdict(set)
        for one in parties:
            for phone in one.phones:
                if one.address.has_house:
                    houses[phone.digits].add((one.community.sound, one.address.building, one.address.room))
                people[phone.digits].update(n.surname for n in one.names[:1])
        return Counter({d: max(len(houses[d]), len(people[d])) for d in people})

    def is_shared(self, digits):
        """Whether a number belongs to so many households that it identifies none."""
        return digits in self.shared or self.holders[digits] >= SHARED_BY

    def phone_weight(self, digits):
        """Weight of a shared number: the more holders, the less."""
        holders = max(self.holders[digits], SHARED_BY)
        return min(2.5, math.log10(max(self.total, PRIOR_SIZE) / holders))

    def name_weight(self, full):
        return self._weight(self.names[full], OTHER_NAME, 3.5)

    def surname_weight(self, surname):
        return self._weight(self.surnames[surname], COMMON_SURNAMES.get(surname, OTHER_SURNAME), 2.3)

    def community_weight(self, community):
        return self._weight(self.communities[community.name + community.phase], OTHER_COMMUNITY, 2.2)

    def is_known(self, community):
        return self.communities[community.name + community.phase] >= KNOWN_COMMUNITY

    def _weight(self, count, assumed, most):
        share = (count + assumed * PRIOR_SIZE) / (self.total + PRIOR_SIZE)
        return min(most, -math.log10(min(share, 1)))
