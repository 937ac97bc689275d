"""
Species 树种: the catalogue of what is planted here, read from `data/species.toml`.

Each figure carries the source it was read in, or 待核 where it is only remembered. Prices are the
office's to fill in.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from geo.errors import DataError

CATALOGUE = Path(__file__).parent.parent / "data" / "species.toml"

TOLERANCE_LABELS: Mapping[str, tuple[str, str]] = {
    "high": ("强", "high"),
    "medium": ("中", "medium"),
    "low": ("弱", "low"),
}


@dataclass(frozen=True, slots=True)
class Species:
    """
    One species of the catalogue.

    Attributes
    ----------
    species_id : str
        Permanent ASCII id.
    name_zh, name_en, latin : str
        What people read.
    kind : {"tree", "shrub"}
        Which clearance column applies.
    drought, cold, saline : {"high", "medium", "low", ""}
        Tolerance, "" where nobody has said.
    crown_m, height_m : float
        Mature crown width and height [m].
    root_class : {"shallow", "deep", ""}
        For roots beside pipes and walls.
    spacing_m : float
        Distance between plants of one kind [m].
    deciduous : bool
        Whether it loses its leaves.
    size_zh : str
        Usual size as supplied (规格).
    price_yuan : float or None
        Unit price, None until the office enters it.
    sources : mapping of str to str
        Column name to the source of its figure; "待核" where it is only remembered.
    """

    species_id: str
    name_zh: str
    name_en: str
    latin: str
    kind: str
    drought: str
    cold: str
    saline: str
    crown_m: float
    height_m: float
    root_class: str
    spacing_m: float
    deciduous: bool
    size_zh: str
    price_yuan: float | None = None
    sources: Mapping[str, str] = field(default_factory=dict)

    def source(self, column: str) -> str:
        """Return where the figure of `column` stands, "待核" where it is only remembered."""
        return self.sources.get(column, "待核")


def read_species(path: Path = CATALOGUE) -> dict[str, Species]:
    """
    Read a catalogue.

    Raises
    ------
    DataError
        If the file is no TOML, or an entry lacks a figure or names one that does not exist.
    """
    try:
        entries: list[dict[str, Any]] = tomllib.loads(path.read_text("utf-8"))["species"]
        catalogue = [Species(**entry) for entry in entries]
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise DataError(
            f"species catalogue {path.name}: {error}", f"树种目录 {path.name} 有误：{error}"
        ) from error
    return {one.species_id: one for one in catalogue}


def identified(names: pd.Series, species: Mapping[str, Species]) -> pd.Series:
    """Return ids for species written by id, Chinese, English or Latin name; others unchanged."""
    known = {
        name: one.species_id
        for one in species.values()
        for name in (one.latin, one.name_en, one.name_zh, one.species_id)
    }
    return names.astype(object).map(lambda name: known.get(name, name))


def smaller(species: Mapping[str, Species], kind: str = "shrub") -> tuple[Species, ...]:
    """Return the species of `kind`, the hardiest on drought and salt first."""
    rank = {"high": 0, "medium": 1, "low": 2, "": 3}
    fitting = [one for one in species.values() if one.kind == kind]
    return tuple(
        sorted(fitting, key=lambda s: (rank[s.drought], rank[s.saline], s.crown_m, s.species_id))
    )
