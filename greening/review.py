"""
The review: everything the bureau looks at, computed once from a district, a rulebook and a record.

Page, workbook, sheets and command all print this one object, so their totals agree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd

from greening.changes import Change, as_recorded
from greening.check import Check, check_plants
from greening.design import design_faults
from greening.indicators import (
    areas_by_town,
    green_areas,
    indicators,
    planted_district,
)
from greening.obstacles import lacking_layers, obstacles
from greening.plantable import Habit, plantable_sites
from greening.plants import plants
from greening.requirements import Profile, Requirements, read_requirements
from greening.seedlings import seedlings
from greening.species import Species
from greening.suggest import Suggestion, suggestions
from greening.survival import by_town, dead_plantings, survival
from greening.versions import site_versions
from greening.workflow import Event, Standing, replay
from layers.district import District
from rules.model import Book

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
    profile : Profile
        Table of tree-to-pipe distances.
    refused : tuple of Change
        Recorded changes that no longer fit the design.
    """

    district: District
    book: Book
    species: Mapping[str, Species]
    standings: Mapping[str, Standing]
    as_of: date
    profile: Profile = Profile.STRICTER
    refused: tuple[Change, ...] = ()

    @cached_property
    def requirements(self) -> Requirements:
        """The rulebook's distances."""
        return read_requirements(self.book.clearances, self.book.pipes)

    @cached_property
    def around(self) -> gpd.GeoDataFrame:
        """The obstacles (`greening.obstacles`)."""
        return obstacles(self.district, self.requirements, self.profile)

    @cached_property
    def found(self) -> Check:
        """The clearance check (`greening.check`)."""
        growing = plants(self.district, self.species)
        lacking = lacking_layers(self.district)
        return check_plants(growing, self.around, self.requirements.look_m, lacking)

    @cached_property
    def suggested(self) -> Sequence[Suggestion]:
        """What to do with every planting that does not pass (`greening.suggest`)."""
        look_m = self.requirements.look_m
        return suggestions(self.district, self.found, self.around, look_m, self.species)

    @cached_property
    def ground(self) -> gpd.GeoDataFrame:
        """Plantable ground of every site, for the widest tree of the catalogue."""
        trees = [one for one in self.species.values() if one.kind == "tree"]
        widest = max((one.crown_m for one in trees), default=0.0)
        tallest = max((one.height_m for one in trees), default=0.0)
        habit = Habit("tree", widest, tallest)
        return plantable_sites(self.district, self.around, self.requirements.look_m, habit)

    @cached_property
    def versions(self) -> pd.Series:
        """Version of what each site's check stands on (`greening.versions`)."""
        reach_m = float(np.nanmax(self.around[["tree_m", "shrub_m"]].to_numpy(), initial=0.0))
        return site_versions(self.district, self.around, reach_m + self.requirements.look_m)

    @cached_property
    def faults(self) -> pd.DataFrame:
        """Doubled and misplaced plantings (`greening.design`)."""
        return design_faults(self.district, self.requirements.duplicate_m)

    @cached_property
    def least_rate(self) -> float:
        """The rulebook's acceptance rate of survival."""
        return float(self.book.by_id[SURVIVAL_RULE].value or 0.0)

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
        return seedlings(self.district, self.species, self.standings, self.ground)

    @cached_property
    def planted(self) -> District:
        """The district once the design is planted (`greening.indicators`)."""
        return planted_district(self.district, self.survival)

    @cached_property
    def indicators(self) -> pd.DataFrame:
        """The green rules before and after."""
        return indicators(self.district, self.planted, self.book, self.as_of)

    @cached_property
    def areas(self) -> pd.DataFrame:
        """Land, green and plantable areas of every estate."""
        return green_areas(self.district, self.planted, self.ground, self.book)

    @cached_property
    def areas_by_town(self) -> pd.DataFrame:
        """The same by town."""
        return areas_by_town(self.areas)

    @cached_property
    def caution(self) -> str:
        """Id of the standard that superseded the tree-to-pipe tables by the day, "" if none."""
        source = str(self.book.clearances["tree_pipe"].get("as_of_warning", ""))
        begun = self.book.sources[source].effective_from if source in self.book.sources else None
        return source if begun is not None and begun <= self.as_of else ""

    def with_standings(self, standings: Mapping[str, Standing]) -> "Review":
        """Return the review of the same design at other standings, its geometry not redone."""
        other = replace(self, standings=standings)
        for name in ("requirements", "around", "found", "suggested", "ground", "versions"):
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
    profile: Profile = Profile.STRICTER,
) -> Review:
    """Return the review of a district's design with its record replayed."""
    sites = district["greening_sites"]
    states = zip(sites["site_id"], sites["state"].fillna("design"), strict=True)
    standings = replay(events, dict(states))
    known = {site: standings[site] for site in sites["site_id"]}
    recorded, refused = as_recorded(district, events)
    return Review(recorded, book, species, known, as_of, profile, refused)
