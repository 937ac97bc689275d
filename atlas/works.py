"""
Works: what the gaps of an estate call for, item by item of the rulebook.

An amount is printed only where the data hold it (bays lacking, metres to be renewed, units without
a lift); everything else is left to the design and says so. What was never surveyed is listed so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from types import SimpleNamespace

from atlas.evidence import CLASS_ORDER, Evidence, is_unknown, named
from atlas.sheet import AtlasContext
from atlas.text import clean
from layers.findings import Outcome
from wording import Language, Text, say

MARKS = dict(
    zip(CLASS_ORDER, ("measure_basic", "measure_improving", "measure_upgrading"), strict=True)
)
"""Theme of the works of each class."""

_PER_HOUSEHOLD = {
    "bay/hh": (1.0, Text("个车位", "bays")),
    "port/hh": (1.0, Text("个充电口", "ports")),
    "m2/100hh": (0.01, Text("m²", "m²")),
}
_SEMICOLON = Text("；", "; ")
_MEMBERS = {
    "units": Text("个单元", "units"),
    "buildings": Text("栋", "buildings"),
    "pipelines": Text("段", "pipes"),
    "walkways": Text("段", "paths"),
    "trees": Text("株", "trees"),
}


@dataclass(frozen=True)
class Work:
    """
    One kind of works on an estate: an item of the plan that some gaps call for.

    Attributes
    ----------
    number : int
        Within its class, from 1.
    mark : str
        Letter of its class, as the legend shows it.
    item_class, item, target, amount, department, lead : str
        Words of the table; `lead` names the leading body only.
    gaps : tuple of Evidence
        The gaps it closes.
    """

    number: int
    mark: str
    item_class: str
    item: str
    target: str
    amount: str
    department: str
    lead: str
    gaps: tuple[Evidence, ...]

    @property
    def is_placed(self) -> bool:
        """Whether it has a place: a walk has none, for the facility it lacks may be anywhere."""
        return _has_place(self.gaps)

    @property
    def code(self) -> str:
        """Number with its class, as printed: 基1, 完2, 提3 or B1, I2, U3."""
        return f"{self.mark}{self.number}"

    @property
    def destination(self) -> str:
        """Name of the link destination at its row of the table."""
        return f"work:{self.gaps[0].finding_id}"


@dataclass(frozen=True)
class Pending:
    """An item that cannot be judged for want of data, with the supplier of the data."""

    item: str
    lacking: str
    supplier: str


def works_of(context: AtlasContext, estate_id: str) -> list[Work]:
    """
    Return the works that an estate's gaps call for.

    Those with a place come first, then the others, each in the order of classes and severity.
    """
    households, language = context.by_id[estate_id].households, context.language
    by_item: dict[str, list[Evidence]] = {}
    for gap in context.gaps.get(estate_id, []):
        by_item.setdefault(gap.row.item_id, []).append(gap)
    works: list[Work] = []
    for gaps in sorted(by_item.values(), key=_printed_order):
        row = gaps[0].row
        works.append(
            Work(
                number=1 + sum(work.item_class == row.item_class for work in works),
                mark=context.style.themes[MARKS[row.item_class]].mark,
                item_class=row.item_class,
                item=clean(getattr(row, f"item_{language}")),
                target=_target(gaps, language),
                amount=_amount(gaps, households, language),
                department=named(row, "department", language),
                lead=gaps[0].lead,
                gaps=tuple(gaps),
            )
        )
    return works


def _printed_order(gaps: Sequence[Evidence]) -> tuple[bool, int]:
    return not _has_place(gaps), CLASS_ORDER.index(gaps[0].item_class)


def _has_place(gaps: Sequence[Evidence]) -> bool:
    return any(gap.shape is not None and gap.line != "route" for gap in gaps)


def pending_of(context: AtlasContext, estate_id: str) -> list[Pending]:
    """Return what lacks data on an estate, with who must supply it; nothing for the public."""
    language = context.language
    if context.request.is_public:
        return []
    return [
        Pending(
            clean(getattr(row, f"item_{language}")),
            clean(getattr(row, f"lacking_{language}") or getattr(row, f"metric_{language}")),
            named(row, "supplier", language) or "—",
        )
        for row in context.findings_of(estate_id)
        if row.outcome == Outcome.UNKNOWN and row.leads
    ]


def _target(gaps: Sequence[Evidence], language: Language) -> str:
    """Return metric and threshold of each gap that the work closes."""
    words = [
        clean(getattr(gap.row, f"metric_{language}"))
        + ("" if gap.threshold == "—" else f" {gap.threshold}")
        for gap in gaps
    ]
    return _SEMICOLON[language].join(dict.fromkeys(words))


def _amount(gaps: Sequence[Evidence], households: int | None, language: Language) -> str:
    """Return how much is to be built as far as the data say so, else that it is to be designed."""
    words = [_measured(gap.row, households, language) for gap in gaps]
    known = {word.split()[-1]: word for word in reversed(words) if word}
    amounts = [*known.values()][::-1][:2]
    return _SEMICOLON[language].join(amounts) or say("sheet.to_design", language)


def _measured(row: SimpleNamespace, households: int | None, language: Language) -> str:
    """Return the amount one gap gives, "" for none."""
    lacking = None if is_unknown(row.threshold) else row.threshold - (row.value or 0.0)
    each = _PER_HOUSEHOLD.get(row.unit or "")
    if each and households is not None and lacking is not None:
        return f"{ceil(round(lacking * households * each[0], 6)):,} {each[1][language]}"
    if row.unit in ("m", "place") and row.op == "<=" and row.threshold == 0 and row.value:
        word = row.unit if row.unit == "m" else say("sheet.places", language)
        return f"{row.value:,.0f} {word}"
    members = _MEMBERS.get(row.witness_layer or "")
    if members and row.failing_members:
        return f"{int(row.failing_members)} {members[language]}"
    if row.origin_layer and row.exposed_households:
        count = f"{row.exposed_households:,.0f}"
        return say("sheet.touched", language, households=count)
    return ""
