"""One planting, one state everywhere: row, map, booklet, export, command and page say the same."""

import re
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
import shapely

import edits
from atlas.greening_book import greening_booklet
from atlas.request import Request
from clearances.verdict import ClearanceVerdict
from exports.handover import export_district
from geo.crs import STORAGE_CRS, to_crs
from greening.design import completed
from greening.events import read_events, record_event
from greening.review import Review, review
from greening.row_edits import edit_of
from greening.species import read_species
from greening.suggest import Action, accepted
from greening.workflow import EventKind, GreeningEvent, Role, newest
from layers.district import District
from rules.book import load_book
from store import Store, open_store, read_district, write_district
from tests.unit.greening.scene import ESTATE, ORIGIN, TOWN, bed, district, gas, tree
from views.map.compiled import compile_layer

AS_OF = date(2023, 9, 15)
PLACE = district(
    pipelines=[gas()],
    greening_sites=[bed()],
    estates=[ESTATE],
    towns=[TOWN],
    plantings=[tree("P1", 5, 0.5, number="12"), tree("P2", 15, 5, number="13")],
)


def reviewed(store: Store) -> Review:
    place = store.read()
    events = read_events(store)
    return review(place, load_book(), read_species(), AS_OF, events=events)


def write(store: Store, kind: EventKind, payload: dict, edit: edits.Edit | None = None) -> None:
    now = reviewed(store)
    role = Role.TOWN if payload.get("to") in ("planted", "survival") else Role.BUREAU
    role = Role.TOWN if kind is EventKind.COUNT else role
    event = GreeningEvent("bed", kind, "马工", role, "2023-09-01T09:00:00+08:00", "v", payload)
    change = edit_of(now.kept, now.district, event) if edit is None else edit
    assert now.statuses["bed"].seen == newest(read_events(store), "bed")
    record_event(store, event, now.statuses["bed"], change)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """P1 stood too close to the gas main: it was moved, planted, and has died; P2 was removed."""
    folder = tmp_path_factory.mktemp("one-state")
    write_district(PLACE, folder)
    store = open_store(folder)
    now = reviewed(store)
    (move,) = [one for one in now.suggested if one.planting_id == "P1"]
    assert move.action is Action.MOVE
    write(store, EventKind.CHANGE, {}, accepted(now.kept, [move]))
    out = edits.rows.set_values(store.read(), "plantings", {"P2": {"state": "removed"}})
    write(store, EventKind.CHANGE, {}, out)
    for to in ("checked", "supplied", "planted"):
        write(store, EventKind.MOVE, {"to": to, "comment": ""})
    write(store, EventKind.COUNT, {"planting_id": "P1", "number": "12", "fate": "dead"})
    return store


def row(place: District, key: str):
    return place["plantings"].set_index("planting_id").loc[key]


def test_the_row_of_the_store_says_where_and_as_what_it_stands(store: Store) -> None:
    found = store.row("plantings", "P1").cells
    assert (found["state"], found["planted_date"], found["is_alive"]) == (
        "planted",
        "2023-09-01",
        False,
    )
    assert found["geometry"].y == pytest.approx(ORIGIN[1] + 1.25, abs=0.03)  # off the gas main
    assert found["design_north_m"] == ORIGIN[1] + 0.5
    assert store.row("plantings", "P2").cells["state"] == "removed"
    assert store.row("greening_sites", "bed").cells["state"] == "planted"
    store.verify()


def test_the_map_draws_it_there_and_in_the_look_of_its_state(store: Store) -> None:
    body = compile_layer(store.read(), "plantings").decode()
    degrees = to_crs(store.read()["plantings"], STORAGE_CRS, "plantings")
    lon, lat = shapely.get_coordinates(degrees.geometry.iloc[0])[0]
    drawn = [float(text) for text in re.findall(r"\d+\.\d+", body)]
    assert min(abs(one - lat) for one in drawn) < 2e-6
    assert min(abs(one - lon) for one in drawn) < 2e-6
    themes = re.search(r'"theme":\[([\d,]+)\]', body)
    assert themes is not None
    assert themes.group(1) == "1,2"  # planted, removed: the order of the style table


def test_the_page_and_the_command_count_it_as_dead_and_check_it_where_it_stands(
    store: Store,
) -> None:
    now = reviewed(store)
    assert now.dead["number"].tolist() == ["12"]
    assert now.survival[["planted", "dead"]].to_numpy().tolist() == [[1, 1]]
    (plant,) = now.found.plants[now.found.plants["plant_layer"] == "plantings"].to_dict("records")
    assert (plant["plant_id"], plant["verdict"]) == ("P1", ClearanceVerdict.MET)
    assert plant["geometry"].equals(row(store.read(), "P1").geometry)
    assert now.suggested == []


@pytest.mark.slow
def test_the_booklet_prints_the_same_place_and_fate(store: Store) -> None:
    now = reviewed(store)
    point = row(store.read(), "P1").geometry
    booklet = greening_booklet(now, Request(AS_OF.isoformat(), "V1"))
    kinds = {page_plan.kind for page_plan in booklet.page_plans}
    assert "rectification" in kinds
    document = pypdfium2.PdfDocument(booklet.pdf)
    text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    assert f"{point.y:.2f}" in text
    assert f"{ORIGIN[1] + 0.5:.2f}" not in text  # where it was designed is drawn, not listed


def test_an_export_holds_the_same_rows(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "handed-over.gpkg"
    export_district(store.read(), "gpkg", path)
    handed = read_district(path)
    for key in ("P1", "P2"):
        ours, theirs = (row(place, key) for place in (store.read(), handed))
        assert ours.drop("geometry").astype(object).equals(theirs.drop("geometry").astype(object))
        assert ours.geometry.distance(theirs.geometry) < 1e-3


def test_nothing_is_filled_in_when_it_is_read_again(store: Store) -> None:
    """What a check read was written then: the page sees the rows, and nothing laid over them."""
    place = store.read()
    assert completed(place, read_species()).version == place.version
