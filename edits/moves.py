"""
Moves: edits that have a name, as JSON values that a person can write.

::

    {"do": "add_facility", "key": "N1", "kind": "elder_station", "at": [106.21, 37.98],
     "cells": {"name": "拟建养老服务站", "floor_area_m2": 300}}
    {"do": "open_gate", "key": "E01-G2"}

`do` is the name of a maker of `edits.named` or `edits.rows`; places are longitude and latitude, or
coordinates of the CRS that `crs` names, as GeoJSON writes them. What is read is hostile until it
fits: nothing of it is evaluated.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias

import shapely
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pyproj import CRS
from shapely.errors import ShapelyError

import layers
from edits import named, rows
from edits.cells import GEOMETRY
from edits.edit import Edit
from edits.json_text import JsonCell, crs_named
from geo.crs import STORAGE_CRS
from geo.errors import DataError
from layers.column import Provenance
from layers.district import District


def _surveyed(name: str) -> str:
    if name not in layers.SURVEYED:
        raise ValueError(f"no layer {name[:40]!r}")
    return name


_Layer: TypeAlias = Annotated[str, AfterValidator(_surveyed)]
_Cells: TypeAlias = dict[str, JsonCell]
_Number: TypeAlias = Annotated[float, Field(allow_inf_nan=False)]
_Position: TypeAlias = tuple[_Number, _Number]


class _Move(BaseModel):
    """What every move may say: in which CRS its places are, degrees by default."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    crs: str = ""

    @property
    def reference(self) -> CRS:
        """CRS of the places."""
        return crs_named(self.crs) if self.crs else STORAGE_CRS


class _Keyed(_Move):
    key: str


class _AddFacility(_Keyed):
    do: Literal["add_facility"]
    kind: str
    at: _Position
    cells: _Cells = {}

    def edit(self, district: District, said: "Origin") -> Edit:
        place = shapely.Point(self.at)
        cells = said.with_cells(self.cells)
        return named.add_facility(district, self.key, self.kind, place, cells, crs=self.reference)


class _AddWalkway(_Keyed):
    do: Literal["add_walkway"]
    line: Annotated[list[_Position], Field(min_length=2)]
    cells: _Cells = {}

    def edit(self, district: District, said: "Origin") -> Edit:
        line, cells = shapely.LineString(self.line), said.with_cells(self.cells)
        return named.add_walkway(district, self.key, line, cells, crs=self.reference)


class _OfOne(_Keyed):
    """Whatever needs nothing but the key of a row."""

    do: Literal["close_facility", "open_gate", "close_gate", "remove_planting"]

    def edit(self, district: District, _: "Origin") -> Edit:
        return _OF_ONE[self.do](district, self.key)


_OF_ONE: Mapping[str, Callable[[District, str], Edit]] = {
    "close_facility": named.close_facility,
    "open_gate": named.open_gate,
    "close_gate": named.close_gate,
    "remove_planting": named.remove_planting,
}


class _FitElevator(_Keyed):
    do: Literal["fit_elevator"]
    load_kg: _Number | None = None
    door_m: _Number | None = None

    def edit(self, district: District, _: "Origin") -> Edit:
        return named.fit_elevator(district, self.key, load_kg=self.load_kg, door_m=self.door_m)


class _MovePlanting(_Keyed):
    do: Literal["move_planting"]
    at: _Position

    def edit(self, district: District, _: "Origin") -> Edit:
        return named.move_planting(district, self.key, shapely.Point(self.at), crs=self.reference)


class _ReplaceSpecies(_Keyed):
    do: Literal["replace_species"]
    species_id: str
    kind: str | None = None

    def edit(self, district: District, _: "Origin") -> Edit:
        return named.replace_species(district, self.key, self.species_id, self.kind)


class _AddRow(_Move):
    do: Literal["add_row"]
    layer: _Layer
    cells: _Cells
    geometry: dict[str, Any]

    def edit(self, district: District, said: "Origin") -> Edit:
        cells = said.with_cells(self.cells)
        shape = _shape(self.geometry)
        return rows.add_row(district, self.layer, cells, shape, crs=self.reference)


class _SetValues(_Keyed):
    do: Literal["set_values"]
    layer: _Layer
    cells: _Cells

    def edit(self, district: District, _: "Origin") -> Edit:
        if GEOMETRY in self.cells:
            raise _no_move("cells", "a geometry is moved by 'move'")
        return rows.set_values(district, self.layer, {self.key: self.cells})


class _MoveRow(_Keyed):
    do: Literal["move"]
    layer: _Layer
    geometry: dict[str, Any]

    def edit(self, district: District, _: "Origin") -> Edit:
        shape = _shape(self.geometry)
        return rows.move(district, self.layer, self.key, shape, crs=self.reference)


class _RemoveRow(_Keyed):
    do: Literal["remove_row"]
    layer: _Layer

    def edit(self, district: District, _: "Origin") -> Edit:
        return rows.remove_row(district, self.layer, self.key)


_Moves: TypeAlias = Annotated[
    _AddFacility
    | _AddWalkway
    | _OfOne
    | _FitElevator
    | _MovePlanting
    | _ReplaceSpecies
    | _AddRow
    | _SetValues
    | _MoveRow
    | _RemoveRow,
    Field(discriminator="do"),
]
_ANY = TypeAdapter[_Moves](_Moves)


@dataclass(frozen=True, slots=True)
class Origin:
    """
    Where rows come from that a move adds and says nothing of: an assumption of somebody.

    Attributes
    ----------
    source : str
        Name of the scenario, or of whoever assumes it.
    day : str
        ISO 8601 date on which it is assumed.
    """

    source: str
    day: str

    def with_cells(self, cells: _Cells) -> _Cells:
        """Return the cells of a row with its provenance; what it says of it itself counts."""
        own = {"source": self.source, "source_date": self.day}
        return {"provenance": Provenance.INFERRED.value, **own, **cells}


def edit_of(district: District, move: Mapping[str, Any], origin: Origin) -> Edit:
    """
    Return the edit of a move.

    Parameters
    ----------
    district : District
        What it changes.
    move : mapping of str to object
        Plain JSON values; see the module.
    origin : Origin
        Of rows that it adds; what the move itself says of them counts first.

    Raises
    ------
    DataError
        If it is no move, names what the district does not have, or a layer cannot hold a value.
    CrsError
        If no exact transformation leads from its CRS to the working CRS.
    """
    try:
        found = _ANY.validate_json(json.dumps(move))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise _no_move(".".join(map(str, first["loc"])), first["msg"]) from error
    return found.edit(district, origin)


def _shape(geometry: Mapping[str, Any]) -> shapely.Geometry:
    """Return a geometry of GeoJSON."""
    try:
        shape = shapely.from_geojson(json.dumps(geometry))
    except ShapelyError as error:
        raise _no_move("geometry", "a GeoJSON geometry expected") from error
    if shapely.is_empty(shape) or not shapely.is_valid(shape):
        raise _no_move("geometry", "a valid geometry expected")
    return shape


def _no_move(where: str, what: str) -> DataError:
    return DataError(f"move, {where}: {what}", f"调整步骤 {where} 处无法读取：{what}")
