"""
Proposal: one step of an import as plain data: what may be meant, what speaks for it, the choice.

A proposal that is not settled is a question to a person. Choosing and undoing make a new proposal;
nothing is ever changed in place, so every step can be taken back.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from geo.errors import DataError
from wording import Text

SHOWN = 6
"""Rows that a question shows."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """
    One answer.

    Attributes
    ----------
    value : str
        What is chosen, as plain text: ``"gb18030"``, ``"EPSG:4544/yx"``, a heading.
    label : Sentence
        What people read.
    score : float
        Higher is likelier; comparable within one proposal only.
    evidence : tuple of Sentence
        What speaks for and against it.
    """

    value: str
    label: Text
    score: float
    evidence: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """
    One step: its candidates, the likeliest first, and the one chosen.

    Attributes
    ----------
    step : str
        ``encoding``, ``position``, ``crs``, ``key``, ``repair``, or ``column:<name>``.
    question : Sentence
        What is asked of a person.
    candidates : tuple of Candidate
        The likeliest first.
    chosen : str or None
        Value taken; None while the question is open.
    by_person : bool
        Whether a person chose; otherwise the evidence was enough.
    free : bool
        Whether a person may name a value that is not among the candidates.
    """

    step: str
    question: Text
    candidates: tuple[Candidate, ...]
    chosen: str | None = None
    by_person: bool = False
    free: bool = False

    @property
    def is_settled(self) -> bool:
        """Whether nothing needs to be asked."""
        return self.chosen is not None

    def choose(self, value: str) -> "Proposal":
        """
        Return the proposal with a person's choice.

        Raises
        ------
        DataError
            If `value` is not among the candidates of a closed question.
        """
        offered = [candidate.value for candidate in self.candidates]
        if value not in offered and not self.free:
            raise DataError(
                f"{self.step}: {value!r} is not on offer; expected one of {', '.join(offered)}",
                f"{self.step}：没有 {value!r} 这个选项；可选：{'、'.join(offered)}",
            )
        return replace(self, chosen=value, by_person=True)

    def answered(self, choices: Mapping[str, str]) -> "Proposal":
        """
        Return the proposal with what a person chose for its step, if anything.

        Raises
        ------
        DataError
            If the choice is not on offer.
        """
        return self.choose(choices[self.step]) if self.step in choices else self


def called(step: str, among: Iterable[Proposal], every: Iterable[Proposal]) -> Proposal:
    """
    Return the proposal of one step.

    Parameters
    ----------
    step : str
        Its name.
    among : iterable of Proposal
        Where it may be.
    every : iterable of Proposal
        What the error lists.

    Raises
    ------
    DataError
        If there is no such step.
    """
    for proposal in among:
        if proposal.step == step:
            return proposal
    steps = ", ".join(proposal.step for proposal in every)
    raise DataError(
        f"no step {step!r}; expected one of {steps}", f"没有“{step}”这一步；可选：{steps}"
    )


def first_few(of_rows: Sequence[Text]) -> tuple[Text, ...]:
    """Return what is said of the first `SHOWN` rows, and how many there are more."""
    more = len(of_rows) - SHOWN
    rest = (Text(f"另有 {more} 行", f"{more} rows more"),) if more > 0 else ()
    return (*of_rows[:SHOWN], *rest)
