"""What an office asks for: purpose, stage, estates, sheets, paper, fields of the title block."""

from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path

from wording import Language


class Purpose(StrEnum):
    """Who will read the booklet."""

    INTERNAL = "internal"
    PUBLIC = "public"


class Stage(StrEnum):
    """Whether the booklet may be signed."""

    DRAFT = "draft"
    FORMAL = "formal"


class Order(StrEnum):
    """Which estate comes first, if none are named: as the data list them, by town, or the worst."""

    DISTRICT = "district"
    TOWN = "town"
    RANK = "rank"


PAPERS = {"A3": (420.0, 297.0), "A4": (297.0, 210.0)}
"""Landscape papers [mm]."""

SHEETS = (
    "cover",
    "contents",
    "changes",
    "index_map",
    "summary",
    "town",
    "notice",
    "present",
    "gaps",
    "measures",
    "pipes_green",
    "unknowns",
    "marginal",
    "pending",
    "condition",
    "yardstick",
    "signoff",
    "opinions",
)
"""Every kind of sheet, in the order of the booklet."""

_ANNEX = ("pipes_green", "unknowns", "marginal", "pending", "condition", "yardstick")
_GENERAL = ("contents", "index_map", "summary", "town")


class Volume(StrEnum):
    """How much is bound: what a meeting carries, the evidence behind it, or both."""

    SHORT = "short"
    ANNEX = "annex"
    FULL = "full"


VOLUMES: dict[Volume, tuple[str, ...]] = {
    Volume.SHORT: tuple(kind for kind in SHEETS if kind not in _ANNEX),
    Volume.ANNEX: ("cover", "contents", "changes", *_ANNEX),
    Volume.FULL: SHEETS,
}
"""Kinds of sheet of each volume: short and annex together hold every kind."""

GREENING_SHEETS = ("greening", "seedlings", "rectification")
"""Kinds of sheet that need a greening review; printed by `litong green` and the greening page."""


@dataclass(frozen=True)
class TitleBlock:
    """The fields of 图签 that people fill in; all of them before a formal issue."""

    project: str = ""
    organisation: str = ""
    leader: str = ""
    drawn_by: str = ""
    checked_by: str = ""
    reviewed_by: str = ""
    approved_by: str = ""

    def empty(self) -> list[str]:
        """Return the names of the fields not filled in."""
        return [field.name for field in fields(self) if not str(getattr(self, field.name)).strip()]


@dataclass(frozen=True)
class PublicNotice:
    """
    What residents need to know to answer; all of it before a formal issue for the public.

    Attributes
    ----------
    opens, closes : str
        First and last day on which opinions are taken, ISO 8601.
    contact, phone, address : str
        Who takes them, and where.
    """

    opens: str = ""
    closes: str = ""
    contact: str = ""
    phone: str = ""
    address: str = ""

    def empty(self) -> list[str]:
        """Return the names of the fields not filled in."""
        return [field.name for field in fields(self) if not str(getattr(self, field.name)).strip()]


@dataclass(frozen=True)
class Request:
    """
    One booklet to be made.

    Attributes
    ----------
    date : str
        ISO 8601 date printed on the sheets; the atlas never reads a clock.
    edition : str
        Version printed on the sheets, such as ``"V0.3"``; "" for the next that was not issued.
    purpose, stage : Purpose, Stage
        For the meeting or for the public; draft (watermarked) or formal.
    estates : tuple of str
        Estate ids in the order wanted; empty for all, in `order`.
    order : Order
        Of the estates, if none are named.
    sheets : tuple of str
        Kinds of sheet, of `SHEETS`; empty for those of `volume`.
    volume : Volume
        Without `sheets`: which volume. Of one estate it has no general sheets: 一小区一方案.
    department : str
        Id of the body an extract is for: only the pages and rows it signs; "" for the whole.
    town : str
        Name of the town an extract is for; "" for all.
    paper : {"A3", "A4"}
        Landscape.
    language : {"zh", "en"}
        Of headings and notes; names stay as they are.
    scale : int
        Denominator for the estate sheets; 0 chooses the largest round scale that fits.
    title_block : TitleBlock
        图签.
    notice : PublicNotice
        Period and contact, printed for the public.
    review_number : str
        审图号, for maps shown to the public.
    confirmed : frozenset of str
        Rule ids whose placeholder values a planner has confirmed.
    signers : tuple of str
        Department ids of the sign-off strip; empty for the bodies the plan makes consult.
    font : Path or None
        The office's own font for body text.
    style : Path or None
        The office's own style file.
    """

    date: str
    edition: str
    purpose: Purpose = Purpose.INTERNAL
    stage: Stage = Stage.DRAFT
    estates: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    volume: Volume = Volume.SHORT
    department: str = ""
    town: str = ""
    paper: str = "A3"
    language: Language = "zh"
    scale: int = 0
    title_block: TitleBlock = TitleBlock()
    review_number: str = ""
    confirmed: frozenset[str] = frozenset()
    signers: tuple[str, ...] = ()
    font: Path | None = None
    style: Path | None = None
    order: Order = Order.DISTRICT
    notice: PublicNotice = PublicNotice()

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of sheet asked for, by name or as those of the volume."""
        if self.sheets:
            return self.sheets
        if self.department:
            return SHEETS  # an extract holds every row its body signs or supplies
        kinds = VOLUMES[self.volume]
        if len(self.estates) == 1 and self.volume is not Volume.FULL:
            return tuple(kind for kind in kinds if kind not in _GENERAL)
        return kinds

    @property
    def is_public(self) -> bool:
        """Whether the booklet will be shown to the public."""
        return self.purpose is Purpose.PUBLIC
