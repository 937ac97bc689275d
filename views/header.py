"""The head of the page: what it is, whether it adds up to the plan, how old the data are."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pandas as pd
import streamlit as st

from layers.district import District
from layers.period import period_text
from plan import Plan, load_plan
from views import filters
from views.cache import SharedCache
from views.markdown import escaped
from views.session import current_store, today
from wording import Language, say

_TEN_THOUSAND = 10_000
_SUMS: Final = SharedCache[list[str]]("sums", lambda parts: sum(map(len, parts)))


@dataclass(frozen=True)
class Total:
    """One total of the district beside what the plan says; `planned` is None without a plan."""

    label: str
    found: float
    planned: float | None
    unit: str = ""
    decimals: int = 0

    @property
    def as_planned(self) -> bool:
        """Whether the total equals the plan's, to the decimals shown."""
        return self.planned is not None and (
            round(self.found, self.decimals) == round(self.planned, self.decimals)
        )

    def markdown(self) -> str:
        """Return the total, ticked where it equals the plan's and marked where it does not."""
        figure = f"**{self.found:,.{self.decimals}f}**{self.unit}"
        if self.planned is None:
            return f"{self.label} {figure}"
        if self.as_planned:
            return f"{self.label} {figure} :green[✓]"
        return f"{self.label} {figure} :red[≠ {self.planned:,.{self.decimals}f}]"


def totals(district: District, plan: Plan | None, language: Language) -> Iterator[Total]:
    """Yield estates, buildings, floor area and households, each compared with the plan."""
    estates, buildings = district["estates"], district["buildings"]
    of_estates = buildings["estate_id"].isin(estates["estate_id"]).sum()
    area = float(estates["floor_area_m2"].sum(min_count=1))
    households = estates["households"].sum(min_count=1)
    said: dict[str, float] = plan.totals.model_dump() if plan else {}
    yield Total(say("gaps.estates", language), len(estates), said.get("estates"))
    yield Total(say("gaps.buildings", language), int(of_estates), said.get("buildings"))
    if pd.notna(area):
        planned = said["floor_area_m2"] / _TEN_THOUSAND if said else None
        yield Total(
            say("gaps.floor_area", language),
            area / _TEN_THOUSAND,
            planned,
            say("gaps.ten_thousand_m2", language),
            2,
        )
    if pd.notna(households):
        yield Total(say("gaps.households", language), int(households), said.get("households"))


def show(district: District, language: Language) -> None:
    """Draw the head of the page: the name, the totals beside the plan's, the age of the data."""
    name = district.label[language]
    parts = _SUMS.get((district.version, language), lambda: _sums(district, language))
    with st.container(key="page_head", horizontal=True, vertical_alignment="center", gap="medium"):
        st.markdown(f"### {escaped(name)}", width="content")
        st.markdown(":small[" + "　".join(parts) + "]", width="content")
        st.markdown(_about_data(district, language), width="content")
    for notice in current_store().notices():
        st.warning(escaped(notice[language]), icon=":material/info:")


def _sums(district: District, language: Language) -> list[str]:
    plan = load_plan(district.plan) if district.plan else None
    found = list(totals(district, plan, language))
    parts = [total.markdown() for total in found]
    if plan and all(total.as_planned for total in found):
        parts.append(":gray[" + say("gaps.equals_plan", language) + "]")
    return parts


def _about_data(district: District, language: Language) -> str:
    period = period_text(district, filters.chosen_date(today()), language)
    notes = []
    if district.is_synthetic:
        mark = say("common.demonstration", language)
        notes.append(f":orange-badge[{mark}]")
    notes.append(say("common.data_of", language, date=period))
    notes.append(say("common.version", language, version=district.version[:8]))
    return ":small[" + "　".join(notes) + "]"
