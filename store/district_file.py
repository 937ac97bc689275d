"""
district.toml: what a district is called, measured in, and how foreign tables are read.

The file is data: unknown keys are refused, names are plain, and no path leads out of the folder.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)
from pydantic_core import PydanticCustomError
from pyproj import CRS
from pyproj.exceptions import CRSError

import layers
from geo.errors import StoreError
from store.validation import in_words

FILE_NAME = "district.toml"

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
Epsg = Annotated[int, Field(ge=1024, le=32767)]


def _day(text: str) -> str:
    """Refuse a text that is no day of the calendar; "" stands for none."""
    try:
        date.fromisoformat(text or "2000-01-01")
    except ValueError as error:
        raise PydanticCustomError(
            "day", "expected a date like 2023-04-01", {"zh": "应为 2023-04-01 样式的日期"}
        ) from error
    return text


def _layer(name: str) -> str:
    """Refuse a name that no layer has."""
    return _one_of(name, layers.SURVEYED, "layer", "图层")


def _kind(name: str) -> str:
    """Refuse a name that no kind of facility or parking has."""
    codes = [layers.ALL[layer].column("kind").codes or {} for layer in ("facilities", "parking")]
    return _one_of(name, [kind for kinds in codes for kind in kinds], "kind", "设施类型")


def _one_of(name: str, known: Iterable[str], what: str, what_zh: str) -> str:
    if name in known:
        return name
    names = ", ".join(known)
    raise PydanticCustomError(
        "unknown",
        "unknown {what}; expected one of {names}",
        {"what": what, "names": names, "zh": f"没有这个{what_zh}；应为以下之一：{names}"},
    )


Date = Annotated[str, AfterValidator(_day)]
Layer = Annotated[Name, AfterValidator(_layer)]
Kind = Annotated[Name, AfterValidator(_kind)]


class TableMapping(BaseModel):
    """
    How rows of one foreign table become rows of one layer.

    Names of tables and columns match in upper and lower case, as in SQL.

    Attributes
    ----------
    table : str
        Table of the GeoPackage.
    layer : str
        Layer of `layers.SURVEYED`.
    key : str
        Column whose values become the layer's key, "" to number the rows. Repeated values get the
        row number behind them.
    columns : mapping of str to str
        Layer column <- table column. What is not named stays unknown.
    codes : mapping of str to mapping of str to str
        Layer column -> value in the table -> code of the layer. A value without a code becomes
        unknown; where the layer cannot do without one, its row is set aside and counted.
    defaults : mapping of str to text, number or bool
        Layer column -> value for every row.
    provenance, source, date
        The provenance columns of every row; `date` "" takes the table's own last change.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    table: str
    layer: Name
    key: str = ""
    columns: Mapping[str, str] = {}
    codes: Mapping[str, Mapping[str, str]] = {}
    defaults: Mapping[str, str | int | float | bool] = {}
    provenance: Literal["surveyed", "inferred", "synthetic"] = "surveyed"
    source: str = ""
    date: Date = ""


class DistrictFile(BaseModel):
    """
    The content of district.toml.

    Attributes
    ----------
    id : str
        Short ASCII name.
    name, name_en : str
        What people read.
    crs : int
        EPSG code of the working CRS, projected, in metres.
    storage_crs : int or None
        EPSG code the layers are stored in; a table in another CRS is then refused.
    file : str
        GeoPackage inside the same folder.
    store : str
        Address of a PostgreSQL database that keeps the district instead, "" for none.
    towns : tuple of str
        Names that must occur in the towns layer, if any are given.
    plan : str
        Renovation plan in data/plans, "" if none.
    overlays : tuple of str
        Rulebook overlays, from the widest to the narrowest.
    surveyed, surveyed_kinds : tuple of str or None
        Layers and kinds that were surveyed; None means those that have rows.
    mapping : tuple of TableMapping
        How foreign tables are read.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Name
    name: str = Field(min_length=1, max_length=200)
    name_en: str = ""
    crs: Epsg
    storage_crs: Epsg | None = None
    file: str = "district.gpkg"
    store: Annotated[str, StringConstraints(pattern=r"^(postgresql(\+psycopg)?://.*)?$")] = ""
    towns: tuple[str, ...] = ()
    plan: Name | Literal[""] = ""
    overlays: tuple[Name, ...] = ()
    surveyed: tuple[Layer, ...] | None = None
    surveyed_kinds: tuple[Kind, ...] | None = None
    mapping: tuple[TableMapping, ...] = ()

    def settings(self) -> dict[str, Any]:
        """Return what a district is called and measured in, in plain values."""
        return {
            "id": self.id,
            "name": self.name,
            "name_en": self.name_en or self.name,
            "crs": self.crs,
            "overlays": list(self.overlays),
            "plan": self.plan,
        }

    def working_crs(self) -> CRS:
        """
        Return the working CRS.

        Raises
        ------
        StoreError
            If its code is not one that EPSG knows.
        """
        try:
            return CRS.from_epsg(self.crs)
        except CRSError as error:
            raise StoreError(
                f"{FILE_NAME}: crs = {self.crs} is no EPSG code",
                f"{FILE_NAME}：crs = {self.crs} 不是有效的 EPSG 代码",
            ) from error


def read_district_file(folder: Path) -> DistrictFile:
    """
    Read and check the district.toml of `folder`.

    Raises
    ------
    StoreError
        Naming every key that is not as it should be, all at once.
    """
    path = folder / FILE_NAME
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        return DistrictFile.model_validate(content)
    except ValidationError as error:
        en, zh = in_words(error)
        raise StoreError(f"{path}: {en}", f"{path}：{zh}") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise StoreError(f"{path}: {error}", f"{path}：{error}") from error


def inside(folder: Path, name: str) -> Path:
    """
    Return the file `name` of `folder`.

    Raises
    ------
    StoreError
        If `name` is not a plain file name, or is a link that leads out of the folder.
    """
    plain = re.fullmatch(r"[^/\\:\x00]+", name) is not None and name not in {".", ".."}
    path = folder / name if plain else folder
    if not plain or not path.resolve().is_relative_to(folder.resolve()):
        raise StoreError(
            f"{FILE_NAME}: file = {name!r} must be the name of a file in the same folder",
            f"{FILE_NAME}：file = {name!r} 应为同一文件夹内的文件名",
        )
    return path


def district_toml(content: DistrictFile) -> str:
    """Return `content` as TOML, keys in the order of `DistrictFile`; equal content, equal text."""
    facts = content.model_dump(exclude={"mapping"}, exclude_none=True)
    lines = [f"{key} = {_toml(value)}" for key, value in facts.items() if value not in ("", ())]
    for mapping in content.mapping:
        lines += ["", "[[mapping]]"]
        lines += [
            f"{key} = {_toml(value)}"
            for key, value in mapping.model_dump().items()
            if value not in ("", {})
        ]
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    """Return one value as TOML; text is always quoted, so it stays text."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_toml(k)} = {_toml(v)}" for k, v in value.items()) + " }"
    if isinstance(value, (tuple, list)):
        return "[" + ", ".join(map(_toml, value)) + "]"
    # JSON's text, numbers and booleans are TOML's, but for the DEL character.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
