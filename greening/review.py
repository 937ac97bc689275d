"""
The review: everything the bureau looks at, computed once from a district, a rulebook and events.

Page, workbook, sheets and command all print this one object, so their totals agree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import geopandas as gpd
import pandas as pd

from clearances.free_ground import FreeGround
from clearances.requirements import STRICTER, Requirements
from clearances.surroundings import Surroundings, surroundings
from greening.check import Check, check_plants
from greening.design import completed, design_faults, design_report
from greening.indicators import (
    areas_by_town,
    green_areas,
    indicators,
    planted_district,
)
from greening.overview import by_estate
from greening.overview import by_town as overview_by_town
from greening.plantable import free_ground, plantable_sites
from greening.plants import PLANT_CLASSES, plant, plants
from greening.seedlings import seedlings
from greening.shade import shade
from greening.species import Species
from greening.suggest import Suggestion, suggestions
from greening.survival import by_town, dead_plantings, survival
from greening.versions import site_versions
from greening.workflow import GreeningEvent, SiteStatus, agreed_rate, species_named, statuses
from layers import content
from layers.district import District
from rules.model import Book
from wording import Text

SURVIVAL_RULE = "green.survival"

OF_GEOMETRY = (
    "requirements",
    "around",
    "growing",
    "found",
    "suggested",
    "grounds",
    "ground",
    "versions",
    "by_estate",
    "faults",
)
"""Parts of a review that states and counts do not touch, and that are slow."""


@dataclass(frozen=True)
class Review:
    """
    One state of a design, and what follows from it; every part is computed when first asked for.

    Attributes
    ----------
    kept : District
        The district as its store has it.
    district : District
        The same with what its plantings leave unsaid filled in (`greening.design.completed`).
    book : Book
        What it is held against.
    species : mapping of str to Species
        The catalogue.
    statuses : mapping of str to SiteStatus
        Where every site is.
    as_of : date
        Day of the indicators.
    profile : str
        One of the rulebook's clearance profiles.
    rate_set : GreeningEvent or None
        The event that set another acceptance rate than the rulebook's.
    """

    kept: District
    district: District
    book: Book
    species: Mapping[str, Species]
    statuses: Mapping[str, SiteStatus]
    as_of: date
    profile: str = STRICTER
    rate_set: GreeningEvent | None = None

    @cached_property
    def requirements(self) -> Requirements:
        """The rulebook's distances."""
        return self.book.clearances

    @property
    def profile_name(self) -> Text:
        """Name of the clearance profile."""
        return self.requirements.profiles[self.profile]

    @cached_property
    def around(self) -> Surroundings:
        """What plants must keep clear of (`clearances.surroundings`)."""
        return surroundings(self.district, self.requirements, PLANT_CLASSES, self.profile)

    @cached_property
    def growing(self) -> gpd.GeoDataFrame:
        """Everything that grows or shall grow (`greening.plants`)."""
        return plants(self.district, self.species)

    @cached_property
    def found(self) -> Check:
        """The clearance check (`greening.check`)."""
        return check_plants(self.growing, self.around)

    @cached_property
    def suggested(self) -> Sequence[Suggestion]:
        """What to do with every planting that does not pass (`greening.suggest`)."""
        spacing_m = self.book.planting.spacing_m
        return suggestions(self.district, self.found, self.grounds, self.species, spacing_m)

    @cached_property
    def grounds(self) -> FreeGround:
        """Where in each site a plant of some size may stand (`greening.plantable`)."""
        return free_ground(self.district, self.around)

    @cached_property
    def ground(self) -> gpd.GeoDataFrame:
        """Plantable ground of every site, for the widest tree of the catalogue."""
        trees = [one for one in self.species.values() if one.kind == "tree"]
        widest = max((one.crown_m for one in trees), default=0.0)
        tallest = max((one.height_m for one in trees), default=0.0)
        return plantable_sites(self.district, self.grounds, plant("tree", widest, tallest))

    @cached_property
    def versions(self) -> pd.Series:
        """Version of what each site's check stands on (`greening.versions`)."""
        return site_versions(self.district, self.growing, self.around)

    @cached_property
    def by_estate(self) -> pd.DataFrame:
        """Verdicts of every estate (`greening.overview`)."""
        return by_estate(self.district, self.found)

    @cached_property
    def by_town(self) -> pd.DataFrame:
        """The same by town."""
        return overview_by_town(self.by_estate)

    @cached_property
    def faults(self) -> pd.DataFrame:
        """Doubled and misplaced plantings (`greening.design`)."""
        return design_faults(self.district, self.book.planting.duplicate_m, self.species)

    @cached_property
    def report(self) -> pd.DataFrame:
        """Plantings and faults of every file a design came in with."""
        return design_report(self.district, self.faults)

    @cached_property
    def least_rate(self) -> float:
        """The acceptance rate of survival: the rulebook's, unless the bureau set another."""
        if self.rate_set is not None:
            return float(self.rate_set.payload["rate"])
        return self.rulebook_rate

    @property
    def rulebook_rate(self) -> float:
        """The rulebook's acceptance rate of survival."""
        return float(self.book.by_id[SURVIVAL_RULE].value or 0.0)

    @cached_property
    def held_book(self) -> Book:
        """The rulebook with the acceptance rate that holds here."""
        changed = {"value": self.least_rate}
        rules = (
            rule.model_copy(update=changed) if rule.id == SURVIVAL_RULE else rule
            for rule in self.book.rules
        )
        return replace(self.book, rules=tuple(rules))

    @cached_property
    def survival(self) -> pd.DataFrame:
        """Planted, living and dead of every site (`greening.survival`)."""
        return survival(self.district, self.statuses, self.least_rate)

    @cached_property
    def survival_by_town(self) -> pd.DataFrame:
        """The same by town."""
        return by_town(self.survival, self.least_rate)

    @cached_property
    def dead(self) -> pd.DataFrame:
        """What the rectification sheets list."""
        return dead_plantings(self.district, self.statuses)

    @cached_property
    def seedlings(self) -> pd.DataFrame:
        """The seedling table (`greening.seedlings`)."""
        return seedlings(self.district, self.species, self.statuses, self.grounds)

    @cached_property
    def planted(self) -> District:
        """The district once the design is planted (`greening.indicators`)."""
        return planted_district(self.district, self.survival)

    @cached_property
    def indicators(self) -> pd.DataFrame:
        """The green rules before and after."""
        return indicators(self.district, self.planted, self.held_book, self.as_of)

    @cached_property
    def areas(self) -> pd.DataFrame:
        """Land, green and plantable areas of every estate."""
        shaded = shade(self.district, self.growing, self.book.planting.crown_look_m)
        return green_areas(self.district, self.planted, self.ground, shaded, self.book, self.as_of)

    @cached_property
    def areas_by_town(self) -> pd.DataFrame:
        """The same by town."""
        return areas_by_town(self.areas)

    @cached_property
    def caution(self) -> str:
        """Id of the standard that superseded the tree-to-pipe tables by the day, "" if none."""
        source = self.requirements.superseded_by
        begun = self.book.sources[source].effective_from if source in self.book.sources else None
        return source if begun is not None and begun <= self.as_of else ""

    @cached_property
    def design_key(self) -> str:
        """Digest of all that the geometry depends on: neither states nor counts are in it."""
        plantings, sites = self.district["plantings"], self.district["greening_sites"]
        is_out = (plantings["state"] == "removed").fillna(value=False)
        design = plantings.drop(columns=["is_alive", "planted_date"]).assign(state=is_out)
        parts = {
            "plantings": content.frame_digest(design),
            "greening_sites": content.frame_digest(sites.drop(columns="state")),
        }
        return self.district.version_with({**self.district.digests, **parts})

    def with_geometry_of(self, other: "Review") -> "Review":
        """Return this review with the geometry of another of the same `design_key`, not redone."""
        same = replace(self)
        for name in OF_GEOMETRY:
            if name in other.__dict__:
                same.__dict__[name] = other.__dict__[name]
        return same

    def is_stale(self, site_id: str) -> bool:
        """Return whether the site's data changed after its check."""
        return self.statuses[site_id].is_stale(self.versions[site_id])


def review(
    district: District,
    book: Book,
    species: Mapping[str, Species],
    as_of: date,
    *,
    events: Sequence[GreeningEvent] = (),
    profile: str = STRICTER,
) -> Review:
    """Return the review of a district's design, with what its events add to the rows."""
    read = completed(district, species, species_named(events))
    found = statuses_of(read, events)
    return Review(district, read, book, species, found, as_of, profile, agreed_rate(events))


def statuses_of(district: District, events: Sequence[GreeningEvent]) -> dict[str, SiteStatus]:
    """Return where every site is: what its rows say, and what its events add to them."""
    sites, plantings = district["greening_sites"], district["plantings"]
    states = dict(zip(sites["site_id"], sites["state"].fillna("design"), strict=True))
    known = plantings[plantings["is_alive"].notna() & plantings["site_id"].notna()]
    counted: dict[str, dict[str, bool]] = {}
    columns = ("site_id", "planting_id", "is_alive")
    for site, planting, lives in zip(*(known[name].tolist() for name in columns), strict=True):
        counted.setdefault(site, {})[planting] = bool(lives)
    return statuses(events, states, counted)
