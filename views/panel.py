"""The evidence panel: what is known of an estate, its findings by class, and why each says so."""

from collections.abc import Iterator

import geopandas as gpd
import pandas as pd
import streamlit as st

import layers
from layers.district import District
from layers.findings import CLASSES, FAILING, OUTCOME_LABELS, Outcome
from rules.book import Book
from views import wording
from views.selection import Selection
from views.text import Words, plain

_MOST_GAPS = 12
_FACTS = ("built_year", "households", "persons", "elders", "floor_area_m2")
_GROUPS: dict[str, tuple[Outcome, ...]] = {
    "gaps": FAILING,
    "unknown": (Outcome.UNKNOWN,),
    "met": (Outcome.MET,),
    "rest": (Outcome.NOT_APPLICABLE, Outcome.WAIVED),
}


def show(
    district: District, book: Book, findings: gpd.GeoDataFrame, estate_id: str, words: Words
) -> None:
    """
    Draw the panel of one estate.

    Parameters
    ----------
    district : District
        Where the estate lies.
    book : Book
        Who supplies what.
    findings : geopandas.GeoDataFrame
        Findings of the estate that pass the filters.
    estate_id : str
        An estate of `district`.
    words : Words
        The user's language.
    """
    estates = district["estates"]
    estate = estates[estates["estate_id"] == estate_id].iloc[0]
    name, close = st.columns([6, 1], vertical_alignment="center")
    name.markdown(f"#### {plain(estate['name'])}")
    close.button("✕", key="close_panel", type="tertiary", on_click=_close, help=words("Close"))
    st.caption("　".join(_facts(district, book, estate, words)))
    group = _ask_group(findings, words)
    listed = findings[findings["outcome"].isin(_GROUPS[group])]
    with st.container(key="findings", gap="small"):
        _list(listed, words)


def overview(selection: Selection, district: District, words: Words) -> None:
    """Say what the panel is for while nothing is selected, and name the estates with most gaps."""
    st.markdown(f"#### {words('Why is it flagged?')}")
    st.caption(
        words(
            "Choose an estate on the map, in the table or by its name. Its findings appear here; "
            "choose one to see the route that was walked."
        )
    )
    names = district["estates"].set_index("estate_id")["name"]
    most = selection.summary.nlargest(_MOST_GAPS, "gaps")
    most = most[most["gaps"] > 0]
    if not len(most):
        return
    st.markdown(f"**{words('Most gaps')}**")
    with st.container(key="most_gaps"):
        for estate_id, gaps in zip(most["estate_id"], most["gaps"], strict=True):
            st.button(
                f"**{gaps}**　{plain(names[estate_id])}",
                key=f"most_{estate_id}",
                type="tertiary",
                width="stretch",
                on_click=_open,
                args=(estate_id,),
            )


def _open(estate_id: str) -> None:
    st.session_state["estate"] = estate_id
    st.session_state["rule"] = ""


def _close() -> None:
    st.session_state["estate"] = ""
    st.session_state["rule"] = ""


def _facts(district: District, book: Book, estate: pd.Series, words: Words) -> Iterator[str]:
    """Yield what the survey says of an estate; what it does not say, and who must supply it."""
    towns = district["towns"]
    yield from (plain(name) for name in towns.loc[towns["town_id"] == estate["town_id"], "name"])
    buildings = district["buildings"]
    own = buildings[buildings["estate_id"] == estate["estate_id"]]
    storeys = own["storeys"].dropna()
    if len(own):
        floors = f" · {storeys.min()}–{storeys.max()} {words('storeys')}" if len(storeys) else ""
        yield f"{len(own)} {words('buildings')}{floors}"
    spec = layers.ALL["estates"]
    absent = []
    for column in (spec.column(name) for name in _FACTS):
        value = estate[column.name]
        if pd.isna(value):
            absent.append(column.label(words.language))
            continue
        figure = f"{value:.0f}" if column.name == "built_year" else f"{value:,.0f}"
        unit = column.unit if words.language == "zh" or column.unit.startswith("m") else ""
        yield f"{column.label(words.language)} {figure} {unit}".strip()
    if absent:
        yield words(
            "no data: {what} (from {who})", what="、".join(absent), who=_supplier(book, words)
        )


def _supplier(book: Book, words: Words) -> str:
    body = book.departments.get(book.supply.get("estates", ""))
    if body is None:
        return words("the district")
    return plain(body.name if words.language == "zh" else body.name_en)


def _ask_group(findings: pd.DataFrame, words: Words) -> str:
    """Let the user choose gaps, unknown, met or the rest, each with its count."""
    labels = {
        "gaps": words("Gaps"),
        "unknown": words.pick(OUTCOME_LABELS[Outcome.UNKNOWN]),
        "met": words.pick(OUTCOME_LABELS[Outcome.MET]),
        "rest": words.pick(OUTCOME_LABELS[Outcome.NOT_APPLICABLE]),
    }
    counts = {key: int(findings["outcome"].isin(several).sum()) for key, several in _GROUPS.items()}
    if st.session_state.get("panel_group") not in _GROUPS:
        st.session_state["panel_group"] = "gaps"
    chosen = findings.loc[findings["rule_id"] == st.session_state.get("rule"), "outcome"]
    if len(chosen) and st.session_state.get("panel_rule") != st.session_state["rule"]:
        found = (key for key, several in _GROUPS.items() if chosen.iloc[0] in several)
        st.session_state["panel_group"] = next(found)
    st.session_state["panel_rule"] = st.session_state.get("rule")
    group = st.segmented_control(
        words("Findings"),
        list(_GROUPS),
        key="panel_group",
        required=True,
        label_visibility="collapsed",
        format_func=lambda key: f"{labels[key]} {counts[key]}",
    )
    return str(group)


def _list(findings: gpd.GeoDataFrame, words: Words) -> None:
    """List findings by class, the worst first, the chosen one with everything behind it."""
    if not len(findings):
        st.caption(words("None here."))
    for item_class, label in CLASSES.items():
        several = findings[findings["item_class"] == item_class]
        if not len(several):
            continue
        st.markdown(f":small[:gray[{words.pick(label)}　{len(several)}]]")
        for _, finding in several.sort_values("severity", ascending=False).iterrows():
            _finding(finding, words)


def _finding(finding: pd.Series, words: Words) -> None:
    chosen = finding["rule_id"] == st.session_state.get("rule")
    metric = finding["metric_zh"] if words.language == "zh" else finding["metric_en"]
    badge = wording.outcome_badge(finding["outcome"], words)
    figures = plain(wording.comparison(finding, words))
    st.button(
        f"{badge} {plain(metric)}　:gray[{figures}]",
        key=f"finding_{finding['rule_id']}",
        type="tertiary",
        width="stretch",
        on_click=_choose,
        args=("" if chosen else finding["rule_id"],),
    )
    if chosen:
        with st.container(border=True, key="finding_detail"):
            st.markdown("  \n".join(filter(None, _details(finding, words))))


def _choose(rule_id: str) -> None:
    st.session_state["rule"] = rule_id


def _details(finding: pd.Series, words: Words) -> Iterator[str]:
    """Yield everything behind a finding, one line each."""
    chinese = words.language == "zh"
    yield f"**{plain(finding['reason_zh' if chinese else 'reason_en'])}**"
    yield wording.standing(finding, words)
    yield wording.line(words("Item"), finding["item_zh" if chinese else "item_en"])
    yield wording.line(words("Measured"), wording.comparison(finding, words))
    yield wording.line(words("Clause"), f"{finding['source_title']} {finding['clause']}")
    yield wording.line(words("Rule"), finding["rule_id"])
    yield wording.line(words("Responsible"), finding["department"])
    yield wording.line(words("Decided by"), finding["witness_name"])
    if pd.notna(finding["members"]) and pd.notna(finding["failing_members"]):
        share = f"{finding['failing_members']:.0f} / {finding['members']:.0f}"
        yield wording.line(words("Failing"), share)
    if pd.notna(finding["exposed_households"]):
        yield wording.line(words("Households touched"), f"{finding['exposed_households']:,.0f}")
    yield wording.line(words("Data lacking"), finding["lacking_zh" if chinese else "lacking_en"])
    yield wording.line(words("To be supplied by"), finding["supplier"])
    yield wording.line(words("Assessed as of"), finding["as_of"])
