"""What if: a scenario tried on a district, and what it changes of the findings; none is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from edits.scenario import Conflict, Scenario, combined
from geo.errors import DataError
from services.assessment import Assessment
from services.comparison import Comparison
from store import SHOWN_DIGITS
from wording import Language, say


@dataclass(frozen=True, eq=False)
class Trial:
    """
    A scenario tried on an assessment.

    Attributes
    ----------
    scenario : Scenario
        What was tried.
    comparison : Comparison
        The findings before and after.
    conflicts : sequence of Conflict
        Steps left out because they do not fit the district.
    """

    scenario: Scenario
    comparison: Comparison
    conflicts: Sequence[Conflict]

    @property
    def is_current(self) -> bool:
        """Whether the scenario was made on this version of the district."""
        return self.scenario.version == self._version

    @property
    def errors(self) -> Mapping[int, DataError]:
        """Why steps were left out, by their place."""
        return {conflict.place: conflict.error for conflict in self.conflicts}

    def caution(self, language: Language) -> str:
        """Return that it was made on another version of the district, "" if it was not."""
        if self.is_current:
            return ""
        old, new = self.scenario.version[:SHOWN_DIGITS], self._version[:SHOWN_DIGITS]
        return say("scenario.behind", language, old=old, new=new)

    @property
    def _version(self) -> str:
        return self.comparison.before.workspace.district.version


def what_if(before: Assessment, scenario: Scenario) -> Trial:
    """
    Try the steps of a scenario that are on, as an assumption: nothing becomes surveyed by it.

    Raises
    ------
    CrsError
        If the scenario is in another working CRS.
    DataError
        If the rows of the steps together break what their layers say.
    """
    found = combined(scenario, before.workspace.district)
    after = before.after(found.edit) if found.edit else before
    return Trial(scenario, Comparison(before, after), found.conflicts)
