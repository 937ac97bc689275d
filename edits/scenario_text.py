"""
A scenario as JSON text and back.

Steps are written as edits; in a text that a person writes a step may be a move instead::

    {"name": "工行楼加站", "note": "", "steps": [
        {"title": "新建养老服务站", "move": {"do": "add_facility", ...}},
        {"is_on": false, "edit": {...}}]}

What is read is hostile until it fits: sizes are limited, and nothing of it is evaluated.
"""

import json
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from edits import json_text
from edits.applying import apply
from edits.edit import Edit
from edits.moves import Origin, edit_of
from edits.scenario import Scenario, Step
from geo.errors import DataError
from layers.district import District

MOST_STEPS = 500
_LONGEST = 200


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)


class _Step(_Strict):
    title: Annotated[str, Field(max_length=_LONGEST)] = ""
    is_on: bool = True
    edit: dict[str, Any] | None = None
    move: dict[str, Any] | None = None


class _Document(_Strict):
    name: Annotated[str, Field(min_length=1, max_length=_LONGEST)]
    note: Annotated[str, Field(max_length=2000)] = ""
    version: str = ""
    steps: Annotated[list[_Step], Field(max_length=MOST_STEPS)] = []


def to_document(scenario: Scenario) -> dict[str, Any]:
    """Return a scenario as plain JSON values."""
    return {
        "name": scenario.name,
        "note": scenario.note,
        "version": scenario.version,
        "steps": [
            {"title": step.title, "is_on": step.is_on, "edit": json_text.to_document(step.edit)}
            for step in scenario.steps
        ],
    }


def scenario_to_json(scenario: Scenario) -> str:
    """Return a scenario as JSON text."""
    return json.dumps(to_document(scenario), ensure_ascii=False, indent=1)


def scenario_from_json(text: str | bytes, district: District, day: str) -> Scenario:
    """
    Return the scenario of a JSON text.

    Parameters
    ----------
    text : str or bytes
        As `scenario_to_json` writes it, or with moves; see the module.
    district : District
        What moves are made on, each after the steps before it.
    day : str
        ISO 8601 date of the rows that moves add.

    Raises
    ------
    DataError
        If it is no scenario; a move that cannot be made says its step.
    """
    document = _document(text)
    origin, after, steps = Origin(document.name, day), district, []
    for place, said in enumerate(document.steps, start=1):
        if (said.edit is None) == (said.move is None):
            raise _no_scenario(f"steps.{place}", "an edit or a move expected, one of them")
        edit = _edit(place, said, after, origin)
        steps.append(Step(edit, said.title, said.is_on))
        after = _after(after, edit)
    return Scenario(
        document.name, document.version or district.version, tuple(steps), document.note
    )


def scenario_of(document: Mapping[str, Any]) -> Scenario:
    """
    Return the scenario of plain JSON values without moves, as `to_document` returns them.

    Raises
    ------
    DataError
        If it is no scenario, or has a step that is no edit.
    """
    found = _document(json.dumps(document))
    steps = [
        Step(json_text.from_document(said.edit or {}), said.title, said.is_on)
        for said in found.steps
    ]
    return Scenario(found.name, found.version, tuple(steps), found.note)


def _document(text: str | bytes) -> _Document:
    """Return a text as a scenario whose steps are not read yet."""
    try:
        return _Document.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise _no_scenario(".".join(map(str, first["loc"])), first["msg"]) from error


def _edit(place: int, said: _Step, district: District, origin: Origin) -> Edit:
    """Return the edit of a step; an error names the step."""
    try:
        if said.edit is not None:
            return json_text.from_document(said.edit)
        return edit_of(district, said.move or {}, origin)
    except DataError as error:
        raise DataError(f"step {place}: {error.en}", f"第 {place} 步：{error.zh}") from error


def _after(district: District, edit: Edit) -> District:
    """Return the district that the next move is made on; as it was where the edit does not fit."""
    try:
        return apply(district, edit, assumed=True)
    except DataError:
        return district  # told as a conflict by whoever tries the scenario


def _no_scenario(where: str, what: str) -> DataError:
    return DataError(f"scenario, {where}: {what}", f"情景文件 {where} 处无法读取：{what}")
