"""Suggestions for one site: accept one or all, protect by agreement, take the last change back."""

from collections.abc import Sequence

import streamlit as st

from edits import Edit
from edits.named import remove_planting
from greening.design import FAULT_LABELS, DesignFault
from greening.events import undone
from greening.suggest import ACTION_LABELS, Action, Suggestion, accepted
from greening.workflow import OPEN, EventKind, GreeningEvent
from views import greening_revision
from views.greening_session import GreeningSession, number_of, write
from views.markdown import escaped
from wording import Language, say


def show(session: GreeningSession, site_id: str, language: Language) -> None:
    """Offer what is suggested for a site, and list the faults of its design."""
    mine = [one for one in session.review.suggested if one.site_id == site_id]
    is_open = session.status(site_id).state in OPEN
    with st.container(border=True, key="suggestions"):
        st.markdown(f"**{say('greening.suggestions', language)}** {len(mine)}")
        if not is_open:
            st.caption(say("greening.design_locked", language))
        else:
            _for_all(session, site_id, mine, language)
        numbers = session.review.district["plantings"].set_index("planting_id")["number"]
        for one in mine:
            _one(session, one, str(numbers[one.planting_id]), language, is_open=is_open)
    _faults(session, site_id, language, is_open=is_open)
    if is_open:
        greening_revision.show(session, site_id, language)


def _for_all(
    session: GreeningSession, site_id: str, mine: Sequence[Suggestion], language: Language
) -> None:
    last = _last_change(session.events, site_id)
    with st.container(horizontal=True):
        if mine:
            st.button(
                say("greening.accept_all", language, n=len(mine)),
                type="primary",
                key="accept_all",
                on_click=_accept,
                args=(session, site_id, mine, language),
            )
        if last is not None:
            st.button(
                say("greening.undo", language),
                key="undo_change",
                on_click=_undo,
                args=(session, last, language),
            )


def _one(
    session: GreeningSession, one: Suggestion, number: str, language: Language, *, is_open: bool
) -> None:
    agreed = session.status(one.site_id).protected.get(one.planting_id, "")
    with st.container(horizontal=True, vertical_alignment="center"):
        if is_open:
            st.button(
                say("greening.accept", language),
                key=f"accept_{one.planting_id}",
                on_click=_accept,
                args=(session, one.site_id, [one], language),
            )
        if is_open and one.action is Action.REMOVE and not agreed:
            _offer_protection(session, one, language)
        st.markdown(f"**{escaped(number)}** {_what(one, session, language)}")
        if agreed:
            st.caption(f"{say('greening.protected_agreement', language)}：{escaped(agreed)}")


def _what(one: Suggestion, session: GreeningSession, language: Language) -> str:
    """Return a suggestion in a few words."""
    action = ACTION_LABELS[one.action][language]
    if one.action is Action.REMOVE:
        return action
    species = session.review.species.get(one.species_id)
    name = species.name[language] if species else ""
    return f"{action} {one.moved_m:.2f} m {escaped(name)}"


def _offer_protection(session: GreeningSession, one: Suggestion, language: Language) -> None:
    """Ask what was agreed (root barrier, ...) before a planting may stay where it is."""
    key = f"agreed_{one.planting_id}"
    with st.popover(say("greening.protect_agreement", language)):
        st.text_input(say("greening.agreement", language), key=key, max_chars=300)
        st.button(
            say("greening.save", language),
            key=f"protect_{one.planting_id}",
            on_click=_protect,
            args=(session, one, key, language),
        )


def _protect(session: GreeningSession, one: Suggestion, key: str, language: Language) -> None:
    payload = {
        "planting_id": one.planting_id,
        "number": number_of(session, one.planting_id),
        "comment": str(st.session_state.get(key, "")).strip(),
    }
    write(session, session.event(one.site_id, EventKind.PROTECT, payload), language)


def _accept(
    session: GreeningSession, site_id: str, chosen: Sequence[Suggestion], language: Language
) -> None:
    _change(session, site_id, accepted(session.review.kept, chosen), language)


def _last_change(events: Sequence[GreeningEvent], site_id: str) -> GreeningEvent | None:
    """Return the site's last change of rows that was not taken back."""
    found: list[GreeningEvent] = []
    for event in events:
        if event.site_id == site_id and event.kind is EventKind.CHANGE:
            if event.payload.get("undoes"):
                found.pop()
            else:
                found.append(event)
    return found[-1] if found and "taken_from" not in found[-1].payload else None


def _undo(session: GreeningSession, event: GreeningEvent, language: Language) -> None:
    back = undone(session.store, event)
    _change(session, event.site_id, back, language, undoes=event.seq)


def _change(
    session: GreeningSession, site_id: str, edit: Edit, language: Language, **payload: object
) -> None:
    event = session.event(site_id, EventKind.CHANGE, payload)
    write(session, event, language, edit=edit)


def _faults(session: GreeningSession, site_id: str, language: Language, *, is_open: bool) -> None:
    """List doubled and misplaced plantings of the site; offer to take the doubled ones out."""
    plantings = session.review.district["plantings"].set_index("planting_id")
    own = plantings.index[plantings["site_id"] == site_id]
    mine = session.review.faults[session.review.faults["planting_id"].isin(own)]
    doubled = mine[mine["fault"] == DesignFault.DUPLICATE]["planting_id"].tolist()
    for fault in mine.to_dict("records"):
        label = FAULT_LABELS[fault["fault"]][language]
        other = fault["other"]
        number = plantings["number"].get(other, other)
        st.caption(
            f"⚠ {escaped(plantings.loc[fault['planting_id'], 'number'])} {label} {escaped(number)}"
        )
    if doubled and is_open:
        st.button(
            say("greening.remove_doubled", language, n=len(doubled)),
            key="take_out_doubled",
            on_click=_take_out,
            args=(session, site_id, doubled, language),
        )


def _take_out(
    session: GreeningSession, site_id: str, planting_ids: Sequence[str], language: Language
) -> None:
    _change(session, site_id, remove_planting(session.review.kept, *planting_ids), language)
