"""
Delivery: everything dropped at once for one district, each table with the layer it is for.

The tables are taken in order, those with outlines before those that only name features, so that a
survey finds the estates of the shapefile it came with. As in an `ImportDraft` nothing is changed in
place: every choice makes a new delivery, which shares the tables before the one that was changed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce

import shapely

import layers
from edits import Edit, apply
from geo.errors import PlanningError
from intake import drawing, encoding, headings, memory, positions, quarantine
from intake.acceptance import accept, brings_nothing
from intake.draft import ImportDraft
from intake.merging import merge
from intake.origin import TableOrigin
from intake.place import PlacePrior
from intake.proposal import Proposal
from intake.reading import Cell, DeliveredTable, DeliveryReading, Field
from intake.receipt import QuarantineRecord, Receipt
from layers.district import District
from layers.spec import Column, LayerSpec
from store import Signature, Store

_ONE_REFERENCE = {*drawing.FORMATS, "kml"}  # a file of these is drawn in one coordinate reference
_DIMENSION = {"Point": 0, "LineString": 1, "Polygon": 2}
# Likeness of a table to a layer counts the columns that fit.
_NAMED = 1.5  # the table is called after the layer
_WHOLE = 0.5  # a heading is the column's own label; coordinates, where the layer is of points
_FIRST = 50  # rows whose codes are looked at
_LEAST, _CLEAR = 2.0, 0.3  # so much, and so much more than the next layer, needs no question


@dataclass(frozen=True)
class DeliveryPart:
    """
    One table on its way into the district.

    Attributes
    ----------
    draft : ImportDraft
        The table with every choice made so far.
    before : District
        The district with the tables before this one.
    """

    draft: ImportDraft
    before: District

    @cached_property
    def receipt(self) -> Receipt | PlanningError | None:
        """The outcome of every row; None while a question is open; the error that prevents it."""
        if self.draft.questions:
            return None
        try:
            return accept(self.draft)
        except PlanningError as error:
            return error

    @cached_property
    def edit(self) -> Edit:
        """
        The edit of the accepted rows of this table; empty while it has no receipt.

        Raises
        ------
        PlanningError
            If the layer cannot hold the rows.
        """
        if not isinstance(self.receipt, Receipt):
            return Edit(self.before.crs)
        return merge(self.before, self.receipt)

    @property
    def brings_nothing(self) -> bool:
        """Whether the table is settled and changes nothing: none of its columns is understood."""
        return isinstance(self.receipt, Receipt) and brings_nothing(self.draft) and not self.edit

    @cached_property
    def after(self) -> District | PlanningError:
        """The district with the accepted rows of this table, or the error that prevents it."""
        try:
            return apply(self.before, self.edit)
        except PlanningError as error:
            return error


@dataclass(frozen=True)
class Delivery:
    """
    Several tables for one district.

    Attributes
    ----------
    reading : DeliveryReading
        What the files say.
    district : District
        The district as it was when the delivery was opened.
    date : str
        Date of the data, ISO 8601.
    store : Store or None
        Where the mapping of headings is remembered.
    wanted : mapping of int to str
        Layer by number of the table in the reading; a table without one is left out.
    parts : mapping of int to DeliveryPart
        The wanted tables, in the order in which they are taken.
    """

    reading: DeliveryReading
    district: District
    date: str
    store: Store | None
    wanted: Mapping[int, str]
    parts: Mapping[int, DeliveryPart]

    @classmethod
    def of(
        cls,
        reading: DeliveryReading,
        district: District,
        date: str,
        *,
        store: Store | None = None,
        wanted: Mapping[int, str] | None = None,
    ) -> "Delivery":
        """
        Open a delivery; where `wanted` is not given, each table is for the layer it looks like.

        A table without rows, such as a sheet of the template left blank, is left out; so is a
        hidden sheet, until somebody names a layer for it.

        Raises
        ------
        DataError
            If the district is empty, so that its location is unknown.
        """
        if wanted is None:
            looks = {
                n: likely_layer(table)
                for n, table in enumerate(reading.tables)
                if table.read and not any(note.rule == "workbook.hidden" for note in table.notes)
            }
            wanted = {number: layer for number, layer in looks.items() if layer}
        blank = cls(reading, district, date, store, dict(wanted), {})
        return _filled(blank, {})

    def for_layer(self, number: int, layer: str) -> "Delivery":
        """Return the delivery with a table meant for another layer, or for none ("")."""
        wanted = {n: name for n, name in self.wanted.items() if n != number}
        if layer:
            wanted[number] = layer
        kept = {n: part.draft for n, part in self.parts.items() if n != number}
        return _filled(replace(self, wanted=wanted), kept)

    def with_draft(self, number: int, draft: ImportDraft) -> "Delivery":
        """
        Return the delivery with the draft of one table replaced; those before it are shared.

        The coordinate reference of one table of a drawing is that of all.
        """
        kept = {n: part.draft for n, part in self.parts.items()}
        asked = self._asked_for(draft)
        answer = draft.choices.get("crs")
        if asked is not None and kept[asked].choices.get("crs") != answer:
            first = kept[asked]
            kept[asked] = first.choose("crs", answer) if answer else first.undo("crs")
        return _filled(self, {**kept, number: draft})

    def against(self, district: District) -> "Delivery":
        """Return the same delivery with the same choices, for the district as it is now."""
        kept = {n: part.draft for n, part in self.parts.items()}
        return _filled(replace(self, district=district), kept)

    def dated(self, date: str) -> "Delivery":
        """Return the delivery with another date of the data."""
        return replace(self, date=date).against(self.district)

    @property
    def receipts(self) -> tuple[Receipt, ...]:
        """The receipts of every table that has no question left."""
        return tuple(p.receipt for p in self.parts.values() if isinstance(p.receipt, Receipt))

    @property
    def errors(self) -> tuple[PlanningError, ...]:
        """The errors of tables that cannot be imported at all."""
        found = [
            part.receipt if isinstance(part.receipt, PlanningError) else part.after
            for part in self.parts.values()
        ]
        return tuple(error for error in found if isinstance(error, PlanningError))

    @property
    def questions(self) -> tuple[Proposal, ...]:
        """The open questions of all tables; the coordinate reference of a drawing is one."""
        return tuple(
            question
            for part in self.parts.values()
            for question in part.draft.questions
            if question.step != "crs" or part.draft.crs_of_file is None
        )

    @property
    def refused(self) -> tuple[QuarantineRecord, ...]:
        """A record of every file that was not read at all."""
        return quarantine.of_refusals(self.reading)

    @property
    def is_ready(self) -> bool:
        """Whether every wanted table is settled and at least one row is accepted."""
        settled = len(self.receipts) == len(self.parts) and not self.errors
        return settled and any(len(receipt.accepted) for receipt in self.receipts)

    @property
    def after(self) -> District:
        """
        The district with the accepted rows of all tables.

        Raises
        ------
        PlanningError
            If a table cannot be taken.
        """
        last = self.district
        for part in self.parts.values():
            if isinstance(part.after, PlanningError):
                raise part.after
            last = part.after
        return last

    @property
    def edit(self) -> Edit:
        """
        What the accepted rows of all tables change.

        Raises
        ------
        PlanningError
            If a table cannot be taken.
        """
        edits = (part.edit for part in self.parts.values())
        return reduce(Edit.then, edits, Edit(self.district.crs))

    def _asked_for(self, draft: ImportDraft) -> int | None:
        """Return the table with which the reference of a drawing is asked, None if the draft's."""
        return next(
            (
                number
                for number, part in self.parts.items()
                if part.draft.table is not draft.table
                and _shares_crs(part.draft, draft)
                and part.draft.crs_of_file is None
            ),
            None,
        )

    def remember(self, entry: Signature) -> None:
        """Keep how the headings were mapped, for the next file of these sources."""
        if self.store is None:
            return
        for part in self.parts.values():
            draft = part.draft
            memory.remember(
                self.store, draft.spec.name, draft.columns, draft.fields.answered, entry=entry
            )


def _filled(delivery: Delivery, drafts: Mapping[int, ImportDraft]) -> Delivery:
    """Return the delivery with every wanted table drafted against those before it."""
    parts: dict[int, DeliveryPart] = {}
    last = delivery.district
    for number in sorted(delivery.wanted, key=lambda number: _turn(delivery, number)):
        part = _part(delivery, number, last, drafts.get(number))
        before = (one.draft for one in parts.values())
        asked = next((one for one in before if _shares_crs(one, part.draft)), None)
        shared = part.draft.sharing_crs(asked)
        part = part if shared is part.draft else replace(part, draft=shared)
        parts[number] = part
        last = part.after if isinstance(part.after, District) else last
    return replace(delivery, parts=parts)


def _shares_crs(first: ImportDraft, other: ImportDraft) -> bool:
    """Return whether two tables are of one drawing, and the first has positions of its own."""
    table = first.table
    is_drawing = table.format in _ONE_REFERENCE and table.member == other.table.member
    return is_drawing and first.placement.positions.match is None


def _turn(delivery: Delivery, number: int) -> tuple[int, bool, int]:
    """Return when a table is taken: layers in their order, outlines before mere names."""
    layer = layers.SURVEYED.index(delivery.wanted[number])
    return layer, not delivery.reading.tables[number].wkb, number


def _part(
    delivery: Delivery, number: int, before: District, draft: ImportDraft | None
) -> DeliveryPart:
    """Return a table's part, the one there was if nothing before it has changed."""
    reading = delivery.reading
    table = reading.tables[number]
    alone = len({other.member for other in reading.tables}) == 1
    origin = TableOrigin(reading.name if alone else table.member, reading.digest, delivery.date)
    old = delivery.parts.get(number)
    if draft is not None:
        if old is None or old.before is not before or draft.origin != origin:
            return DeliveryPart(draft.at(PlacePrior.of(before), origin), before)
        return old if old.draft is draft else DeliveryPart(draft, before)
    place = PlacePrior.of(before)
    fresh = ImportDraft(table, layers.ALL[delivery.wanted[number]], place, origin)
    known = _recalled(delivery.store, fresh.spec, fresh.columns)
    fresh = fresh.recalling(known)
    if old is not None:  # what was said of the file holds for the other layer too
        said = old.draft
        fresh = replace(fresh, choices=said.choices, corrections=said.corrections)
    return DeliveryPart(fresh.at(place, origin), before)


def _recalled(store: Store | None, spec: LayerSpec, found: Iterable[str]) -> dict[str, str]:
    return memory.recall(store, spec.name, found) if store else {}


def fits(table: DeliveredTable, geometry: str) -> bool:
    """Return whether a table has the kind of geometry of a layer, or none at all."""
    at = next((at for at, wkb in enumerate(table.wkb) if wkb), None)
    if at is None:
        return not table.wkb
    wkb = table.mended[at].wkb if at in table.mended else table.wkb[at]
    dimension = int(shapely.get_dimensions(shapely.from_wkb(wkb, on_invalid="ignore")))
    return dimension == _DIMENSION[geometry]


def likely_layer(table: DeliveredTable) -> str:
    """
    Return the layer that a table looks like, "" if none is clearly the likeliest.

    The headings decide, with the codes in the first rows and the name of the table, of a drawing
    the name of its layer alone; the geometry must be the layer's.
    """
    if table.format in drawing.FORMATS:
        names = drawing.layers_meant(table) or ()
        fitting = [name for name in names if fits(table, layers.ALL[name].geometry)]
        return fitting[0] if len(fitting) == 1 else ""
    some = tuple(Field(field.heading, field.cells[:_FIRST]) for field in table.fields)
    step = encoding.propose(table)
    read = encoding.decode(replace(table, fields=some), step.chosen or step.candidates[0].value)
    found = dict(zip(read.headings, read.columns, strict=True))
    scores = sorted(
        ((_likeness(layers.ALL[name], table, found), name) for name in layers.SURVEYED),
        reverse=True,
    )
    (first, name), (second, _) = scores[:2]
    return name if first >= _LEAST and first - second >= _CLEAR else ""


def _likeness(spec: LayerSpec, table: DeliveredTable, found: Mapping[str, Sequence[Cell]]) -> float:
    """Return how well a table fits the columns of a layer; 0 if the geometry does not."""
    if not fits(table, spec.geometry):
        return 0.0
    own = {column.name: column for column in spec.own_columns}
    total = _NAMED if spec.label_zh in table.name or spec.name in table.name.lower() else 0.0
    if spec.geometry == "Point" and positions.has_coordinates(found):
        total += _WHOLE
    for proposal in headings.propose(spec, found, {}, file_format=table.format):
        column = own.get(proposal.step.removeprefix("column:"))
        best = proposal.candidates[0]
        if column and best.value and _holds_codes(column, found[best.value]):
            total += best.score + _WHOLE * (best.score >= 1)
        elif column and column.required and column.name != spec.key:
            total -= 1
    return total


def _holds_codes(column: Column, cells: Sequence[Cell]) -> bool:
    """Return whether a coded column could hold these cells; any column without codes can."""
    known = {
        word for code, label in (column.codes or {}).items() for word in (code, label.zh, label.en)
    }
    said = {str(cell).strip() for cell in cells if cell is not None}
    return not known or not said or bool(known & said)
