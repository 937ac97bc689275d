"""Lifts of a district in words: units and conditions with names, sums by estate and utility."""

from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.arrays import ObjectArray
from lifts.conditions import Effect
from lifts.siting import LiftSiting, Outcome, site_lifts
from services.assessment import Assessment
from wording import LANGUAGES, Language, Text, say, text

STATES = {
    "asked": text("lifts.asked"),
    "has_lift": text("lifts.has_lift"),
    "not_asked": text("lifts.not_asked"),
    "unknown": text("lifts.unsaid"),
}
OUTCOMES = {one.value: text(f"lifts.{one.value}") for one in Outcome}
POSITIONS = {one: text(f"lifts.{one}") for one in ("front", "left", "right", "balcony")}
EFFECTS = {
    one.value: text("lifts.lacking_effect" if one is Effect.UNKNOWN else f"lifts.{one.value}")
    for one in Effect
}
_BETWEEN = Text("；", "; ")
_LINES = ("pipelines", "overhead_lines")


@dataclass(frozen=True, eq=False)
class DistrictLifts:
    """
    Where lifts fit in a district, for people.

    Attributes
    ----------
    assessment : Assessment
        The district on a day.
    sited : LiftSiting
        The answers.
    """

    assessment: Assessment
    sited: LiftSiting

    @cached_property
    def _names(self) -> dict[str, pd.Series]:
        district = self.assessment.workspace.district
        estates, buildings = district["estates"], district["buildings"]
        return {
            "estate": estates.set_index("estate_id")["name"],
            "building": buildings.set_index("building_id")["name"],
        }

    @cached_property
    def units(self) -> gpd.GeoDataFrame:
        """
        One row a stair unit, at its door, the ones to take first at the top.

        Beside the columns of `LiftSiting.units`: `estate`, `building`; of the best place
        `position`, `load_kg`, `moved_m`, `moved`, `taken_m2`; and `reasons_zh`, `reasons_en`.
        """
        own = self.sited.units
        place = own["place"].to_numpy(dtype=np.int64)
        best = self.sited.places.drop(columns="geometry").reindex(place).reset_index(drop=True)
        table = own.assign(
            estate=own["estate_id"].map(self._names["estate"]).to_numpy(),
            building=own["building_id"].map(self._names["building"]).to_numpy(),
            **{name: best[name].to_numpy() for name in _OF_BEST},
            **{f"reasons_{side}": self._reasons(place, side) for side in LANGUAGES},
        )
        rank = np.where(table["first"] > 0, table["first"], len(table) + 1)
        return table.iloc[np.lexsort((np.arange(len(table)), rank))].reset_index(drop=True)

    def _reasons(self, place: ObjectArray, language: Language) -> ObjectArray:
        """Return what is said of the best place of every unit, each sentence once."""
        said = self.conditions.groupby("candidate")[f"says_{language}"].agg(
            lambda some: _BETWEEN[language].join(dict.fromkeys(some))
        )
        return said.reindex(place).fillna("").to_numpy(dtype=object)

    @cached_property
    def conditions(self) -> gpd.GeoDataFrame:
        """
        The conditions of every place, in words.

        Beside the columns of `LiftSiting.conditions`: `estate`, `building`, `unit_id`, `position`,
        `load_kg`, `is_best`, `says_zh`, `says_en`.
        """
        met, places, units = self.sited.conditions, self.sited.places, self.sited.units
        at = met["candidate"].to_numpy(dtype=np.int64)
        unit = places["unit"].to_numpy(dtype=np.int64)[at]
        own = units.iloc[unit]
        return met.assign(
            estate=own["estate_id"].map(self._names["estate"]).to_numpy(),
            building=own["building_id"].map(self._names["building"]).to_numpy(),
            unit_id=own["unit_id"].to_numpy(),
            position=places["position"].to_numpy()[at],
            load_kg=places["load_kg"].to_numpy()[at],
            is_best=units["place"].to_numpy()[unit] == at,
            **{f"says_{side}": _sentences(met, side) for side in LANGUAGES},
        )

    @cached_property
    def estates(self) -> pd.DataFrame:
        """One row an estate that has stair units: how many units have which answer."""
        own = self.units
        asked = own[own["state"] == "asked"]
        counts = pd.crosstab(asked["estate_id"], asked["outcome"]).reindex(
            columns=[one.value for one in Outcome], fill_value=0
        )
        sums = asked.groupby("estate_id")[["households_above", "moved_m"]].sum()
        table = counts.join(sums).assign(asked=counts.sum(axis=1)).reset_index()
        table["estate"] = table["estate_id"].map(self._names["estate"])
        return table

    @cached_property
    def works(self) -> pd.DataFrame:
        """
        What would have to be moved for the best place of every unit that can have a lift.

        One row a body and kind of pipe: `body_zh`, `body_en`, `object_zh`, `object_en`, `pieces`,
        `length_m`. Pipes that several lifts need moved are counted for each.
        """
        met = self.conditions
        chosen = met[met["is_best"] & (met["effect"] == Effect.MOVES) & (met["check"] == "pipe")]
        bodies = [
            self._body(layer, key)
            for layer, key in zip(chosen["layer"], chosen["object_id"], strict=True)
        ]
        table = pd.DataFrame(
            {
                **{f"body_{side}": [body[side] for body in bodies] for side in LANGUAGES},
                "object_zh": chosen["object_zh"].to_numpy(),
                "object_en": chosen["object_en"].to_numpy(),
                "length_m": chosen["amount"].to_numpy(),
            }
        )
        keys = ["body_zh", "body_en", "object_zh", "object_en"]
        sums = table.groupby(keys)["length_m"].agg(pieces="size", length_m="sum")
        return sums.reset_index()

    def _body(self, layer: str, key: str) -> Text:
        """Return who answers for a pipe or line."""
        book = self.assessment.workspace.book
        kind = self._kinds[layer].get(key, "")
        supply = book.supply.get(layer)
        if supply is None:
            return Text("", "")
        return book.body(supply.holder(kinds=(kind,)))

    @cached_property
    def _kinds(self) -> dict[str, dict[str, str]]:
        district = self.assessment.workspace.district
        return {
            layer: dict(zip(district[layer].iloc[:, 0], district[layer]["kind"], strict=True))
            for layer in _LINES
        }

    def counts(self) -> dict[str, int]:
        """Return how many units ask for a lift, and how many have each answer."""
        outcome = self.sited.units["outcome"]
        found = {one.value: int((outcome == one.value).sum()) for one in Outcome}
        return {"asked": sum(found.values()), **found}


_OF_BEST = ("position", "load_kg", "moved_m", "moved", "taken_m2")


def district_lifts(assessment: Assessment) -> DistrictLifts:
    """
    Return where lifts fit in a district on the day of an assessment.

    Parameters
    ----------
    assessment : Assessment
        The district on a day.
    """
    return DistrictLifts(assessment, site_lifts(assessment.evaluation.context))


def _sentences(met: pd.DataFrame, language: Language) -> list[str]:
    """Return what every condition says, with its note."""
    columns = zip(
        met["check"],
        met["effect"],
        met[f"object_{language}"],
        met["object_id"],
        met["measured"],
        met["required"],
        met["amount"],
        met[f"note_{language}"],
        strict=True,
    )
    return [_sentence(*row, language=language) for row in columns]


def _sentence(  # noqa: PLR0913, PLR0917 - the cells of a row
    check: str,
    effect: str,
    name: str,
    key: str,
    measured: float,
    required: float,
    amount: float,
    note: str,
    *,
    language: Language,
) -> str:
    entry = "probe" if check == "pipe" and effect == Effect.VERIFY else check
    said = say(
        f"lifts.said_{entry}",
        language,
        object=name,
        id=key,
        measured=measured,
        required=required,
        amount=amount,
    )
    return _with_note(said, note, language)


def _with_note(said: str, note: str, language: Language) -> str:
    return f"{said}{Text(f'（{note}）', f' ({note})')[language]}" if note else said
