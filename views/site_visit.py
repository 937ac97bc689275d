"""
The form for the visit to a site, for a phone: find the tree, say whether it lives, add a photo.

It works against the intranet server; a photo is checked by its content and kept beside the
district.
"""

import math

import pandas as pd
import streamlit as st

from geo.errors import PlanningError
from greening.photos import keep_photo, take_photo
from greening.workflow import FATES, Kind
from views.greening_desk import Desk, write
from views.text import plain
from wording import Language, say

_NOTE_CHARACTERS = 300
_WAYS = {"number": "greening.by_number", "position": "greening.by_position"}


def show(desk: Desk, language: Language) -> None:
    """Draw the form."""
    with st.container(key="site_visit"):
        planting_id = _find(desk, language)
        if planting_id:
            _form(desk, planting_id, language)


def _find(desk: Desk, language: Language) -> str:
    """Find a planting by the number on its tag, or the one nearest to a position."""
    by = st.segmented_control(
        say("greening.find_tree_by", language),
        list(_WAYS),
        key="find_by",
        default="number",
        required=True,
        format_func=lambda way: say(_WAYS[way], language),
    )
    plantings = desk.review.district["plantings"]
    plantings = plantings[(plantings["state"] != "removed").fillna(value=True)]
    if by == "number":
        wanted = st.text_input(
            say("greening.number_tag", language), key="tag_number", max_chars=20
        ).strip()
        found = plantings[plantings["number"] == wanted]
    else:
        east = st.number_input("X (E) m", key="at_east", value=None, format="%.2f")
        north = st.number_input("Y (N) m", key="at_north", value=None, format="%.2f")
        wanted = "" if east is None or north is None else "at"
        x, y = plantings.geometry.x, plantings.geometry.y
        gaps = [math.hypot(a - (east or 0), b - (north or 0)) for a, b in zip(x, y, strict=True)]
        found = plantings.iloc[[gaps.index(min(gaps))]] if wanted and gaps else plantings.iloc[:0]
    if wanted and found.empty:
        st.warning(say("greening.no_such_number", language))
    return _of_one_site(desk, found, language)


def _of_one_site(desk: Desk, found: pd.DataFrame, language: Language) -> str:
    """Return the planting meant: two designs may use a number twice; "" where none can be."""
    planted = found[found["site_id"].notna()]
    if len(found) and planted.empty:
        st.warning(say("greening.outside_sites", language))
    if planted.empty:
        return ""
    ids = planted["planting_id"].tolist()
    if len(ids) == 1:
        return str(ids[0])
    estates = desk.review.survival.set_index("site_id")["estate"].to_dict()
    sites = planted.set_index("planting_id")["site_id"].to_dict()
    return str(
        st.selectbox(
            say("greening.several_have_number", language),
            ids,
            key="which_planting",
            format_func=lambda one: f"{estates.get(sites[one], '—')} · {sites[one]}",
        )
    )


def _form(desk: Desk, planting_id: str, language: Language) -> None:
    row = desk.review.district["plantings"].set_index("planting_id").loc[planting_id]
    species = desk.review.species.get(str(row["species_id"]))
    name = species.name[language] if species else "—"
    place = desk.review.survival.set_index("site_id").loc[row["site_id"]]
    known = desk.standing(str(row["site_id"])).fates.get(planting_id, "")
    with st.container(border=True, key="planting_found"):
        st.markdown(f"### {plain(row['number'])} {plain(name)}")
        st.caption(plain(f"{place['town']} · {place['estate']} · {row['site_id']}"))
        st.caption(f"X {row.geometry.x:.2f}　Y {row.geometry.y:.2f}")
        if known:
            st.caption(say("greening.last_count", language, fate=FATES[known][language]))
    fate = st.segmented_control(
        say("greening.fate", language),
        list(FATES),
        key=f"fate_{planting_id}",
        format_func=lambda code: FATES[code][language],
    )
    st.text_area(
        say("greening.note", language),
        key=f"note_{planting_id}",
        max_chars=_NOTE_CHARACTERS,
        height=68,
    )
    st.file_uploader(
        say("greening.photo_jpeg_png", language),
        type=["jpg", "jpeg", "png"],
        key=f"photo_{planting_id}",
    )
    st.checkbox(say("greening.strip_photo", language), value=True, key="strip_photo")
    st.button(
        say("greening.save", language),
        type="primary",
        key="save_visit",
        width="stretch",
        disabled=fate is None,
        on_click=_save,
        args=(desk, str(row["site_id"]), planting_id, language),
    )


def _save(desk: Desk, site_id: str, planting_id: str, language: Language) -> None:
    """Write the count; nothing is kept of a photo that is refused."""
    state = st.session_state
    payload = {
        "planting_id": planting_id,
        "fate": state.get(f"fate_{planting_id}"),
        "note": str(state.get(f"note_{planting_id}", "")).strip(),
    }
    upload = state.get(f"photo_{planting_id}")
    try:
        if upload is not None:
            photo = take_photo(upload.getvalue(), strip=bool(state.get("strip_photo", True)))
            payload["photo"] = keep_photo(photo, desk.photos)
    except PlanningError as error:
        state["greening_said"] = ("error", error.sentence(language))
        return
    if write(desk, site_id, Kind.COUNT, payload, language):
        state[f"note_{planting_id}"] = ""
        state[f"fate_{planting_id}"] = None  # a second tap writes nothing twice
