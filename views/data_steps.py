"""
The steps of one table: what was proposed, why, what was chosen; each can be changed and taken back.

A settled step is ticked on the bar; a step with an open question is opened first.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from geo.errors import PlanningError
from intake import encoding
from intake.delivery import Delivery
from intake.draft import ImportDraft
from intake.headings import NOTHING
from intake.proposal import Candidate, Proposal
from intake.reading import Cell
from intake.receipt import Receipt
from intake.sentences import explained
from layers.spec import Column
from views import data_datum, data_pairs
from views.error_text import told
from views.markdown import escaped
from views.place_picture import common_view, place_picture
from wording import Language, say

_PICTURES, _ABREAST = 3, 4
_SAMPLES, _SAMPLE_CHARACTERS, _LABEL_CHARACTERS = 3, 12, 44
_TITLES = {
    "encoding": "data.text_encoding",
    "position": "data.position",
    "crs": "data.coordinate_system",
    "columns": "data.columns",
    "title": "data.table_title",
    "merged": "data.merged",
    "hidden": "data.hidden",
    "formats": "data.cell_formats",
    "twice": "data.twice",
    "conflict": "data.key_conflict",
    "key": "data.keys",
    "repair": "data.repairs",
    "outside": "data.outside",
}


def show(delivery: Delivery, number: int, language: Language) -> None:
    """Draw the bar of steps of a table and the one that is open: a question before all others."""
    draft = delivery.parts[number].draft
    labels = _labels(draft, language)
    key = f"import_step_{number}"
    asked = next((_step_of(p) for p in draft.questions), None)
    if asked and st.session_state.get(key) not in labels:
        st.session_state[key] = asked
    step = st.pills(
        say("data.steps", language),
        list(labels),
        key=key,
        format_func=labels.__getitem__,
        label_visibility="collapsed",
    )
    if step in labels:
        with st.container(key=f"import_open_{number}"):
            _SHOWN.get(str(step), _show_choice)(delivery, number, str(step), language)
    _show_notes(delivery, number, language)


def _step_of(proposal: Proposal) -> str:
    kind = proposal.step.partition(":")[0]
    return "columns" if kind in {"column", "unit", "value"} else proposal.step


def _labels(draft: ImportDraft, language: Language) -> dict[str, str]:
    """Return the labels of the bar: each step with its choice, or a question mark."""
    found = {}
    there = {_step_of(proposal) for proposal in draft.proposals}
    for step, title in _TITLES.items():
        if step == "columns":
            found[step] = _columns_label(draft, say(title, language))
        elif step in there and (step != "repair" or draft.table.mended):
            found[step] = _label(draft.proposal(step), say(title, language), language)
    return found


def _columns_label(draft: ImportDraft, title: str) -> str:
    """Return how many columns are filled, or how many are in question."""
    own = [p for p in draft.proposals if p.step.startswith("column:")]
    asked = sum(_step_of(p) == "columns" for p in draft.questions)
    if asked:
        return f":orange[**？{title} {asked}**]"
    return f"✓ {title} **{sum(bool(p.chosen) for p in own)} / {len(own)}**"


def _label(proposal: Proposal, title: str, language: Language) -> str:
    if not proposal.is_settled:
        return f":orange[**？{title}**]"
    chosen = next((c for c in proposal.candidates if c.value == proposal.chosen), None)
    shown = chosen.label[language] if chosen else str(proposal.chosen)
    mark = "✎" if proposal.by_person else "✓"
    return f"{mark} {title} **{escaped(shown[:_LABEL_CHARACTERS])}**"


def _ask(number: int, proposal: Proposal, language: Language) -> None:
    """Draw the candidates of a step with their evidence, and the undo button."""
    candidates = proposal.candidates
    labels = {one.value: escaped(one.label[language]) for one in candidates}
    evidence = ["；".join(escaped(s[language]) for s in one.evidence) for one in candidates]
    key = f"import_{number}_{proposal.step}"
    st.session_state[key] = proposal.chosen if proposal.chosen in labels else None
    st.radio(
        escaped(proposal.question[language]),
        list(labels),
        key=key,
        index=None,
        format_func=labels.__getitem__,
        captions=evidence if any(evidence) else None,
        on_change=_choose,
        args=(number, proposal.step, key),
    )
    if proposal.by_person:
        st.button(
            say("data.take_choice_back", language),
            key=f"{key}_undo",
            on_click=_change,
            args=(number, partial(ImportDraft.undo, step=proposal.step)),
        )


def _choose(number: int, step: str, key: str) -> None:
    value = st.session_state[key]
    if value is not None:
        _change(number, lambda draft: draft.choose(step, value))


def _change(number: int, change: Callable[[ImportDraft], ImportDraft]) -> None:
    """Replace a draft of the current delivery by a changed one."""
    delivery: Delivery = st.session_state["import_delivery"]
    draft = change(delivery.parts[number].draft)
    st.session_state["import_delivery"] = delivery.with_draft(number, draft)


def _show_choice(delivery: Delivery, number: int, step: str, language: Language) -> None:
    """Draw a step that is only a choice."""
    proposal = delivery.parts[number].draft.proposal(step)
    if proposal.candidates:
        _ask(number, proposal, language)
    else:
        st.warning(say("data.no_position", language))


def _show_pairs(delivery: Delivery, number: int, step: str, language: Language) -> None:
    """Draw a question about known features, and each row of which it asks."""
    draft = delivery.parts[number].draft
    _ask(number, draft.proposal(step), language)
    data_pairs.show(draft, number, step, _change, language)


def _show_encoding(delivery: Delivery, number: int, step: str, language: Language) -> None:
    """Draw the encodings, and texts of the file before and after."""
    draft = delivery.parts[number].draft
    proposal = draft.proposal(step)
    codec = proposal.chosen or proposal.candidates[0].value
    left, right = st.columns(2)
    with left:
        _ask(number, proposal, language)
    right.dataframe(
        [
            {say("data.as_bytes", language): before, say("data.as_read", language): after}
            for before, after in encoding.samples(draft.table, codec)
        ],
        hide_index=True,
        key=f"import_{number}_samples",
    )


def _show_crs(delivery: Delivery, number: int, step: str, language: Language) -> None:
    """Draw the candidates with a picture of each that is likely, all in the same window."""
    proposal = delivery.parts[number].draft.proposal(step)
    left, right = st.columns([2, 3], gap="medium")
    with left:
        _ask(number, proposal, language)
    data_datum.ask(delivery.parts[number].draft, number, _change, language)
    with right:
        _show_places(delivery, number, proposal, language)
        st.caption(say("data.crs_picture_legend", language))


def _show_places(delivery: Delivery, number: int, proposal: Proposal, language: Language) -> None:
    """Draw the rows as placed by the likeliest references."""
    part = delivery.parts[number]
    places = {}
    for candidate in _likeliest(proposal):
        try:
            places[candidate.value] = (candidate, part.draft.placement.pictured(candidate.value))
        except PlanningError as error:
            st.caption(escaped(told(error, language)))
    if not places:
        return
    view = common_view([placed for _, placed in places.values()], part.before)
    columns = st.columns(max(len(places), 2))
    for column, (candidate, placed) in zip(columns, places.values(), strict=False):
        with column:
            st.image(place_picture(view, part.before, placed), width="stretch")
            st.caption(escaped(candidate.label[language]))


def _likeliest(proposal: Proposal) -> list[Candidate]:
    """Return the candidate chosen and the next ones, as many as fit side by side."""
    ranked = [c for c in proposal.candidates if c.score > 0 or c.value == proposal.chosen]
    ranked.sort(key=lambda candidate: candidate.value != proposal.chosen)
    return ranked[:_PICTURES]


def _show_columns(delivery: Delivery, number: int, step: str, language: Language) -> None:
    """Draw the questions, then which heading fills which column; any can be chosen otherwise."""
    draft = delivery.parts[number].draft
    of_columns = [p for p in draft.proposals if _step_of(p) == step]
    asked = [
        p
        for p in of_columns
        if not p.is_settled or (p.by_person and not p.step.startswith("column:"))
    ]
    for proposal in asked:
        likely = tuple(one for one in proposal.candidates if one.score > 0)
        _ask(number, replace(proposal, candidates=likely), language)
    own = [p for p in of_columns if p.step.startswith("column:") and p not in asked]
    if draft.headings_left_out:
        names = "、".join(escaped(name) for name in draft.headings_left_out)
        st.caption(say("data.columns_unused", language, names=names))
    ordered = sorted(own, key=lambda proposal: not proposal.chosen)
    for first in range(0, len(ordered), _ABREAST):
        for place, proposal in zip(
            st.columns(_ABREAST), ordered[first : first + _ABREAST], strict=False
        ):
            with place:
                _ask_heading(draft, number, proposal, language)


def _ask_heading(draft: ImportDraft, number: int, proposal: Proposal, language: Language) -> None:
    column = draft.spec.column(proposal.step.removeprefix("column:"))
    key = f"import_{number}_{proposal.step}"
    st.session_state[key] = proposal.chosen
    cells = draft.columns.get(proposal.chosen or NOTHING, ())
    unit = next((p.chosen for p in draft.proposals if p.step == f"unit:{column.name}"), None)
    st.selectbox(
        _column_name(column, language, needed=column.required and column in draft.spec.own_columns),
        [candidate.value for candidate in proposal.candidates],
        key=key,
        format_func=lambda heading: heading or say("data.not_in_file", language),
        on_change=_choose,
        args=(number, proposal.step, key),
    )
    if cells:
        scaled = f" [{unit}]" if unit and unit != column.unit else ""
        st.caption(escaped(_first_values(cells) + scaled))


def _column_name(column: Column, language: Language, *, needed: bool) -> str:
    unit = f" [{column.unit}]" if column.unit else ""
    return escaped(column.label(language) + unit + (" *" if needed else ""))


def _first_values(cells: Sequence[Cell]) -> str:
    texts = dict.fromkeys(str(cell)[:_SAMPLE_CHARACTERS] for cell in cells if cell is not None)
    return "、".join(list(texts)[:_SAMPLES])


def _show_notes(delivery: Delivery, number: int, language: Language) -> None:
    """Draw the account of the table, its notes, and every geometry that was repaired."""
    receipt = delivery.parts[number].receipt
    if not isinstance(receipt, Receipt):
        return
    for note in receipt.notes:
        st.caption(escaped(note[language]))
    if receipt.repairs:
        with st.expander(say("data.geometries_repaired", language, n=len(receipt.repairs))):
            st.dataframe(
                [
                    {
                        say("data.row", language): repair.row,
                        say("data.what_was_done", language): explained(repair.rule, repair.detail)[
                            language
                        ],
                        say("data.area_before", language): round(repair.area_before_m2, 1),
                        say("data.area_after", language): round(repair.area_after_m2, 1),
                    }
                    for repair in receipt.repairs
                ],
                hide_index=True,
                key=f"import_{number}_repairs",
            )


_SHOWN: Mapping[str, Callable[[Delivery, int, str, Language], None]] = {
    "encoding": _show_encoding,
    "crs": _show_crs,
    "columns": _show_columns,
    "key": _show_pairs,
    "conflict": _show_pairs,
}
"""Steps that show more than a choice."""
