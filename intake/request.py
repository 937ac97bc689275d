"""What is asked of an import before its files are looked into, and the delivery that answers it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

import layers
from geo.errors import DataError
from intake import drawing, keys, pairs, plausibility, units
from intake.datum import SevenParameters
from intake.delivery import Delivery, fits
from intake.draft import ImportDraft
from intake.positions import is_match
from intake.reading import SURVEY_FORMATS, DeliveredTable, DeliveryReading
from intake.rows_in_question import STEPS as IN_QUESTION
from layers.district import District
from store import Store


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """
    How files are to be taken into a district.

    Attributes
    ----------
    date : str
        Date of the data, ISO 8601.
    layer : str
        The layer they are for, "" for the one that each table looks like.
    tables : tuple of str
        Only these tables of the files, none for all that fit.
    choices : mapping of str to str
        Answers by step: encoding, position, crs, repair, outside, column:<name>, unit:<name>, key;
        value:<name> where values are improbable; title, merged, hidden, formats, twice and
        conflict where a table has such lines, cells and rows; same:<row>, where a row is its key,
        its name or ``#`` and its number, with the key of the known feature that it is.
    parameters : SevenParameters or None
        Shift of an old datum; used, and neither stored nor shown.

    Raises
    ------
    DataError
        If there is no such layer.
    """

    date: str
    layer: str = ""
    tables: tuple[str, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    parameters: SevenParameters | None = None

    def __post_init__(self) -> None:
        """Refuse a layer that cannot be surveyed."""
        if self.layer and self.layer not in layers.SURVEYED:
            names = ", ".join(layers.SURVEYED)
            raise DataError(
                f"unknown layer {self.layer}; expected one of {names}",
                f"未知图层 {self.layer}；应为 {names} 之一",
            )


def open_delivery(
    reading: DeliveryReading, district: District, request: ImportRequest, store: Store
) -> Delivery:
    """
    Return the files as a delivery for `district`, with the answers of `request`.

    Raises
    ------
    DataError
        If an answer is none that the step offers, or one coordinate system is named for tables
        that say they are in several.
    """
    wanted = _wanted(reading, request)
    delivery = Delivery.of(reading, district, request.date, store=store, wanted=wanted)
    _require_one_reference(delivery, request)
    same = {s: v for s, v in request.choices.items() if s.startswith(pairs.STEP)}
    values = {s: v for s, v in request.choices.items() if plausibility.is_of_values(s)}
    said = {s: v for s, v in request.choices.items() if s not in {*same, *values}}
    answers = {step.partition(":")[2]: key for step, key in same.items()}
    found: set[str] = set()
    for number in delivery.parts:
        draft = replace(delivery.parts[number].draft, parameters=request.parameters)
        for step, value in said.items():
            draft = _chosen(draft, step, value)
        steps = _steps_of(draft, answers)
        for row, step in steps.items():
            draft = _with_pair(draft, step, row, answers[row])
        found |= steps.keys()
        for step, value in values.items():  # any other answer would ask about them again
            draft = _chosen(draft, step, value)
        delivery = delivery.with_draft(number, draft)
    _require_found(found, answers)
    return delivery


def _steps_of(draft: ImportDraft, rows: Iterable[str]) -> dict[str, str]:
    """Return the steps of those of the rows, as a person called them, that a table has."""
    steps = {row: pairs.step_of(draft.rows, draft.table.rows, row) for row in rows}
    return {row: step for row, step in steps.items() if step is not None}


def _with_pair(draft: ImportDraft, step: str, row: str, key: str) -> ImportDraft:
    """Return the draft with a row answered for, which a person may have called in two ways."""
    if draft.choices.get(step, key) != key:
        raise DataError(
            f"--same: {row!r} is answered twice, and not alike",
            f"--same：“{row}”回答了两次，且不一致",
        )
    return draft.choose(step, key)


def _require_found(found: Collection[str], rows: Iterable[str]) -> None:
    """Raise if no table has a row that was answered for."""
    for row in rows:
        if row not in found:
            raise DataError(f"--same: no row is called {row!r}", f"--same：没有叫“{row}”的行")


def left_out(delivery: Delivery, request: ImportRequest) -> dict[str, int]:
    """Return the rows of each table that is not taken although no table was named."""
    if request.tables:
        return {}
    return {
        table.name: table.read
        for number, table in enumerate(delivery.reading.tables)
        if number not in delivery.wanted and table.read
    }


def undecided(reading: DeliveryReading, request: ImportRequest) -> tuple[DeliveredTable, ...]:
    """Return the tables of drawings among which a person must choose: their names say nothing."""
    return tuple(reading.tables[n] for n in _of_layer(reading, request)[1])


def _wanted(reading: DeliveryReading, request: ImportRequest) -> dict[int, str] | None:
    """Return the tables to take: those named, or all that fit; None for any layer."""
    if not request.layer:
        return None
    return dict.fromkeys(_of_layer(reading, request)[0], request.layer)


def _of_layer(reading: DeliveryReading, request: ImportRequest) -> tuple[list[int], list[int]]:
    """Return the tables to take for the layer, and those among which a person must choose."""
    if not request.layer or request.tables:
        return [n for n, one in enumerate(reading.tables) if one.name in request.tables], []
    geometry = layers.ALL[request.layer].geometry
    alone = len(reading.tables) == 1
    taken = [n for n, table in enumerate(reading.tables) if alone or fits(table, geometry)]
    drawings: dict[str, dict[int, DeliveredTable]] = {}
    for number in taken:
        table = reading.tables[number]
        if table.format in drawing.FORMATS:
            drawings.setdefault(table.member, {})[number] = table
    chosen = [drawing.choose(tables, request.layer) for tables in drawings.values()]
    plain = [n for n in taken if reading.tables[n].format not in drawing.FORMATS]
    sure = [n for found, _ in chosen for n in found]
    return sorted(plain + sure), [n for _, open_ in chosen for n in open_]


def _require_one_reference(delivery: Delivery, request: ImportRequest) -> None:
    """Refuse one coordinate system for rows of a sheet that itself says they are in several."""
    tables = [delivery.reading.tables[number] for number in delivery.parts]
    said = {table.crs for table in tables if table.format in SURVEY_FORMATS}
    if "crs" in request.choices and len(said) > 1:
        names = "、".join(table.name for table in tables)
        raise DataError(
            f"--crs: the rows are in several coordinate systems; take each by --table: {names}",
            f"--crs：各行的坐标系不同，请用 --table 分别导入：{names}",
        )


def _chosen(draft: ImportDraft, step: str, value: str) -> ImportDraft:
    """Return the draft with one answer, written as `shown` writes the candidates."""
    if step == "crs" and is_match(draft.proposal("position").chosen or ""):
        return draft  # rows found by name or key have no coordinates of their own
    if _is_of_few_tables(step) and all(p.step != step for p in draft.proposals):
        return draft  # nothing of the kind in this table
    if step == "key" and value not in {keys.GENERATE, keys.KNOWN, keys.NAME}:
        draft = draft.choose(f"column:{draft.spec.key}", value)
    offered = {shown(one.value): one.value for one in draft.proposal(step).candidates}
    if step.startswith("unit:"):  # 万平方米 is 万m²
        alike = (unit for unit in offered if units.parse(unit) == units.parse(value))
        value = next(alike, value)
    typed = value.replace(" ", "\t") if step == "position" else value
    return draft.choose(step, offered.get(value, typed))


def _is_of_few_tables(step: str) -> bool:
    """Return whether most tables have no such step."""
    return step in IN_QUESTION or plausibility.is_of_values(step)


def shown(value: str) -> str:
    """Return a candidate's value as it is printed and typed: with blanks instead of tabs."""
    return value.replace("\t", " ")
