"""What if: a scenario tried on a district, and what it changes of the findings; none is stored."""

from collections.abc import Sequence
from dataclasses import dataclass

from edits.scenario import Conflict, Scenario, combined
from services.assessment import Assessment
from services.comparison import Comparison


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
    is_current : bool
        Whether the scenario was made on this version of the district.
    """

    scenario: Scenario
    comparison: Comparison
    conflicts: Sequence[Conflict]
    is_current: bool


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
    district = before.workspace.district
    found = combined(scenario, district)
    after = before.after(found.edit) if found.edit else before
    is_current = scenario.version == district.version
    return Trial(scenario, Comparison(before, after), found.conflicts, is_current)
