"""Works on pipes by body: who leads, who assists, what is done to which pipes, on what grounds."""

from collections.abc import Iterator, Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.arrays import FloatArray, IndexArray, ObjectArray
from layers.district import District
from layers.findings import VERIFIED_LABELS
from pipework.pieces import Pieces
from pipework.review import PipeReview
from pipework.yielding import gives_way
from rules.bodies import Responsible, responsible
from rules.model import Book
from wording import LANGUAGES, Language, listing, text

WORKS = (
    "renew",
    "separate",
    "move",
    "cross",
    "deepen",
    "connect",
    "probe",
    "survey",
    "bury",
    "bury_counted",
)
"""What is done, what costs most first."""
WORK_NAMES = {one: text(f"pipes.work_{one}") for one in WORKS}

_OF_CHECK: Mapping[tuple[str, str], str] = {
    ("age", "short"): "renew",
    ("mixed", "short"): "separate",
    ("pipe", "short"): "move",
    ("building", "short"): "move",
    ("crossing", "short"): "cross",
    ("cover", "short"): "deepen",
    ("frost", "short"): "deepen",
    ("end", "verify"): "connect",
    **{(check, "verify"): "probe" for check in ("pipe", "building", "crossing")},
    **{(check, "unknown"): "survey" for check in ("age", "mixed", "cover", "frost")},
}
_WHOLE = ("renew", "separate", "deepen", "probe", "survey")
"""Works on the whole of a pipe; of the others the length is the one concerned, or unknown."""

_KEYS = ("work", "kind", "sub_kind", "diameter_mm", "material")
_OVERHEAD = "cable.lines"
_BUNDLES = "cable.overhead"


def pipe_works(review: PipeReview, district: District, book: Book) -> pd.DataFrame:
    """
    Return the works on the pipes of a district, by who leads them.

    Parameters
    ----------
    review : PipeReview
        What its pipes were held against.
    district : District
        With its `overhead_lines`, and the bundles of cable counted in its estates.
    book : Book
        With the items and bodies.

    Returns
    -------
    pandas.DataFrame
        One row a work, kind, sub-kind, diameter and material: `lead_zh`, `lead_en`, `assist_zh`,
        `assist_en`, `work` (one of `WORKS`), `kind`, `sub_kind`, `diameter_mm`, `material`,
        `pieces`, `length_m` (NaN where it is not known), `grounds_zh`, `grounds_en`. A pipe is in
        every row whose work it needs.
    """
    rows = pd.concat(
        [_of_pipes(review), *_overhead(district, book), *_bundles(district, book)],
        ignore_index=True,
    )
    if not len(rows):
        return pd.DataFrame(columns=list(COLUMNS))
    for side in LANGUAGES:
        rows[f"grounds_{side}"] = _grounds(rows, side)
    groups = rows.groupby(list(_KEYS), dropna=False, sort=False)
    sums = groups.agg(
        pieces=("pieces", "sum"),
        length_m=("length_m", lambda some: some.sum(min_count=1)),
        **{f"grounds_{side}": (f"grounds_{side}", _each_once) for side in LANGUAGES},
    ).reset_index()
    bodies = [_bodies(kind, book) for kind in sums["kind"]]
    for side in LANGUAGES:
        sums[f"lead_{side}"] = [body.lead[side] for body in bodies]
        sums[f"assist_{side}"] = [
            listing((one[side] for one in body.assisting), side) for body in bodies
        ]
    place = sums["work"].map({one: number for number, one in enumerate(WORKS)})
    order = ["lead_zh", "kind", "place", "sub_kind", "diameter_mm", "material"]
    sums["length_m"] = sums["length_m"].round(2)
    return sums.assign(place=place).sort_values(order, ignore_index=True)[list(COLUMNS)]


COLUMNS = (
    *(f"{name}_{side}" for name in ("lead", "assist") for side in LANGUAGES),
    *_KEYS,
    "pieces",
    "length_m",
    *(f"grounds_{side}" for side in LANGUAGES),
)


def _of_pipes(review: PipeReview) -> pd.DataFrame:
    """Return one row a pipe, work and clause."""
    pieces = review.pieces
    own = pd.DataFrame(review.checks.drop(columns="geometry"))
    keys = pd.MultiIndex.from_frame(own[["check", "verdict"]].astype(str))
    own["work"] = keys.map(_OF_CHECK).to_numpy(dtype=object)
    own = own[own["work"].notna()]
    own = own.assign(pipe=_who(pieces, own))
    clauses = own.groupby(["pipe", "work"])[["source_id", "clause", "verified"]].agg(_each_once_of)
    length = own.groupby(["pipe", "work"])["length_m"].max()
    size = own.groupby(["pipe", "work"]).size()
    found = clauses.assign(length_m=length, rows=size).reset_index()
    at = found["pipe"].to_numpy()
    whole = found["work"].isin(_WHOLE).to_numpy()
    columns = {name: pieces.table[name].to_numpy()[at] for name in _KEYS[1:]}
    full = shapely.length(pieces.geometry)[at]
    return found.assign(
        **columns,
        pieces=np.where(found["work"] == "connect", found["rows"], 1),
        length_m=np.where(whole, full, found["length_m"]),
    )


def _who(pieces: Pieces, rows: pd.DataFrame) -> IndexArray:
    """Return the pipe that a row's work is done to: of two that are too near, who gives way."""
    first, second = rows["pipe"].to_numpy(), rows["other"].to_numpy()
    moved = rows["work"].isin(["move", "cross"]).to_numpy() & (second >= 0)
    who: IndexArray = np.array(first)
    who[moved] = gives_way(pieces, first[moved], second[moved])
    return who


def _each_once_of(values: pd.Series) -> tuple[str, ...]:
    return tuple(values)


def _each_once(values: pd.Series) -> str:
    return "\n".join(dict.fromkeys(line for one in values for line in one))


def _grounds(rows: pd.DataFrame, language: Language) -> list[tuple[str, ...]]:
    """Return the clauses of every row, each with how it was verified."""
    return [
        tuple(
            dict.fromkeys(
                f"{source} {clause} · {VERIFIED_LABELS[mark][language]}"
                for source, clause, mark in zip(*row, strict=True)
            )
        )
        for row in zip(rows["source_id"], rows["clause"], rows["verified"], strict=True)
    ]


def _overhead(district: District, book: Book) -> Iterator[pd.DataFrame]:
    """Yield the telecom cables that hang, as they were drawn."""
    lines = district["overhead_lines"]
    hang = lines[(lines["kind"] == "telecom").fillna(value=False)]
    pipes = district["pipelines"]
    laid = pipes[((pipes["kind"] == "TX") & (pipes["laid"] == "overhead")).fillna(value=False)]
    length = np.concatenate([shapely.length(_shapes(hang)), shapely.length(_shapes(laid))])
    if len(length) and _OVERHEAD in book.by_id:
        yield _cables("bury", book, _OVERHEAD, np.ones(len(length)), length)


def _bundles(district: District, book: Book) -> Iterator[pd.DataFrame]:
    """Yield the bundles of cable that a survey counted in estates, nobody says how long."""
    counted = district["estates"]["cable_bundles"].to_numpy(dtype=np.float64, na_value=np.nan)
    counted = counted[counted > 0]
    if len(counted) and _BUNDLES in book.by_id:
        yield _cables("bury_counted", book, _BUNDLES, counted, np.full(len(counted), np.nan))


def _shapes(frame: gpd.GeoDataFrame) -> ObjectArray:
    return np.asarray(frame.geometry.array, dtype=object)


def _cables(
    work: str, book: Book, rule_id: str, pieces: FloatArray, length: FloatArray
) -> pd.DataFrame:
    rule = book.by_id[rule_id]
    row = {"work": work, "kind": "TX", "sub_kind": None, "diameter_mm": np.nan, "material": None}
    said = {"source_id": (rule.source,), "clause": (rule.clause,), "verified": (rule.verified,)}
    return pd.DataFrame(
        {
            **row,
            **{name: [value] * len(pieces) for name, value in said.items()},
            "pieces": pieces,
            "length_m": length,
        }
    )


def _bodies(kind: str, book: Book) -> Responsible:
    """Return who answers for a kind of pipe: those of its item, else who holds its data."""
    item = book.pipes.get(kind, {}).get("item")
    if item is not None:
        return responsible(book.items[item], book.departments)
    return Responsible(book.body(book.supply["pipelines"].holder(kinds=(kind,))), ())
