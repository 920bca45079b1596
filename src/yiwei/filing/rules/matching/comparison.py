"""What a comparison says: the verdict, its cause and the fields with their reasons."""

from dataclasses import dataclass, replace

CONFLICT, SUSPECT, CLEAR = "conflict", "suspect", "clear"
AGREE, NEAR, DIFFER, MISSING = "agree", "near", "differ", "missing"
STRENGTH = {"same_phone": "certain", "same_house": "strong"}
ORDER = {CONFLICT: 2, SUSPECT: 1, CLEAR: 0}


@dataclass(frozen=True, slots=True)
class FieldMatch:
    """One field of two parties. `reason` is an English message id, `params` are its parameters."""

    field: str
    grade: str
    how: str
    weight: float = 0.0
    a_value: str = ""
    b_value: str = ""
    reason: str = ""
    params: tuple = ()

    @property
    def text(self):
        """The reason in English."""
        return self.reason % dict(self.params) if self.params else self.reason

    def mirrored(self):
        return replace(self, a_value=self.b_value, b_value=self.a_value)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two parties compared."""

    score: float
    verdict: str
    cause: str
    fields: tuple[FieldMatch, ...] = ()
    rules: str = ""

    @property
    def strength(self):
        """certain, strong or probable, as the reviewers speak; '' where clear."""
        return "" if self.verdict == CLEAR else STRENGTH.get(self.cause, "probable")

    @property
    def rank(self):
        return ORDER[self.verdict], self.score

    def mirrored(self):
        return replace(self, fields=tuple(f.mirrored() for f in self.fields))
