"""
The review: everything the bureau looks at, computed once from a district, a rulebook and a record.

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
from greening.changes import Change, as_recorded
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
from greening.workflow import Event, Standing, agreed_rate, replay, species_named
from layers.district import District
from rules.model import Book
from wording import Text

SURVIVAL_RULE = "green.survival"


@dataclass(frozen=True)
class Review:
    """
    One state of a design, and what follows from it; every part is computed when first asked for.

    Attributes
    ----------
    district : District
        The design as recorded.
    book : Book
        What it is held against.
    species : mapping of str to Species
        The catalogue.
    standings : mapping of str to Standing
        State of every site.
    as_of : date
        Day of the indicators.
    profile : str
        One of the rulebook's clearance profiles.
    refused : tuple of Change
        Recorded changes that no longer fit the design.
    rate_set : Event or None
        The entry that set another acceptance rate than the rulebook's.
    """

    district: District
    book: Book
    species: Mapping[str, Species]
    standings: Mapping[str, Standing]
    as_of: date
    profile: str = STRICTER
    refused: tuple[Change, ...] = ()
    rate_set: Event | None = None

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
        spacing_m = self.requirements.spacing_m
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
        return design_faults(self.district, self.requirements.duplicate_m, self.species)

    @cached_property
    def report(self) -> pd.DataFrame:
        """Plantings and faults of every file a design came in with."""
        return design_report(self.district, self.faults)

    @cached_property
    def least_rate(self) -> float:
        """The acceptance rate of survival: the rulebook's, unless the bureau set another."""
        if self.rate_set is not None:
            return float(self.rate_set.draft.payload["rate"])
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
        return survival(self.district, self.standings, self.least_rate)

    @cached_property
    def survival_by_town(self) -> pd.DataFrame:
        """The same by town."""
        return by_town(self.survival, self.least_rate)

    @cached_property
    def dead(self) -> pd.DataFrame:
        """What the rectification sheets list."""
        return dead_plantings(self.district, self.standings)

    @cached_property
    def seedlings(self) -> pd.DataFrame:
        """The seedling table (`greening.seedlings`)."""
        return seedlings(self.district, self.species, self.standings, self.grounds)

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
        shaded = shade(self.district, self.growing, self.requirements.crown_look_m)
        return green_areas(self.district, self.planted, self.ground, shaded, self.book)

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

    def with_events(self, events: Sequence[Event]) -> "Review":
        """Return the review of the same design after more entries, its geometry not redone."""
        standings = standings_of(self.district, events)
        other = replace(self, standings=standings, rate_set=agreed_rate(events))
        for name in _OF_GEOMETRY:
            if name in self.__dict__:
                other.__dict__[name] = self.__dict__[name]
        return other

    def is_stale(self, site_id: str) -> bool:
        """Return whether the site's data changed after its check."""
        return self.standings[site_id].is_stale(self.versions[site_id])


def review(
    district: District,
    book: Book,
    species: Mapping[str, Species],
    as_of: date,
    *,
    events: Sequence[Event] = (),
    profile: str = STRICTER,
) -> Review:
    """Return the review of a district's design with its record replayed."""
    district = completed(district, species, species_named(events))
    recorded, refused = as_recorded(district, events)
    standings = standings_of(district, events)
    rate_set = agreed_rate(events)
    return Review(recorded, book, species, standings, as_of, profile, refused, rate_set)


_OF_GEOMETRY = (
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


def standings_of(district: District, events: Sequence[Event]) -> dict[str, Standing]:
    """Return the standing of every site: what its layers say, and every entry since."""
    sites, plantings = district["greening_sites"], district["plantings"]
    states = dict(zip(sites["site_id"], sites["state"].fillna("design"), strict=True))
    known = plantings[plantings["is_alive"].notna() & plantings["site_id"].notna()]
    counted: dict[str, dict[str, str]] = {}
    columns = ("site_id", "planting_id", "is_alive")
    for site, planting, is_alive in zip(*(known[name].tolist() for name in columns), strict=True):
        counted.setdefault(site, {})[planting] = "alive" if is_alive else "dead"
    found = replay(events, states, counted)
    return {site: found[site] for site in sites["site_id"]}
