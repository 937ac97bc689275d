"""Suggestions for one site: accept one or all, protect by agreement, take the last change back."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from greening.changes import payload_of, taken_out
from greening.design import FAULT_LABELS, Fault
from greening.suggest import ACTION_LABELS, Action, Suggestion
from greening.workflow import OPEN, Event, Kind
from views import greening_revision
from views.greening_desk import Desk, write
from views.text import plain
from wording import Language, say


def show(desk: Desk, site_id: str, language: Language) -> None:
    """Offer what is suggested for a site, and name what is wrong with its design."""
    mine = [one for one in desk.review.suggested if one.site_id == site_id]
    is_open = desk.standing(site_id).state in OPEN
    with st.container(border=True, key="suggestions"):
        st.markdown(f"**{say('greening.suggestions', language)}** {len(mine)}")
        if not is_open:
            st.caption(say("greening.design_locked", language))
        else:
            _for_all(desk, site_id, mine, language)
        numbers = desk.review.district["plantings"].set_index("planting_id")["number"]
        for one in mine:
            _one(desk, one, str(numbers[one.planting_id]), language, is_open=is_open)
    _faults(desk, site_id, language, is_open=is_open)
    if is_open:
        greening_revision.show(desk, site_id, language)


def _for_all(desk: Desk, site_id: str, mine: Sequence[Suggestion], language: Language) -> None:
    last = _last_change(desk.events, site_id)
    with st.container(horizontal=True):
        if mine:
            st.button(
                say("greening.accept_all", language, n=len(mine)),
                type="primary",
                key="accept_all",
                on_click=_accept,
                args=(desk, site_id, mine, language),
            )
        if last is not None:
            st.button(
                say("greening.undo", language),
                key="undo_change",
                on_click=_undo,
                args=(desk, last, language),
            )


def _one(desk: Desk, one: Suggestion, number: str, language: Language, *, is_open: bool) -> None:
    agreed = desk.standing(one.site_id).protected.get(one.planting_id, "")
    with st.container(horizontal=True, vertical_alignment="center"):
        if is_open:
            st.button(
                say("greening.accept", language),
                key=f"accept_{one.planting_id}",
                on_click=_accept,
                args=(desk, one.site_id, [one], language),
            )
        if is_open and one.action is Action.REMOVE and not agreed:
            _offer_protection(desk, one, language)
        st.markdown(f"**{plain(number)}** {_what(one, desk, language)}")
        if agreed:
            st.caption(f"{say('greening.protected_agreement', language)}：{plain(agreed)}")


def _what(one: Suggestion, desk: Desk, language: Language) -> str:
    """Say a suggestion in a few words."""
    action = ACTION_LABELS[one.action][language]
    if one.change.after["state"] == "removed":
        return action
    species = desk.review.species.get(str(one.change.after["species_id"]))
    name = species.name[language] if species else ""
    return f"{action} {one.moved_m:.2f} m {plain(name)}"


def _offer_protection(desk: Desk, one: Suggestion, language: Language) -> None:
    """Ask what was agreed (root barrier, ...) before a planting may stay where it is."""
    key = f"agreed_{one.planting_id}"
    with st.popover(say("greening.protect_agreement", language)):
        st.text_input(say("greening.agreement", language), key=key, max_chars=300)
        st.button(
            say("greening.save", language),
            key=f"protect_{one.planting_id}",
            on_click=_protect,
            args=(desk, one, key, language),
        )


def _protect(desk: Desk, one: Suggestion, key: str, language: Language) -> None:
    said = str(st.session_state.get(key, "")).strip()
    payload = {"planting_id": one.planting_id, "comment": said}
    write(desk, one.site_id, Kind.PROTECT, payload, language)


def _accept(desk: Desk, site_id: str, chosen: Sequence[Suggestion], language: Language) -> None:
    write(desk, site_id, Kind.CHANGE, payload_of([one.change for one in chosen]), language)


def _last_change(events: Sequence[Event], site_id: str) -> Event | None:
    """Return the site's last change that was not taken back."""
    standing: list[Event] = []
    for event in events:
        if event.draft.site_id == site_id and event.draft.kind is Kind.CHANGE:
            if event.draft.payload.get("undoes"):
                standing.pop()
            else:
                standing.append(event)
    return standing[-1] if standing else None


def _undo(desk: Desk, event: Event, language: Language) -> None:
    back = [
        {"planting_id": c["planting_id"], "before": c["after"], "after": c["before"]}
        for c in reversed(event.draft.payload["changes"])
    ]
    payload = {"changes": back, "undoes": event.seq}
    write(desk, event.draft.site_id, Kind.CHANGE, payload, language)


def _faults(desk: Desk, site_id: str, language: Language, *, is_open: bool) -> None:
    """List doubled and misplaced plantings of the site; offer to take the doubled ones out."""
    plantings = desk.review.district["plantings"].set_index("planting_id")
    own = plantings.index[plantings["site_id"] == site_id]
    mine = desk.review.faults[desk.review.faults["planting_id"].isin(own)]
    doubled = mine[mine["fault"] == Fault.DUPLICATE]["planting_id"].tolist()
    for fault in mine.to_dict("records"):
        label = FAULT_LABELS[fault["fault"]][language]
        other = fault["other"]
        number = plantings["number"].get(other, other)
        st.caption(
            f"⚠ {plain(plantings.loc[fault['planting_id'], 'number'])} {label} {plain(number)}"
        )
    if doubled and is_open:
        st.button(
            say("greening.remove_doubled", language, n=len(doubled)),
            key="take_out_doubled",
            on_click=_take_out,
            args=(desk, site_id, doubled, language),
        )


def _take_out(desk: Desk, site_id: str, planting_ids: Sequence[str], language: Language) -> None:
    plantings = desk.review.district["plantings"]
    chosen: pd.Series = plantings["planting_id"].isin(planting_ids)
    write(desk, site_id, Kind.CHANGE, payload_of(taken_out(plantings[chosen])), language)
