"""The head of the page: what it is, whether it adds up to the plan, how old the data are."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from layers.district import District
from plan import Plan, load_plan
from views.text import Words, plain

_TEN_THOUSAND = 10_000


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


def totals(district: District, plan: Plan | None, words: Words) -> Iterator[Total]:
    """Yield estates, buildings, floor area and households, each held against the plan."""
    estates, buildings = district["estates"], district["buildings"]
    of_estates = buildings["estate_id"].isin(estates["estate_id"]).sum()
    area = float(estates["floor_area_m2"].sum(min_count=1))
    households = estates["households"].sum(min_count=1)
    said: dict[str, float] = plan.totals.model_dump() if plan else {}
    yield Total(words("Estates"), len(estates), said.get("estates"))
    yield Total(words("Buildings"), int(of_estates), said.get("buildings"))
    if pd.notna(area):
        planned = said["floor_area_m2"] / _TEN_THOUSAND if said else None
        yield Total(words("Floor area"), area / _TEN_THOUSAND, planned, words("×10⁴ m²"), 2)
    if pd.notna(households):
        yield Total(words("Households"), int(households), said.get("households"))


def show(district: District, words: Words) -> None:
    """Draw the head of the page: the name, the totals beside the plan's, the age of the data."""
    name = district.name if words.language == "zh" else district.name_en
    parts = _sums(district.version, words.language, district, words)
    with st.container(key="page_head", horizontal=True, vertical_alignment="center", gap="medium"):
        st.markdown(f"### {plain(name)}", width="content")
        st.markdown(":small[" + "　".join(parts) + "]", width="content")
        st.markdown(_about_data(district, words), width="content")


@st.cache_resource(show_spinner=False, max_entries=8)
def _sums(version: str, language: str, _district: District, _words: Words) -> list[str]:  # noqa: ARG001
    plan = load_plan(_district.plan) if _district.plan else None
    found = list(totals(_district, plan, _words))
    parts = [total.markdown() for total in found]
    if plan and all(total.as_planned for total in found):
        parts.append(":gray[" + _words("✓ equals the plan") + "]")
    return parts


def _about_data(district: District, words: Words) -> str:
    notes = []
    if district.is_synthetic:
        mark = words("Demonstration data · not a survey")
        notes.append(f":orange-badge[{mark}]")
    notes.append(words("data of {date}", date=district.data_date or "—"))
    notes.append(words("version {version}", version=district.version[:8]))
    return ":small[" + "　".join(notes) + "]"
