"""
Species 树种: the catalogue of what is planted here, read from `data/species.toml`.

Each figure carries the source it was read in, or 待核 where it is only remembered. Prices are the
office's to fill in.
"""

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geo.errors import DataError
from layers.trees import KINDS
from wording import Text

CATALOGUE = Path(__file__).parent.parent / "data" / "species.toml"

TOLERANCE_LABELS: Mapping[str, Text] = {
    "high": Text("强", "high"),
    "medium": Text("中", "medium"),
    "low": Text("弱", "low"),
}
ROOT_LABELS: Mapping[str, Text] = {
    "shallow": Text("浅根", "shallow"),
    "deep": Text("深根", "deep"),
}
_BETWEEN = re.compile(r"[-_—·.,，、/|\\()（）\[\]\s]+")  # between the parts of a layer's name
_RANK = {"high": 0, "medium": 1, "low": 2, "": 3}


@dataclass(frozen=True, slots=True)
class Species:
    """
    One species of the catalogue.

    Attributes
    ----------
    species_id : str
        Permanent ASCII id.
    name_zh, name_en, latin : str
        What people read; `name` has the first two.
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

    @property
    def name(self) -> Text:
        """What people call it."""
        return Text(self.name_zh, self.name_en)

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
    """
    Return ids for species as people write them; what is not recognised stays as it is.

    Parameters
    ----------
    names : pandas.Series of str
        Ids; Chinese, English or Latin names; names of drawing layers of which exactly one part is
        such a name, such as ``"LH-乔木-国槐"``.
    species : mapping of str to Species
        The catalogue.
    """
    known = {
        name.lower(): one.species_id
        for one in species.values()
        for name in (one.latin, one.name_en, one.name_zh, one.species_id)
    }

    def recognised(name: object) -> object:
        text = str(name).strip().lower()
        found = {known[part] for part in (text, *_parts(text)) if part in known}
        return found.pop() if len(found) == 1 else name

    return names.astype(object).map(recognised, na_action="ignore")


def kind_named(name: str) -> str | None:
    """Return the kind of plant that exactly one part of a drawing layer's name says, else None."""
    kinds = {word.lower(): code for code, label in KINDS.items() for word in (label.zh, label.en)}
    found = {kinds[part] for part in _parts(str(name).lower()) if part in kinds}
    return found.pop() if len(found) == 1 else None


def _parts(text: str) -> list[str]:
    return [part.strip() for part in _BETWEEN.split(text) if part.strip()]


def smaller_trees(
    species: Mapping[str, Species], crown_m: float, height_m: float
) -> tuple[Species, ...]:
    """
    Return the trees that grow smaller than one of a crown and height, the largest first.

    Parameters
    ----------
    species : mapping of str to Species
        The catalogue.
    crown_m, height_m : float
        Mature crown and height of the tree to be replaced [m]; NaN (unknown) is larger than any.

    Returns
    -------
    tuple of Species
        One for each crown, spacing and height, the hardiest: none is wider or taller, one of the
        two is less.
    """
    wide, tall = np.nan_to_num([crown_m, height_m], nan=math.inf)
    fitting = [
        one
        for one in species.values()
        if one.kind == "tree"
        and one.crown_m <= wide
        and one.height_m <= tall
        and (one.crown_m < wide or one.height_m < tall)
    ]
    classes: dict[tuple[float, float, float], Species] = {}
    for one in sorted(fitting, key=_hardiness):
        classes.setdefault((one.crown_m, one.spacing_m, one.height_m), one)
    return tuple(classes[size] for size in sorted(classes, reverse=True))


def toughest_shrub(species: Mapping[str, Species]) -> tuple[Species, ...]:
    """Return the shrub that stands most drought and salt, as one item; none in an empty list."""
    return tuple(sorted((one for one in species.values() if one.kind == "shrub"), key=_hardiness))[
        :1
    ]


def _hardiness(one: Species) -> tuple[int, int, float, str]:
    return _RANK[one.drought], _RANK[one.saline], one.crown_m, one.species_id
