"""Voice: a finding as its sentence speaks of it, and what a rule's sentences are made with."""

from dataclasses import dataclass
from functools import cache, partial
from math import nan

from layers.findings import Statement
from rules import totals
from rules.lacking import in_words, wanted
from rules.model import Book, Rule
from wording import Language, say


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One finding, as far as its sentence speaks of it.

    Attributes
    ----------
    witness : str or None
        What people call the feature that decided, in the language of the sentence.
    outcome, estate_id, as_of : str
        As in the findings frame, like all that follow; NaN is unknown, None is none.
    town : str or None
        Name of the estate's town.
    """

    witness: str | None
    outcome: str
    estate_id: str
    as_of: str
    statement: str = Statement.GAP
    town: str | None = None
    value: float = nan
    failing_members: int = 0
    unknown_members: int = 0
    members: int = 0
    exposed_households: float = nan
    walked_m: float = nan
    column: int = -1
    reached: int = 0
    upper_households: float = nan
    upper_share: float = nan
    is_estimated: bool = False
    origin_layer: str | None = None
    witness_layer: str | None = None
    lacking: str | None = None
    compared: str | None = None
    sharing: str | None = None
    failed: str | None = None
    leg_value: float = nan
    leads: bool = True
    is_marginal: bool = False
    by_unknown_gate: bool = False


class Voice:
    """
    What a rule's findings are put into words with.

    Parameters
    ----------
    rule : Rule
        The rule that estates are held against.
    book : Book
        Who supplies what, and what is waived.
    language : {"zh", "en"}
        Of every sentence.
    """

    def __init__(self, rule: Rule, book: Book, language: Language) -> None:
        self.rule, self.book, self.language = rule, book, language
        # Most estates lack the same: it is put into words once.
        self._lacking = cache(partial(in_words, rule=rule, book=book, language=language))
        self._wanted = cache(partial(wanted, rule=rule, book=book, language=language))

    @property
    def is_stated(self) -> bool:
        """Whether the rule takes the survey's word where another of its family measures."""
        family = self.book.families.get(self.book.family_of.get(self.rule.id, ""))
        return family is not None and family.known_first and family.rules[0] != self.rule.id

    def wanted(self, finding: Finding) -> str:
        """Say of every body what data it must supply for a finding that is unknown."""
        return self._wanted(finding.lacking or "", town=finding.town)

    def lacking(self, finding: Finding) -> tuple[str, str]:
        """
        Say what is lacking and who must supply it.

        Parameters
        ----------
        finding : Finding
            One that is unknown.

        Returns
        -------
        data, departments : str
            "" where nothing is lacking.
        """
        return self._lacking(finding.lacking or "", town=finding.town)

    def totals(self, finding: Finding) -> str:
        """
        Say what the layers state of one thing, and who holds each figure.

        Parameters
        ----------
        finding : Finding
            One about totals that must agree.
        """
        return totals.in_words(finding.compared or "", self.book, self.language, finding.town)

    def say(self, key: str, **values: object) -> str:
        """Return a phrase with `values` filled in; they are never read as phrases themselves."""
        return say(key, self.language, **values)
