"""Districts as they come: without beds, pipes or estates, with blanks, odd shapes and odd names."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import shapely

from atlas.greening_book import greening_booklet
from atlas.request import Request
from clearances.obstacles import LAYERS
from clearances.verdict import ClearanceVerdict
from exports.greening_book import greening_workbook
from exports.greening_package import greening_package
from exports.greening_photos import photo_archive
from geo.errors import StoreError
from greening.review import Review, review
from greening.species import read_species
from greening.workflow import WHOLE_DISTRICT, EventKind, GreeningEvent, Role
from layers.district import District
from rules.book import load_book
from rules.model import Book
from tests.unit.greening.scene import (
    CRS_4544,
    ESTATE,
    HOUSE,
    SURVEYED,
    TOWN,
    bed,
    district,
    gas,
    tree,
)
from views.site_picture import site_picture

AS_OF = date(2023, 4, 1)
ODD = "=1+1|<script>alert(1)</script>{{7*7}}../../etc/passwd \u202e'\";--" + "长" * 60
SLIVER = shapely.Polygon([(0, 0), (20, 0.0004), (20, 0)])
TWO_PARTS = shapely.MultiPolygon([shapely.box(0, 0, 5, 8), shapely.box(9, 0, 20, 8)])


@pytest.fixture(scope="module")
def book() -> Book:
    return load_book()


def scene(**more: object) -> District:
    given: dict[str, object] = {
        "towns": [TOWN],
        "estates": [ESTATE],
        "buildings": [HOUSE],
        "pipelines": [gas()],
        "greening_sites": [bed()],
        "plantings": [tree("a", 5, 0.5), tree("b", 9, 4), tree("c", 13, 4, kind="shrub")],
    }
    return district(**(given | more))


def blank_pipe() -> dict:
    unknown = dict.fromkeys(("depth_m", "accuracy_m", "diameter_mm", "laid", "pressure"))
    return gas(sub_kind=None, **unknown)


SCENES: dict[str, Callable[[], District]] = {
    "no beds": lambda: scene(greening_sites=[]),
    "no plantings": lambda: scene(plantings=[]),
    "nothing green": lambda: scene(plantings=[], greening_sites=[]),
    "no estates": lambda: scene(estates=[], surveyed=SURVEYED - {"estates"}),
    "no pipes surveyed": lambda: scene(pipelines=[], surveyed=SURVEYED - {"pipelines"}),
    "nothing surveyed but the design": lambda: scene(
        pipelines=[], buildings=[], surveyed=frozenset({"greening_sites", "plantings", "estates"})
    ),
    "a pipe of which nothing is known": lambda: scene(pipelines=[blank_pipe()]),
    "a pipe of an unlisted kind": lambda: scene(pipelines=[gas(kind="BM", sub_kind=None)]),
    "plantings outside everything": lambda: scene(
        plantings=[tree("a", 300, 300, site_id=None, estate_id=None, kind=None, species_id=None)]
    ),
    "trees outside every estate": lambda: scene(
        trees=[{"tree_id": "t", "kind": "tree", "geometry": shapely.Point(400, 400)}]
    ),
    "plantings upon one another and upon the pipe": lambda: scene(
        plantings=[tree(name, 5, 0) for name in "abc"]
    ),
    "a bed in two parts": lambda: scene(greening_sites=[bed(geometry=TWO_PARTS)]),
    "a sliver of a bed": lambda: scene(greening_sites=[bed(geometry=SLIVER)]),
    "a bed that a house covers": lambda: scene(
        buildings=[HOUSE | {"geometry": shapely.box(-1, -1, 21, 9)}]
    ),
    "beds that overlap": lambda: scene(greening_sites=[bed(), bed(site_id="two")]),
    "nameless": lambda: scene(
        estates=[ESTATE | {"households": None}],
        greening_sites=[bed(name=None, kind="new")],
    ),
    "an estate in no town": lambda: scene(estates=[ESTATE | {"town_id": None}]),
    "odd names": lambda: scene(
        towns=[TOWN | {"name": ODD}],
        estates=[ESTATE | {"name": ODD}],
        greening_sites=[bed(name=ODD)],
        plantings=[tree(ODD, 5, 0.5, number=ODD, species_id=ODD)],
        pipelines=[gas(pipe_id=ODD, context=ODD)],
    ),
}


def reviewed(place: District, book: Book, events: list[GreeningEvent] | None = None) -> Review:
    return review(place, book, read_species(), AS_OF, events=events or [])


@pytest.mark.slow
@pytest.mark.parametrize("name", SCENES)
def test_every_planting_has_a_verdict_and_every_hand_over_is_written(
    name: str, book: Book, tmp_path: Path
) -> None:
    found = reviewed(SCENES[name](), book)
    plantings = found.district["plantings"]
    own = found.found.plants[found.found.plants["plant_layer"] == "plantings"]
    assert set(own["plant_id"]) == set(plantings["planting_id"])
    assert found.report["read"].sum() == len(plantings) == found.by_estate["plantings"].sum()
    sheets = openpyxl.load_workbook(io.BytesIO(greening_workbook(found)))
    formulas = [
        c for sheet in sheets for row in sheet.iter_rows() for c in row if c.data_type == "f"
    ]
    assert all(str(cell.value).startswith("=SUM(") for cell in formulas)
    greening_package(found, tmp_path / "g.gpkg")
    for site_id in found.district["greening_sites"]["site_id"]:
        picture = site_picture(found, site_id)
        assert picture.startswith("<svg")
        assert "<script" not in picture
    if own["estate_id"].isin(found.district["estates"]["estate_id"]).any():
        assert greening_booklet(found, Request("2023-04-01", "V1")).pdf.startswith(b"%PDF")


@pytest.mark.parametrize("layer", [name for name in LAYERS if name != "trees"])
def test_without_a_layer_nothing_passes_and_nothing_that_failed_passes(
    layer: str, book: Book
) -> None:
    whole = reviewed(scene(), book).found.plants
    without = scene(**{layer: []}, surveyed=SURVEYED - {layer})
    found = reviewed(without, book).found
    assert found.lacking == (layer,)
    assert ClearanceVerdict.MET not in set(found.plants["verdict"])
    assert ClearanceVerdict.MET in set(whole["verdict"])


@pytest.mark.parametrize("blank", ["depth_m", "accuracy_m", "diameter_mm"])
@pytest.mark.parametrize("away", [1.2, 2.0, 3.0])
def test_a_pipe_with_one_blank_is_to_be_probed_however_far_it_seems(
    book: Book, blank: str, away: float
) -> None:
    place = scene(pipelines=[gas(**{blank: None})], plantings=[tree("a", 5, away + 0.05)])
    verdicts = reviewed(place, book).found.plants["verdict"]
    assert verdicts.tolist() == [ClearanceVerdict.VERIFY]


@pytest.mark.slow
def test_half_a_metre_of_accuracy_is_part_of_the_margin(book: Book) -> None:
    # Gas, 1.2 m required, outer radius 0.05 m, known to 0.5 m: it passes from 1.75 m on.
    pipe = gas(accuracy_m=0.5)
    for y, verdict in ((1.24, "short"), (1.26, "verify"), (1.74, "verify"), (1.76, "met")):
        place = scene(pipelines=[pipe], plantings=[tree("a", 5, y)])
        assert reviewed(place, book).found.plants["verdict"].tolist() == [verdict], y


@pytest.mark.slow
def test_the_workbook_of_the_same_review_is_the_same_file(book: Book) -> None:
    one, two = (greening_workbook(reviewed(scene(), book)) for _ in range(2))
    assert one == two
    cover = openpyxl.load_workbook(io.BytesIO(one))
    assert cover.properties.modified.date() == AS_OF


def test_photos_are_handed_over_under_names_that_leave_no_folder(
    book: Book,
) -> None:
    kept = {"a" * 64: b"picture"}

    def count(photo: str, seq: int) -> GreeningEvent:
        payload = {"planting_id": ODD, "fate": "dead", "photo": photo}
        at = "2023-09-01T10:00:00+08:00"
        return GreeningEvent("bed", EventKind.COUNT, "老李", Role.TOWN, at, "v", payload, seq)

    def blob(digest: str) -> bytes:
        if digest not in kept:
            raise StoreError(f"no file {digest}", f"没有文件 {digest}")
        return kept[digest]

    names = ("a" * 64 + ".jpg", "b" * 64 + ".png", "../secret.txt", "")
    events = [count(photo, seq) for seq, photo in enumerate(names, start=1)]
    archive = photo_archive(reviewed(SCENES["odd names"](), book, events), events, blob)
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        (only,) = opened.namelist()
        assert opened.read(only) == b"picture"
    assert len(only.split("/")) == 3
    assert only.endswith("2023-09-01_死亡_1.jpg")
    assert not set(only) & set('<>:"\\|?*\n')
    assert ".." not in only.split("/")


def test_an_entry_about_all_sites_is_no_site(book: Book) -> None:
    payload = {"rate": 0.9, "comment": "干旱"}
    signed = (WHOLE_DISTRICT, EventKind.RATE, "马工", Role.BUREAU, "2023-09-01", "v")
    found = reviewed(scene(), book, [GreeningEvent(*signed, payload, 1)])
    assert set(found.statuses) == {"bed"}
    assert found.district.crs == CRS_4544
    assert np.isclose(found.least_rate, 0.9)
