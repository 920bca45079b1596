"""States with label, colour and group, and the visible set of moves between them."""

from dataclasses import dataclass, field

OPEN, DONE, FAILED = "open", "done", "failed"


@dataclass(frozen=True, slots=True)
class State:
    """One state: its code, what people call it, a Tabler colour and its group."""

    code: str
    label: object
    color: str = "secondary"
    group: str = OPEN


@dataclass(frozen=True)
class Flow:
    """A document's states in their usual order and the pairs (from, to) that are allowed.

    The guards install the same pairs as a trigger, so that not even SQL can jump. `veil=(right, {state: other})`: who lacks
    the right is shown the other state instead.
    """

    states: tuple
    moves: frozenset
    main: tuple = field(default=())
    veil: tuple = field(default=("", {}))

    def __init__(self, states, moves, main=(), veil=("", {})):
        object.__setattr__(self, "states", tuple(s if isinstance(s, State) else State(*s) for s in states))
        object.__setattr__(self, "moves", frozenset(moves))
        object.__setattr__(self, "main", tuple(main) or tuple(s.code for s in self.states if s.group != FAILED))
        object.__setattr__(self, "veil", veil)
        known = {s.code for s in self.states}
        if any(isinstance(pair, str) for pair in self.moves):
            raise ValueError(f"moves are pairs, {{(\"{self.states[0].code}\", …)}}, not {sorted(map(str, self.moves))}")
        stray = {code for pair in self.moves for code in pair} - known
        if stray:
            raise ValueError(f"moves name unknown states {sorted(stray)}: the flow has {[s.code for s in self.states]}")

    @property
    def initial(self):
        return self.states[0].code

    @property
    def choices(self):
        return [(s.code, s.label) for s in self.states]

    def state(self, code):
        for state in self.states:
            if state.code == code:
                return state
        return State(code, code)

    def seen(self, code, actor):
        """The state as `actor` may know it."""
        return self.hidden(actor).get(code, code)

    def hidden(self, actor):
        """{state: other} of the states that `actor` is not shown."""
        return {} if self.veil[0] and actor.can(self.veil[0]) else self.veil[1]

    def allows(self, before, after):
        return before == after or (before, after) in self.moves

    def surely_passed(self, start, step, end):
        """Whether no way from `start` to `end` leads around `step`; the database allows no other moves."""
        reached, edge = {start}, [start]
        while edge:
            at = edge.pop()
            for before, after in self.moves:
                if before == at and after not in reached and after != step:
                    reached.add(after)
                    edge.append(after)
        return step == start or end not in reached

    def leads_on(self, code):
        """Whether a row in this state can still change it."""
        return any(before == code for before, _after in self.moves)

    def of_group(self, *groups):
        """Codes of the states in the named groups."""
        return [s.code for s in self.states if s.group in groups]
