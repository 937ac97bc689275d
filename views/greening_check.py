"""Checking one site: the picture, what does not pass, suggestions, and the moves of the site."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from greening.changes import payload_of
from greening.check import VERDICT_LABELS, Verdict
from greening.design import FAULT_LABELS
from greening.suggest import ACTION_LABELS, Suggestion
from greening.workflow import Event, Kind, moves_from
from layers.findings import VERIFIED_LABELS
from layers.greening_sites import STATES
from views.greening_desk import Desk, state_name, texts, write
from views.site_picture import site_picture
from views.text import Words, plain

_COMMENT_CHARACTERS, _TO_THE_MINUTE = 500, 16


def show(desk: Desk, words: Words) -> None:
    """Draw the part."""
    site_id = choose_site(desk, words)
    left, right = st.columns([13, 9], gap="medium")
    with right:
        finding_id = _pairs(desk, site_id, words)
        _suggested(desk, site_id, words)
        _moves(desk, site_id, words)
        _faults(desk, site_id, words)
    with left:
        st.image(site_picture(desk.review, site_id, finding_id), width="stretch")
        st.caption(
            words(
                "Light green: plantable ground. Filled circles: plantings by verdict. Blue: "
                "suggested place. Dashed grey: as designed. Cross: no place in this bed."
            )
        )


def choose_site(desk: Desk, words: Words) -> str:
    """Draw the choice of a site, by estate, and return its id."""
    sites = desk.review.district["greening_sites"].set_index("site_id")
    survival = desk.review.survival.set_index("site_id")
    estates = survival["estate"].to_dict()
    names = {None: words("All estates"), **{name: name for name in sorted(set(estates.values()))}}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        estate = st.selectbox(
            words("Estate"), list(names), key="greening_estate", format_func=lambda n: names[n]
        )
        listed = [site for site in sites.index if estate is None or estates[site] == estate]
        return str(
            st.selectbox(
                words("Greening site"),
                listed,
                key="greening_site",
                format_func=lambda site: f"{estates[site]} · {sites.loc[site, 'name']}",
            )
        )


def _pairs(desk: Desk, site_id: str, words: Words) -> str:
    """List what does not pass; return the finding selected, "" if none."""
    pairs = desk.review.found.pairs
    own = pairs[(pairs["site_id"] == site_id) & (pairs["plant_layer"] == "plantings")]
    failing = own[own["verdict"] != Verdict.MET]
    if failing.empty:
        st.success(words("Every planting of this site passes."))
        return ""
    zh = words.language == "zh"
    table = pd.DataFrame(
        {
            words("No."): failing["number"],
            words("Verdict"): failing["verdict"].map(texts(VERDICT_LABELS, words)),
            words("Object"): failing["object_zh" if zh else "object_en"],
            words("Clearance m"): failing["distance_m"].round(3),
            words("Required m"): failing["required_m"].round(3),
            words("Difference cm"): failing["difference_cm"].round(1),
            words("Clause"): _titles(failing["source_id"], desk) + " " + failing["clause"],
            words("How verified"): failing["verified"].map(texts(VERIFIED_LABELS, words)),
            words("Note"): failing["note_zh" if zh else "note_en"],
            words("Object id"): failing["object_id"],
        }
    )
    event = st.dataframe(
        table,
        hide_index=True,
        height=260,
        key=f"pairs_{site_id}",
        on_select="rerun",
        selection_mode="single-row",
    )
    rows = event["selection"]["rows"]
    return str(failing["finding_id"].iloc[rows[0]]) if rows else ""


def _titles(ids: pd.Series, desk: Desk) -> pd.Series:
    """Return the titles of the standards behind findings."""
    sources = desk.review.book.sources
    return ids.map({code: sources[code].title for code in ids.unique() if code in sources})


def _suggested(desk: Desk, site_id: str, words: Words) -> None:
    """Offer the suggestions of a site, one by one and all together, and to take the last back."""
    mine = [one for one in desk.review.suggested if one.site_id == site_id]
    last = _last_change(desk.events, site_id)
    with st.container(border=True, key="suggestions"):
        st.markdown(f"**{words('Suggestions')}** {len(mine)}")
        with st.container(horizontal=True):
            if mine:
                st.button(
                    words("Accept all {n}", n=len(mine)),
                    type="primary",
                    key="accept_all",
                    on_click=_accept,
                    args=(desk, site_id, mine, words),
                )
            if last is not None:
                st.button(
                    words("Undo the last change"),
                    key="undo_change",
                    on_click=_undo,
                    args=(desk, last, words),
                )
        numbers = desk.review.district["plantings"].set_index("planting_id")["number"]
        for one in mine:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.button(
                    words("Accept"),
                    key=f"accept_{one.planting_id}",
                    on_click=_accept,
                    args=(desk, site_id, [one], words),
                )
                st.markdown(f"**{plain(numbers[one.planting_id])}** {_what(one, desk, words)}")


def _what(one: Suggestion, desk: Desk, words: Words) -> str:
    """Say a suggestion in a few words."""
    action = words.pick(ACTION_LABELS[one.action])
    if one.change.after["state"] == "removed":
        return action
    species = desk.review.species.get(str(one.change.after["species_id"]))
    name = words.pick((species.name_zh, species.name_en)) if species else ""
    return f"{action} {one.moved_m:.2f} m {plain(name)}"


def _accept(desk: Desk, site_id: str, chosen: Sequence[Suggestion], words: Words) -> None:
    write(desk, site_id, Kind.CHANGE, payload_of([one.change for one in chosen]), words)


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


def _undo(desk: Desk, event: Event, words: Words) -> None:
    back = [
        {"planting_id": c["planting_id"], "before": c["after"], "after": c["before"]}
        for c in reversed(event.draft.payload["changes"])
    ]
    payload = {"changes": back, "undoes": event.seq}
    write(desk, event.draft.site_id, Kind.CHANGE, payload, words)


def _moves(desk: Desk, site_id: str, words: Words) -> None:
    """Show the site's state and offer the moves that are allowed to this office."""
    standing = desk.standing(site_id)
    with st.container(border=True, key=f"moves_{site_id}"):
        st.markdown(f"**{words('State')}** {plain(state_name(desk, site_id, words))}")
        if standing.who:
            when = standing.at[:_TO_THE_MINUTE]  # noqa: PD008  (a time, not pandas)
            st.caption(plain(f"{standing.who} · {when} · {standing.comment}"))
        key = f"comment_{site_id}"
        st.text_area(words("Comment"), key=key, max_chars=_COMMENT_CHARACTERS, height=68)
        blocked = _blocked(desk, site_id, words)
        if blocked:
            st.caption("；".join(blocked.values()))
        with st.container(horizontal=True):
            for to in moves_from(standing.state, desk.role):
                st.button(
                    f"→ {words.pick(STATES[to])}",
                    key=f"move_{to}",
                    disabled=to in blocked and not str(st.session_state.get(key, "")).strip(),
                    on_click=_move,
                    args=(desk, site_id, to, key, words),
                )


def _blocked(desk: Desk, site_id: str, words: Words) -> dict[str, str]:
    """Return the moves that need a reason, and why."""
    plants = desk.review.found.plants
    own = plants[(plants["site_id"] == site_id) & (plants["plant_layer"] == "plantings")]
    failing = int((own["verdict"] != Verdict.MET).sum())
    reasons = {}
    if failing:
        reasons["checked"] = words("{n} plantings do not pass: state a reason", n=failing)
    meets = desk.review.survival.set_index("site_id")["meets"].fillna(value=False)
    if desk.standing(site_id).state == "survival" and not meets[site_id]:
        reasons["accepted"] = words(
            "survival below {rate} or not all counted: state a reason",
            rate=f"{desk.review.least_rate:.0%}",
        )
    if desk.review.is_stale(site_id):
        reasons |= dict.fromkeys(
            ("supplied", "accepted"), words("data changed after the check: state a reason")
        )
    return reasons


def _move(desk: Desk, site_id: str, to: str, key: str, words: Words) -> None:
    comment = str(st.session_state.get(key, "")).strip()
    if write(desk, site_id, Kind.MOVE, {"to": to, "comment": comment}, words):
        st.session_state[key] = ""


def _faults(desk: Desk, site_id: str, words: Words) -> None:
    """List doubled and misplaced plantings of the site."""
    plantings = desk.review.district["plantings"].set_index("planting_id")
    own = plantings.index[plantings["site_id"] == site_id]
    faults = desk.review.faults
    mine = faults[faults["planting_id"].isin(own)]
    for fault in mine.to_dict("records"):
        label = words.pick(FAULT_LABELS[fault["fault"]])
        number = plantings.loc[fault["planting_id"], "number"]
        st.caption(f"⚠ {plain(number)} {label} {plain(fault['other'])}")
