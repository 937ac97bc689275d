"""Acceptance: a draft whose every step is settled becomes a receipt for every row."""

from collections.abc import Iterator, Mapping
from itertools import compress

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import is_on_grid
from geo.errors import DataError
from intake import cass, coordinates, drawing, georeference, keys, positions, repairs, validation
from intake.draft import ImportDraft
from intake.features import NOBODY, of_rows, own_column
from intake.origin import RowOrigins, surveyed
from intake.placing import is_outside, moved
from intake.quarantine import hold
from intake.reading import Cell
from intake.receipt import QuarantineReason, Receipt, Repair
from intake.references import CoordinateReference
from intake.sentences import explained
from intake.validation import Reasons
from layers.spec import Fault
from wording import Text, text


def accept(draft: ImportDraft) -> Receipt:
    """
    Check every row of a draft, and return what became of each.

    Raises
    ------
    DataError
        If a step is still a question.
    CrsError
        If the coordinate system chosen needs parameters.
    """
    _require_settled(draft)
    reasons = _flaws(draft)
    shapes, repaired = _shapes(draft, reasons)
    accepted, bad = _checked(draft, shapes, reasons)
    kept = tuple(compress(draft.table.rows, ~bad)) if bad.any() else draft.table.rows
    held = set(compress(draft.table.rows, bad))
    return Receipt(
        layer=draft.spec.name,
        read=draft.table.read,
        accepted=accepted,
        accepted_rows=kept,
        quarantined=tuple(hold(draft.table, draft.columns, reasons)),
        repairs=tuple(repair for repair in repaired if repair.row not in held),
        choices={p.step: p.chosen or "" for p in draft.proposals},
        notes=tuple(_notes(draft, ~bad)),
    )


def _checked(
    draft: ImportDraft, shapes: NDArray[np.object_], reasons: Reasons
) -> tuple[gpd.GeoDataFrame, NDArray[np.bool_]]:
    """Return the rows that the layer can hold, and which it cannot; add to `reasons`."""
    frame = _frame(draft, shapes)
    rows = np.asarray(draft.table.rows, dtype=np.int64)
    bad = validation.check(draft.spec, frame, rows, reasons, draft.place.known)
    return draft.spec.tidied(frame[~bad] if bad.any() else frame), bad


def brings_nothing(draft: ImportDraft) -> bool:
    """Return whether a table only names known features: no column of the survey is understood."""
    return draft.resolution.match is not None and draft.mapping.keys().isdisjoint(
        surveyed(draft.spec)
    )


def _require_settled(draft: ImportDraft) -> None:
    if draft.questions:
        raise DataError(
            "still to be answered: "
            + "; ".join(f"{p.step}: {p.question.en}" for p in draft.questions),
            "还有待确认的步骤：" + "；".join(f"{p.step}：{p.question.zh}" for p in draft.questions),
        )


def _flaws(draft: ImportDraft) -> Reasons:
    """Return the faults found by readers and decoding, by position."""
    wanted = {flaw.row for flaw in draft.table.flaws} | draft.rows_in_question.held_back.keys()
    at_row = {row: at for at, row in enumerate(draft.table.rows) if row in wanted}
    reasons: Reasons = {}
    for flaw in draft.table.flaws:
        reasons.setdefault(at_row[flaw.row], []).append(QuarantineReason(flaw.rule, flaw.detail))
    for at, (rule, detail) in draft.decoded.faults.items():
        heading = detail.split(":", 1)[0]
        if heading not in draft.corrections.get(draft.table.rows[at], {}):
            reasons.setdefault(at, []).append(QuarantineReason(rule, detail))
    for at, reason in _held_back(draft, at_row):
        reasons.setdefault(at, []).append(reason)
    own = draft.mapping.get(draft.spec.key)
    if own and draft.proposal("key").chosen == own:
        for at, cell in keys.spoilt(draft.columns[own]).items():
            reasons.setdefault(at, []).append(QuarantineReason("key.rounded", f"{own}: {cell}"))
    return reasons


def _held_back(
    draft: ImportDraft, at_row: Mapping[int, int]
) -> Iterator[tuple[int, QuarantineReason]]:
    """Yield the positions of rows that are sound and still not taken, with the reason."""
    for row, rule in draft.rows_in_question.held_back.items():
        yield at_row[row], QuarantineReason(rule)
    for at, doubtful in draft.value_check.held_back.items():
        yield from ((at, reason) for reason in doubtful)
    if draft.table.format in drawing.FORMATS and draft.spec.name == "buildings":
        for at, code in cass.no_houses(draft.columns.get(cass.DRAWN_CODE, ())).items():
            yield at, QuarantineReason("cass.no_house", code)


def _shapes(draft: ImportDraft, reasons: Reasons) -> tuple[NDArray[np.object_], list[Repair]]:
    """Return geometries in the working CRS, repaired as chosen; add to `reasons`."""
    if draft.resolution.match is not None:
        found, faults = draft.resolution.match
        for at, rule in faults.items():
            twin = draft.rows.twins.get(at)
            reason = QuarantineReason(rule, twin.pair.zh if twin else "")
            reasons.setdefault(at, []).append(reason)
        known = np.asarray(draft.place.known[draft.spec.name].geometry.array, dtype=object)
        return of_rows(known, found, None), []
    given = draft.parameters is not None
    reference = georeference.require_usable(
        draft.proposal("crs").chosen or "", has_parameters=given
    )
    shapes, done, refused = repairs.apply(
        draft.table,
        draft.working_shapes,
        draft.proposal("repair").chosen or "",
        lambda raw: moved(raw, reference, draft.place, draft.parameters),
    )
    for at, reason in refused.items():
        reasons.setdefault(at, []).append(reason)
    _misplaced(draft, shapes, reference, reasons)
    for at in np.flatnonzero(~is_on_grid(shapes) & shapely.is_valid(shapes)).tolist():
        reasons.setdefault(at, []).append(QuarantineReason("geometry.too_fine"))
    if draft.proposal("outside").chosen == "quarantine":
        for beyond in np.flatnonzero(is_outside(shapes, draft.place)).tolist():
            if not reasons.get(beyond):
                reasons[beyond] = [QuarantineReason("geometry.outside")]
    return shapes, done


def _misplaced(
    draft: ImportDraft,
    shapes: NDArray[np.object_],
    reference: CoordinateReference,
    reasons: Reasons,
) -> None:
    """Add the faults of each row's coordinate cells to `reasons`; `shapes` has their points."""
    headings = positions.columns_of(draft.proposal("position").chosen or "")
    if not headings:
        return
    own = draft.rows.own
    is_placed = np.isfinite(np.asarray(shapely.bounds(shapes), dtype=np.float64).sum(axis=1))
    lines = zip(*(draft.columns[heading] for heading in headings), strict=True)
    for at, cells in enumerate(lines):
        wrong = coordinates.wrong(headings, cells, reference, is_placed=bool(is_placed[at]))
        if wrong is None:
            continue
        key = "" if own[at] is None else str(own[at])
        rule, heading, *description = wrong
        spec, row = draft.spec, int(draft.table.rows[at])
        fault = Fault(spec.name, spec.label_zh, row, key, heading, heading, *description)
        reasons.setdefault(at, []).append(QuarantineReason(rule, "", fault))


def _frame(draft: ImportDraft, shapes: NDArray[np.object_]) -> gpd.GeoDataFrame:
    """Return the rows as the layer's columns, values converted, nothing checked yet."""
    said = _known_spelling(draft)
    data: dict[str, object] = {name: pd.Series(cells, dtype=object) for name, cells in said.items()}
    count = len(draft.table.rows)
    if draft.resolution.match is None or draft.proposal("key").chosen == keys.GENERATE:
        data[draft.spec.key] = draft.row_keys
    if draft.resolution.match is not None:
        known = draft.place.known[draft.spec.name]
        with_key = draft.proposal("key").chosen in {keys.KNOWN, keys.NAME}
        data |= keys.of_known(draft.spec, known, draft.resolution.match[0], said, with_key=with_key)
    before = RowOrigins(draft.spec, draft.place.known.get(draft.spec.name), _updated(draft), said)
    draft.origin.fill(data, count, before)
    geometry = gpd.GeoSeries(shapes, index=pd.RangeIndex(count), crs=draft.place.crs)
    return gpd.GeoDataFrame(data, index=pd.RangeIndex(count), geometry=geometry)


def _updated(draft: ImportDraft) -> NDArray[np.intp]:
    """Return the position of the known feature that each row updates, `NOBODY` for a new one."""
    if draft.proposal("key").chosen == keys.GENERATE:
        return np.full(len(draft.table.rows), NOBODY, dtype=np.intp)
    return draft.resolution.known_rows


def _known_spelling(draft: ImportDraft) -> dict[str, list[Cell]]:
    """Return the cells; names as the district spells them where a row only spells one otherwise."""
    own, known = own_column(draft.spec), draft.rows.known
    if known is None or own not in known.columns or own not in draft.cells:
        return draft.cells
    names = list(draft.cells[own])
    for at, found in enumerate(draft.resolution.known_rows.tolist()):
        if found >= 0 and draft.rows.is_spelling(at, found):
            names[at] = known.names[found]
    return {**draft.cells, own: names}


def _notes(draft: ImportDraft, is_accepted: NDArray[np.bool_]) -> Iterator[Text]:
    yield from (explained(note.rule, note.detail) for note in draft.table.notes)
    if brings_nothing(draft):
        yield text("table.not_understood")
    yield from _notes_on_identity(draft, is_accepted)
    for cells in draft.rows_in_question.left_apart:
        detail = f"{cells.heading} {cells.first}–{cells.last}"
        yield explained("cell.merged", detail)
    if draft.decoded.cut:
        yield explained("text.cut", str(draft.decoded.cut))
    if draft.decoded.mixed:
        yield explained("text.mixed", str(draft.decoded.mixed))
    if draft.has_heights:
        yield explained("repair.flattened")


def _notes_on_identity(draft: ImportDraft, is_accepted: NDArray[np.bool_]) -> Iterator[Text]:
    """Yield which accepted rows were taken for a known feature, and what they correct in one."""
    merged, rows = text("row.merged"), draft.rows
    said = draft.resolution.merged
    for twin in (twin for at, twin in said.items() if is_accepted[at]):
        yield Text(f"{merged.zh}：{twin.evidence.zh}", f"{merged.en}: {twin.evidence.en}")
    is_untold = is_accepted.copy()
    is_untold[[*said, *draft.pairs.others]] = False
    for at in (at for at in rows.other_keys if is_untold[at]):
        pair, key = rows.pair(at, int(rows.certain[at])).pair, rows.other_keys[at]
        yield Text(f"{merged.zh}：{pair.zh}，表中编号 {key}", f"{merged.en}: {pair.en}, key {key}")
    corrected = text("row.corrected")
    for at, change in rows.compared.corrections.items():
        if is_untold[at]:
            yield Text(f"{corrected.zh}：{change.zh}", f"{corrected.en}: {change.en}")
