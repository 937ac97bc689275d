"""Pipes of a district in words: what each was held against, sums by kind."""

from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from clearances.verdict import ClearanceVerdict
from geo.arrays import ObjectArray
from layers.pipelines import KINDS
from pipework.checks import CHECKS
from pipework.review import PipeReview, review_pipes
from rules.rounding import exact, figure
from services.assessment import Assessment
from services.pipe_works import pipe_works
from wording import LANGUAGES, Language, Text, in_language, say, text

VERDICTS = {one.value: text(f"pipes.{one.value}") for one in ClearanceVerdict}
CHECK_NAMES = {one: text(f"pipes.check_{one}") for one in CHECKS}

_DIGITS = 4  # of metres: coordinates have no more
_RANK = {one.value: place for place, one in enumerate(ClearanceVerdict)}
_OF_PIECE = (
    "pipe_id",
    "kind",
    "sub_kind",
    "pressure",
    "laid",
    "diameter_mm",
    "material",
    "year",
    "depth_m",
)


@dataclass(frozen=True, eq=False)
class DistrictPipes:
    """
    What the pipes of a district were held against, for people.

    Attributes
    ----------
    assessment : Assessment
        The district on a day.
    review : PipeReview
        The answers.
    """

    assessment: Assessment
    review: PipeReview

    @cached_property
    def pieces(self) -> gpd.GeoDataFrame:
        """
        One row a pipe, in the order of the layer.

        Columns of `pipelines`, `estate`, `length_m`; `verdict`, its worst, and `due`, the one on
        its renewal ("" where no rule asks); how many `rows_short`, `rows_verify`, `rows_unknown`;
        `reasons_zh`, `reasons_en`.
        """
        own, both = self.review.pieces, self._of_both
        counts = pd.crosstab(both["pipe"], both["verdict"]).reindex(
            index=range(len(own)), columns=list(VERDICTS), fill_value=0
        )
        rank = both.groupby("pipe")["rank"].min().reindex(range(len(own)))
        worst = rank.map(dict(enumerate(VERDICTS))).fillna(ClearanceVerdict.MET.value)
        age = both[both["check"] == "age"].drop_duplicates("pipe").set_index("pipe")["verdict"]
        table = own.table[list(_OF_PIECE)].assign(
            estate=self._estates[own.estate],
            length_m=shapely.length(own.geometry).round(_DIGITS),
            verdict=worst.to_numpy(),
            due=age.reindex(range(len(own))).fillna("").to_numpy(),
            **{f"rows_{one}": counts[one].to_numpy() for one in VERDICTS},
            **{f"reasons_{side}": self._reasons(side) for side in LANGUAGES},
        )
        return gpd.GeoDataFrame(table, geometry=list(own.geometry), crs=self.review.checks.crs)

    @property
    def _estates(self) -> ObjectArray:
        """Names of the estates, and no name for -1, which is the last place."""
        names = self.assessment.workspace.district["estates"]["name"]
        return np.array([*names, ""], dtype=object)

    def _outside(self, language: Language) -> ObjectArray:
        """Names of the estates, and what is in none of them for -1."""
        return np.array([*self._estates[:-1], say("pipes.outside", language)], dtype=object)

    @cached_property
    def checks(self) -> gpd.GeoDataFrame:
        """
        The rows of `PipeReview.checks` in words.

        Beside their columns: `pipe_id`, `estate`, `kind`, `subject_zh`, `subject_en`, `says_zh`,
        `says_en`.
        """
        own, met = self.review.pieces, self.review.checks
        at = met["pipe"].to_numpy()
        names = [own.names[one] for one in own.class_of[at]]
        return met.assign(
            measured=met["measured"].round(_DIGITS),
            length_m=met["length_m"].round(_DIGITS),
            pipe_id=own.table["pipe_id"].to_numpy()[at],
            kind=own.table["kind"].to_numpy()[at],
            estate=self._estates[own.estate[at]],
            subject_zh=[name.zh for name in names],
            subject_en=[name.en for name in names],
            **{f"says_{side}": self._sentences(side) for side in LANGUAGES},
        )

    @cached_property
    def open(self) -> gpd.GeoDataFrame:
        """The rows of `checks` that are not kept, or that somebody has to look at."""
        return self.checks[self.checks["verdict"] != ClearanceVerdict.MET].reset_index(drop=True)

    @cached_property
    def _of_both(self) -> pd.DataFrame:
        """The checks of every pipe: those of two pipes are the second's as well."""
        own = pd.DataFrame(self.checks.drop(columns="geometry"))
        two = own[own["other"] >= 0]
        names = [self.review.pieces.names[one] for one in self.review.pieces.class_of[two["pipe"]]]
        turned = two.assign(
            pipe=two["other"],
            object_id=two["pipe_id"],
            object_zh=[name.zh for name in names],
            object_en=[name.en for name in names],
        )
        for side in LANGUAGES:
            turned[f"says_{side}"] = _sentences(turned, side)
        every = pd.concat([own, turned], ignore_index=True)
        every["rank"] = every["verdict"].map(_RANK)
        return every.sort_values(["pipe", "rank", "check"], kind="stable", ignore_index=True)

    def _reasons(self, language: Language) -> ObjectArray:
        """Return, for every pipe, the worst of each check that is not kept, and of how many."""
        both = self._of_both
        bad = both[both["verdict"] != ClearanceVerdict.MET]
        groups = bad.groupby(["pipe", "check"], sort=False)[f"says_{language}"]
        worst = groups.agg(["first", "size"]).reset_index()
        worst["said"] = [
            say("pipes.more", language, said=said, n=n) if n > 1 else said
            for said, n in zip(worst["first"], worst["size"], strict=True)
        ]
        joined = worst.groupby("pipe")["said"].agg(say("pipes.between", language).join)
        return joined.reindex(range(len(self.review.pieces))).fillna("").to_numpy(dtype=object)

    def _sentences(self, language: Language) -> list[str]:
        return _sentences(self.review.checks, language)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """
        One row a check and kinds: how many rows have which answer, and what was asked.

        `check`, `subject_zh`, `subject_en` (two kinds where two pipes are held together),
        `rows_short`, `rows_verify`, `rows_unknown`, `rows_met`; `nearest`, the least measured, and
        `required`, the most asked, in `unit`; `source_id`, `clause`, `verified`.
        """
        own = self.checks
        other = self.review.pieces.table["kind"].to_numpy()[own["other"].to_numpy()]
        second = np.where(own["other"] >= 0, other, own["object_layer"].to_numpy())
        table = pd.DataFrame(own.drop(columns="geometry")).assign(second=second)
        order = {kind: place for place, kind in enumerate((*KINDS, "buildings", ""))}
        swapped = table["kind"].map(order) > table["second"].map(order)
        table["first"] = np.where(swapped, table["second"], table["kind"])
        table["second"] = np.where(swapped, table["kind"], table["second"])
        keys = ["check", "first", "second", "required", "source_id", "clause", "verified", "unit"]
        flags = {f"rows_{one}": (table["verdict"] == one).astype("int64") for one in VERDICTS}
        groups = table.assign(**flags).groupby(keys, dropna=False)
        found = groups.agg(
            **{name: (name, "sum") for name in flags}, nearest=("measured", "min")
        ).reset_index()
        for side in LANGUAGES:
            found[f"subject_{side}"] = [
                _pair(*kinds, language=side)
                for kinds in zip(found["first"], found["second"], strict=True)
            ]
        found["place"] = found["check"].map({one: place for place, one in enumerate(CHECKS)})
        ranked = [found["required"], found["second"].map(order), found["first"].map(order)]
        return found.iloc[np.lexsort((*ranked, found["place"]))].reset_index(drop=True)

    @cached_property
    def works(self) -> pd.DataFrame:
        """What is to be done to which pipes and who leads it, as `pipe_works` returns it."""
        workspace = self.assessment.workspace
        return pipe_works(self.review, workspace.district, workspace.book)

    @cached_property
    def estates(self) -> pd.DataFrame:
        """
        One row an estate that has pipes, and one for those in no estate.

        `estate_zh`, `estate_en`; `pipe_count` and `length_m`; `due_length`, what is due for
        renewal [m]; how many pipes have which answer.
        """
        own = pd.DataFrame(self.pieces.drop(columns="geometry"))
        own = own.assign(at=self.review.pieces.estate)
        own["due_length"] = np.where(own["due"] == ClearanceVerdict.SHORT, own["length_m"], 0.0)
        counts = pd.crosstab(own["at"], own["verdict"]).reindex(
            columns=list(VERDICTS), fill_value=0
        )
        sums = own.groupby("at").agg(
            pipe_count=("pipe_id", "size"),
            length_m=("length_m", "sum"),
            due_length=("due_length", "sum"),
        )
        table = sums.round(_DIGITS).join(counts.add_prefix("rows_")).reset_index()
        at = table["at"].to_numpy()
        return table.assign(**{f"estate_{side}": self._outside(side)[at] for side in LANGUAGES})

    @cached_property
    def unsurveyed(self) -> list[str]:
        """Names of the estates in which nobody looked for pipes."""
        context = self.assessment.evaluation.context
        left_out = context.left_out("pipelines") | (not context.district.has("pipelines"))
        return list(self._estates[:-1][left_out])

    def counts(self) -> dict[str, int]:
        """Return how many pipes there are, and how many have each answer."""
        verdict = self.pieces["verdict"]
        return {"pieces": len(verdict), **{one: int((verdict == one).sum()) for one in VERDICTS}}


def district_pipes(assessment: Assessment) -> DistrictPipes:
    """
    Return what the pipes of a district were held against on the day of an assessment.

    Parameters
    ----------
    assessment : Assessment
        The district on a day.
    """
    return DistrictPipes(assessment, review_pipes(assessment.evaluation.context))


def _pair(first: str, second: str, *, language: Language) -> str:
    names = {**in_language(KINDS, language), "buildings": say("pipes.buildings", language)}
    if not second:
        return names[first]
    return say("pipes.pair", language, first=names[first], second=names[second])


def _sentences(rows: pd.DataFrame, language: Language) -> list[str]:
    """Return what every row says, with its note."""
    columns = ("check", "measured", "least", "required", "unit", "object_id")
    sided = (f"object_{language}", f"note_{language}")
    cells = zip(*(rows[name] for name in (*columns, *sided)), strict=True)
    return [_sentence(*row, language=language) for row in cells]


def _sentence(  # noqa: PLR0913, PLR0917 - the cells of a row
    check: str,
    measured: float,
    least: float,
    required: float,
    unit: str,
    key: str,
    name: str,
    note: str,
    *,
    language: Language,
) -> str:
    known = not np.isnan(measured)
    said = say(
        f"pipes.{_entry(check, measured, required, name)}",
        language,
        object=name,
        id=key,
        measured=_figure(measured, unit, required, language) if known else "",
        overlap=_figure(-measured, unit, np.nan, language) if known else "",
        required=_required(least, required, unit, language),
    )
    return f"{said}{Text(f'（{note}）', f' ({note})')[language]}" if note else said


def _entry(check: str, measured: float, required: float, name: str) -> str:
    """Return which sentence says it."""
    if np.isnan(measured):
        own = {"cover": "cover_open", "frost": "cover_open", "crossing": "crossing_open"}
        other = {"age": "said_age_undated", "end": "said_end" if name else "end_open"}
        return {**own, **other}.get(check, f"said_{check}")
    if check == "crossing" and measured < 0:
        return "crossing_clash" if np.isnan(required) else "crossing_overlap"
    return "built_over" if check == "building" and measured == 0 else f"said_{check}"


def _figure(value: float, unit: str, beside: float, language: Language) -> str:
    if unit == "a":
        return say("pipes.years", language, n=value)
    return Text(f"{figure(value, unit, beside)} 米", f"{figure(value, unit, beside)} m")[language]


def _required(least: float, most: float, unit: str, language: Language) -> str:
    said = [
        say("pipes.years", language, n=one)
        if unit == "a"
        else Text(f"{exact(one, unit)} 米", f"{exact(one, unit)} m")[language]
        for one in (least, most)
        if not np.isnan(one)
    ]
    if len(said) < 2 or least == most:  # noqa: PLR2004
        return said[-1] if said else ""
    return say("pipes.range", language, least=said[0], required=said[1])
