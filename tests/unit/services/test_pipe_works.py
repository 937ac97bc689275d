"""Works on pipes: who leads, what is done, and how much of it, added up by hand."""

import pytest

from services.pipe_works import pipe_works
from tests.tiny_town import ESTATES, line, rows_with, tiny_town
from tests.unit.pipework.plots import BOOK, pipe, reviewed


def works(*pipes, **layers):
    """Return the works on pipes of the town, by work and kind."""
    district = tiny_town(pipelines=pipes, **layers)
    found = pipe_works(reviewed(*pipes, **layers), district, BOOK)
    return found.set_index(["work", "kind"])


def test_what_is_due_is_renewed_by_its_utility():
    found = works(
        pipe("P", "JS", (150, 150), (190, 150), material="石棉管", depth_m=2.0),
        pipe("Q", "JS", (150, 160), (180, 160), material="石棉管", depth_m=2.0),
        pipe("R", "JS", (150, 170), (180, 170), material="PE", year=2020, depth_m=2.0),
    )
    row = found.loc["renew", "JS"]
    assert (row["pieces"], row["length_m"], row["material"]) == (2, 70.0, "石棉管")
    assert row["lead_zh"] == BOOK.departments["water"].name
    assert BOOK.departments["zjj"].name in row["assist_zh"]
    assert "GBF-2022-22" in row["grounds_zh"]
    assert "两处来源" in row["grounds_zh"]


def test_water_is_moved_where_it_is_too_near_to_a_sewer_and_the_sewer_stays():
    found = works(
        pipe("P", "PS", (150, 150), (190, 150), sub_kind="WS", is_cross_connected=False),
        pipe("W", "JS", (150, 150.7), (190, 150.7)),
    )
    row = found.loc["move", "JS"]
    assert (row["pieces"], row["length_m"]) == (1, 40.0)
    assert ("move", "PS") not in found.index


def test_hanging_cables_are_buried_as_drawn_and_as_counted():
    cable = {"line_id": "L", "kind": "telecom", "geometry": line((10, 20), (40, 60))}
    power = {"line_id": "M", "kind": "power", "geometry": line((10, 30), (40, 70))}
    hung = pipe("T", "TX", (150, 150), (190, 150), laid="overhead")
    estates = rows_with(ESTATES, "A", cable_bundles=3)
    found = works(hung, overhead_lines=[cable, power], estates=estates)
    assert found.loc["bury", "TX"][["pieces", "length_m"]].tolist() == [2, 90.0]
    assert found.loc["bury_counted", "TX"]["pieces"] == 3
    assert found.loc["bury", "TX"]["lead_zh"] == BOOK.departments["gxj"].name


@pytest.mark.parametrize("pipes", [(), (pipe("P", "GY", (150, 150), (190, 150)),)])
def test_where_nothing_is_to_be_done_there_is_no_row(pipes):
    assert not len(works(*pipes))
