"""
Comparison: two assessments side by side, finding by finding.

They may be a district before and after a scenario, or on two days. What is a gap in one and not in
the other is closed or opened; households are counted once, however many gaps they have.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
import pandas as pd

from layers.findings import GAP_KINDS, is_gap
from rules.full_table import full_table
from services.assessment import Assessment
from wording import Text


class Change(StrEnum):
    """What becomes of a finding."""

    CLOSED = "closed"
    OPENED = "opened"
    STILL_OPEN = "still_open"
    OTHER = "other"


CHANGE_LABELS: Mapping[str, Text] = {
    Change.CLOSED: Text("补上", "closed"),
    Change.OPENED: Text("新增", "opened"),
    Change.STILL_OPEN: Text("仍为短板", "still open"),
    Change.OTHER: Text("不是短板", "no gap"),
}

_COMPARED = (
    "outcome",
    "statement",
    "leads",
    "is_marginal",
    "value",
    "failing_members",
    "unknown_members",
    "members",
    "exposed_households",
)
_FACTS = (
    "estate_id",
    "estate",
    "town",
    "town_en",
    "rule_id",
    "item_zh",
    "item_en",
    "gap_kind",
    "metric_zh",
    "metric_en",
    "department",
    "department_en",
)
SIDES = ("before", "after")
"""What the columns of `Comparison.changes` that both sides have end with."""

_TOLD = (
    "outcome",
    "degree",
    "statement",
    "value",
    "unit",
    "threshold",
    "op",
    "exposed_households",
    "witness_name",
    "reason_zh",
    "reason_en",
)


@dataclass(frozen=True, eq=False)
class Comparison:
    """
    Two assessments of one district.

    Attributes
    ----------
    before, after : Assessment
        By the same rulebook.
    """

    before: Assessment
    after: Assessment

    @cached_property
    def changes(self) -> pd.DataFrame:
        """
        Every finding that is not as it was: gaps closed, opened, still open, and the rest.

        Columns ``change`` (`Change`), `estate_id`, `estate`, `town`, `rule_id`, `item_zh`,
        `gap_kind`, `metric_zh`, `department` and their English, and of both sides, as
        ``value_before`` and ``value_after``: `outcome`, `degree`, `statement`, `value`, `unit`,
        `threshold`, `op`, `exposed_households`, `witness_name`, `reason_zh`, `reason_en`; missing
        where a finding is on one side alone.
        """
        rows = self._paired[self._paired["is_changed"]]
        place = rows["change"].map({change: place for place, change in enumerate(Change)})
        rows = rows.iloc[place.to_numpy(dtype=int).argsort(kind="stable")]
        sides = [
            _wide(one, rows[f"place_{side}"])
            for one, side in zip((self.before, self.after), SIDES, strict=True)
        ]
        facts = {name: sides[1][name].fillna(sides[0][name]) for name in _FACTS}
        told = {
            f"{name}_{side}": one[name]
            for name in _TOLD
            for one, side in zip(sides, SIDES, strict=True)
        }
        change = rows["change"].to_numpy(dtype=object)
        return pd.DataFrame({"change": change, **facts, **told})

    @cached_property
    def counts(self) -> dict[Change, int]:
        """How many gaps are closed, opened and still open, changed or not."""
        found = self._paired["change"].value_counts()
        return {one: int(found.get(one, 0)) for one in Change if one != Change.OTHER}

    @cached_property
    def by_kind(self) -> pd.DataFrame:
        """
        Gaps by kind, all kinds in the order of `GAP_KINDS`.

        Columns ``gap_kind``, ``gaps_before``, ``gaps_after``, ``closed``, ``opened``, and the sums
        ``households`` and ``elders`` of `served`, NaN where nobody knows any.
        """
        served = self.served.groupby("gap_kind")[["households", "elders"]].sum(min_count=1)
        table = self._grouped("gap_kind").reindex(list(GAP_KINDS), fill_value=0).join(served)
        return table.rename_axis("gap_kind").reset_index()

    @cached_property
    def by_estate(self) -> pd.DataFrame:
        """
        Gaps of every estate where one is closed or opened, in the order of the estates.

        Columns ``estate_id``, ``estate``, ``gaps_before``, ``gaps_after``, ``closed``, ``opened``.
        """
        table = self._grouped("estate_id")
        table = table[(table["closed"] > 0) | (table["opened"] > 0)]
        names = pd.concat([_names(self.after), _names(self.before)])
        names = names[~names.index.duplicated()]
        table.insert(0, "estate", names.reindex(table.index))
        return table.rename_axis("estate_id").reset_index()

    @cached_property
    def served(self) -> pd.DataFrame:
        """
        Households that have what they lacked, by estate and kind of gap; negative: fewer have it.

        Columns ``estate_id``, ``gap_kind``, ``households`` (touched by gaps of the kind before less
        after, each household once: of the gap that touches most; NaN where a gap touches nobody
        knows how many), ``elders`` (as many of them as the estate has by household: an estimate).
        """
        before, after = (self._touched(side) for side in SIDES)
        fewer = before.sub(after, fill_value=0)
        lost = fewer[fewer != 0].rename("households").reset_index()
        estates = self.before.workspace.district["estates"].set_index("estate_id")
        share = (estates["elders"] / estates["households"]).astype("float64")
        lost["elders"] = lost["households"] * share.reindex(lost["estate_id"]).to_numpy()
        return lost

    @cached_property
    def _paired(self) -> pd.DataFrame:
        """
        The findings of both sides, one row for each estate and rule of either.

        ``estate_id``, ``rule_id``, ``gap_kind``; ``place_before`` and ``place_after``, positions in
        the findings, NaN for none; ``gap_before``, ``gap_after``; ``change``; ``is_changed``.
        """
        sides = [
            _keyed(one.joined("gap_kind")).add_suffix(f"_{side}")
            for one, side in zip((self.before, self.after), SIDES, strict=True)
        ]
        both = pd.concat(sides, axis=1)
        gaps = [both[f"gap_{side}"].eq(True).to_numpy() for side in SIDES]
        both["gap_before"], both["gap_after"] = gaps
        both["gap_kind"] = both["gap_kind_after"].fillna(both["gap_kind_before"])
        both["change"] = np.select(
            [gaps[0] & gaps[1], gaps[0], gaps[1]],
            [Change.STILL_OPEN, Change.CLOSED, Change.OPENED],
            Change.OTHER,
        )
        both["is_changed"] = ~np.logical_and.reduce(
            [_equal(both[f"{name}_before"], both[f"{name}_after"]) for name in _COMPARED]
        )
        return both.reset_index()

    def _touched(self, side: str) -> pd.Series:
        """Return the households that the gaps of one side touch, by estate and kind of gap."""
        gaps = self._paired[self._paired[f"gap_{side}"]]
        touched = gaps[f"exposed_households_{side}"].astype("float64")
        groups = touched.groupby([gaps["estate_id"], gaps["gap_kind"]])
        return groups.agg(lambda known: known.max(skipna=False))

    def _grouped(self, key: str) -> pd.DataFrame:
        """Return how many gaps each group has before and after, and how many come and go."""
        paired = self._paired
        flags = {
            "gaps_before": paired["gap_before"],
            "gaps_after": paired["gap_after"],
            "closed": paired["change"].eq(Change.CLOSED),
            "opened": paired["change"].eq(Change.OPENED),
        }
        return pd.DataFrame(flags).groupby(paired[key], sort=False).sum().astype(int)


def _keyed(findings: pd.DataFrame) -> pd.DataFrame:
    """Return what is compared of findings by estate and rule, plain values, and where each is."""
    plain = {name: findings[name].astype(object) for name in (*_COMPARED, "gap_kind")}
    keys = pd.MultiIndex.from_arrays(
        [findings["estate_id"].astype(object), findings["rule_id"].astype(object)],
        names=["estate_id", "rule_id"],
    )
    table = pd.DataFrame(plain).assign(gap=is_gap(findings), place=np.arange(len(findings)))
    return table.set_axis(keys)


def _equal(left: pd.Series, right: pd.Series) -> np.ndarray:
    """Return which values are the same, two that are missing too."""
    return ((left == right) | (left.isna() & right.isna())).to_numpy(dtype=bool)


def _names(assessment: Assessment) -> pd.Series:
    """Return the names of the estates by id."""
    estates = assessment.workspace.district["estates"]
    return estates.set_index("estate_id")["name"]


def _wide(assessment: Assessment, places: pd.Series) -> pd.DataFrame:
    """Return rows of the full table at `places`, all missing where there is none."""
    known = places.notna().to_numpy()
    rows = assessment.findings.iloc[places[known].astype(int)]
    district, book = assessment.workspace.district, assessment.workspace.book
    table = pd.DataFrame(full_table(rows, district, book)).set_axis(np.flatnonzero(known))
    return table.reindex(range(len(places)))
