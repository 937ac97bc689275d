"""The greening sheets: what is printed is what was checked, counted and sent back."""

import io
import re
from dataclasses import replace
from datetime import date

import pikepdf
import pypdfium2
import pytest

import answer_key
from atlas.compose import Booklet
from atlas.greening_book import greening_booklet
from atlas.request import Purpose, Request
from clearances.verdict import VERDICT_LABELS
from geo.errors import DataError
from greening.review import Review, review
from greening.species import read_species
from greening.workflow import EventKind, GreeningEvent, Role
from rules.book import load_book
from tests.unit.greening.scene import lived

REQUEST = Request("2023-09-15", "V1")
AS_OF = date(2023, 4, 1)
HOSTILE = "=1+1 <script>{{ 7*7 }}\x00\u202e" + "长" * 80


@pytest.fixture(scope="module")
def town() -> Review:
    """One site of the little town is planted, its first planting dead; another was sent back."""
    known = answer_key.build("tiny").district
    plantings = known["plantings"]
    site, other = plantings["site_id"].value_counts().index[-2:]
    own = plantings["planting_id"][plantings["site_id"] == site].tolist()
    path = [_move(site, to) for to in ("checked", "supplied", "planted")]
    path += [_count(site, name, "dead" if name == own[0] else "alive") for name in own]
    path += [_move(site, "survival"), _move(site, "rectify", "补栽后复查")]
    path.append(_move(other, "checked"))
    place, events = lived(known, *path)
    book = load_book(overlays=place.overlays)
    return review(place, book, read_species(), AS_OF, events=events)


def _move(site: str, to: str, comment: str = "") -> GreeningEvent:
    payload = {"to": to, "comment": comment}
    at = "2023-09-01T09:00:00+08:00"
    return GreeningEvent(site, EventKind.MOVE, "马工", Role.BUREAU, at, "v", payload)


def _count(site: str, name: str, fate: str) -> GreeningEvent:
    payload = {"planting_id": name, "fate": fate}
    at = "2023-08-01T09:00:00+08:00"
    return GreeningEvent(site, EventKind.COUNT, "老李", Role.TOWN, at, "v", payload)


@pytest.fixture(scope="module")
def printed(town: Review) -> Booklet:
    return greening_booklet(town, REQUEST)


@pytest.fixture(scope="module")
def texts(printed: Booklet) -> dict[str, str]:
    return read_back(printed)


def read_back(printed: Booklet) -> dict[str, str]:
    """Return the text of the pages by kind of sheet, line ends taken out."""
    document = pypdfium2.PdfDocument(printed.pdf)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    found: dict[str, str] = {}
    for page_plan, text in zip(printed.page_plans, pages, strict=True):
        found[page_plan.kind] = found.get(page_plan.kind, "") + re.sub(r"\s+", " ", text)
    return found


@pytest.mark.slow
def test_the_same_review_gives_the_same_bytes(town: Review, printed: Booklet) -> None:
    again = review(town.kept, town.book, town.species, AS_OF)
    again = replace(again, statuses=town.statuses)  # why a site was sent back is not in the rows
    assert greening_booklet(again, REQUEST).pdf == printed.pdf


def test_every_estate_with_plantings_has_its_map_and_every_planting_its_row(
    town: Review, printed: Booklet, texts: dict[str, str]
) -> None:
    own = town.found.plants[town.found.plants["plant_layer"] == "plantings"]
    maps = [page_plan for page_plan in printed.page_plans if page_plan.key.endswith(":0")]
    assert {page_plan.estate_id for page_plan in maps} == set(own["estate_id"])
    for point in own.geometry:
        assert f"{point.x:.2f}" in texts["greening"]
    for verdict, count in own["verdict"].value_counts().items():
        said = texts["greening"].count(VERDICT_LABELS[verdict].zh)
        assert said >= count  # a row each, and the words of figures and legend


def test_seedlings_on_paper_add_up_to_the_review(town: Review, texts: dict[str, str]) -> None:
    totals = re.findall(r"合计 (\d+) (\d+)", texts["seedlings"])
    expected = [int(town.seedlings[name].sum()) for name in ("count", "to_supply")]
    assert [int(number) for number in totals[-1]] == expected
    by_town = town.seedlings.groupby("town")[["count", "to_supply"]].sum()
    for pair in by_town.itertuples(index=False, name=None):
        assert tuple(map(str, pair)) in totals


def test_a_town_is_told_what_is_dead_where_it_stands_and_why_a_site_came_back(
    town: Review, printed: Booklet, texts: dict[str, str]
) -> None:
    (dead,) = town.dead.to_dict("records")
    sheets = [page_plan for page_plan in printed.page_plans if page_plan.kind == "rectification"]
    assert [page_plan.town for page_plan in sheets] == [dead["town"]]
    for said in (f"{dead['east_m']:.2f}", f"{dead['north_m']:.2f}", "补栽后复查", "95%", "待核"):
        assert said in texts["rectification"]


def test_figures_held_from_memory_say_so_on_paper(town: Review, texts: dict[str, str]) -> None:
    recalled = town.found.pairs["verified"] == "recall"
    objects = set(town.found.pairs["object_layer"][recalled])
    assert {"poles", "paving"} <= objects
    assert "待核" in texts["greening"]
    assert "待核" in texts["seedlings"]


@pytest.mark.slow
def test_a_changed_verdict_changes_the_pages_of_its_estate_alone(
    town: Review, printed: Booklet
) -> None:
    one = town.suggested[0]
    name = town.survival.set_index("site_id")["estate"][one.site_id]
    estate = town.district["estates"].set_index("name")["estate_id"][name]
    agreed = replace(town.statuses[one.site_id], protected={one.planting_id: "设阻根板"})
    after = replace(town, statuses={**town.statuses, one.site_id: agreed})
    later = greening_booklet(after, REQUEST)
    changed = {key for key, digest in later.digests.items() if printed.digests[key] != digest}
    assert changed
    assert all(f":{estate}:" in key for key in changed)


def test_an_english_list_of_seedlings_names_the_towns_in_english(town: Review) -> None:
    printed = greening_booklet(town, replace(REQUEST, language="en", purpose=Purpose.PUBLIC))
    text = read_back(printed)["seedlings"]
    names = set(town.seedlings["town"])
    assert names
    for name in names:
        assert name not in text
        assert town.book.called(name, "en") in text


def test_the_public_sees_neither_pipes_nor_officers_and_nothing_is_a_sentence(
    town: Review,
) -> None:
    shown = greening_booklet(town, replace(REQUEST, purpose=Purpose.PUBLIC))
    assert {page_plan.kind for page_plan in shown.page_plans} == {"seedlings"}
    sites = town.kept["greening_sites"].assign(state="design")  # none to put right either
    nothing = town.kept["plantings"].iloc[:0]
    bare = town.kept.with_frames(plantings=nothing, greening_sites=sites)
    with pytest.raises(DataError) as refused:
        greening_booklet(review(bare, town.book, town.species, AS_OF), REQUEST)
    assert "没有可列入图册的栽植点" in refused.value.zh


@pytest.mark.slow
def test_hostile_texts_are_printed_as_text(town: Review) -> None:
    plantings = town.district["plantings"].copy()
    plantings.loc[0, ["number", "species_id"]] = [HOSTILE, HOSTILE]
    place = town.district.with_frames(plantings=plantings)
    found = greening_booklet(review(place, town.book, town.species, AS_OF), REQUEST)
    with pikepdf.open(io.BytesIO(found.pdf)) as pdf:
        assert "/AA" not in pdf.Root
        assert "/OpenAction" not in pdf.Root
        assert len(pdf.pages) == len(found.page_plans)
