"""Sharing: who shares the place that gives an estate the most, as one text of the findings."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """
    What a finding on shared supply says beside its value.

    Attributes
    ----------
    estates : float
        How many estates share the place; NaN where nothing can be shared.
    inside : float
        Their heads that share it, as far as they are known.
    outside_low, outside_high : float
        Heads outside every estate, least and most; inf where nobody can say.
    without : float
        Share of the estate's own heads that no place serves.
    """

    estates: float
    inside: float
    outside_low: float
    outside_high: float
    without: float

    def coded(self) -> str:
        """Return the figures apart by blanks."""
        shared = (self.estates, self.inside, self.outside_low, self.outside_high)
        return " ".join(f"{figure:.10g}" for figure in (*shared, self.without))

    @classmethod
    def read(cls, code: str) -> "Share":
        """Return what `coded` wrote."""
        return cls(*map(float, code.split()))
