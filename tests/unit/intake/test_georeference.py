# ruff: noqa: E501 - files are written out as they arrive
"""References and their ranking: the known features decide, a prj is looked at, two that fit are asked."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import CRS

from geo.errors import CrsError
from intake import declared, georeference, quarantine
from intake.acceptance import accept
from intake.datum import SevenParameters
from intake.place import PlacePrior
from intake.reading import DeliveredTable
from intake.references import around, parse, twin
from layers.district import District
from tests.unit.intake.delivery import CRS_4544, PLACE, coordinates, estates, geojson, shapefile

FAMILY = (
    *range(4534, 4555),
    *range(4513, 4534),
    *range(4491, 4502),
    32647,
    32648,
    32649,
    3857,
    4490,
    4326,
)
OLD = (
    *range(2349, 2370),
    *range(2370, 2391),
    *range(2327, 2338),
    *range(2401, 2422),
    *range(2422, 2443),
    *range(21413, 21424),
)


@pytest.mark.parametrize("version", ["WKT1_ESRI", "WKT1_GDAL", "WKT2_2019"])
def test_every_national_zone_is_recognised_by_its_wkt_without_its_code(version):
    for epsg in (*FAMILY, *OLD):
        text = CRS.from_epsg(epsg).to_wkt(version)
        bare = (
            text.rsplit(",AUTHORITY[", 1)[0] + "]"
            if version == "WKT1_GDAL"
            else text.rsplit(",ID[", 1)[0] + "]"
        )
        found = declared.recognise(bare if version != "WKT1_ESRI" else text)
        assert found is not None, epsg
        assert found.value == f"EPSG:{epsg}", epsg


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "+proj=longlat +nadgrids=/etc/passwd", "+init=epsg:4490", "file:///etc/passwd", 'LOCAL_CS["x"]',
        'PROJCS["x",EXTENSION["PROJ4","+proj=tmerc"]]', "PROJCS[", "(" * 5000, "EPSG:999999", "EPSG:4490; DROP TABLE",
        'PROJCS["local",GEOGCS["China_2000"],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",50000],PARAMETER["Central_Meridian",106.25]]',
    ],
)  # fmt: skip
def test_a_declaration_we_do_not_know_is_none(text):
    assert declared.recognise(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("EPSG:4544", "EPSG:4544"), ("urn:ogc:def:crs:EPSG::4490", "EPSG:4490"), ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"),
        ("http://www.opengis.net/def/crs/EPSG/0/4544", "EPSG:4544"), ("GCJ-02", "GCJ-02"), ("EPSG:4544/yx", "EPSG:4544/yx"),
    ],
)  # fmt: skip
def test_a_declaration_by_code_is_taken_at_its_word(text, value):
    assert declared.recognise(text).value == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("gcj02", "GCJ-02"),
        ("bd-09", "BD-09"),
        ("cgcs2000", "EPSG:4490"),
        ("WGS84", "EPSG:4326"),
        ("epsg:4544/YX", "EPSG:4544/yx"),
    ],
)
def test_a_person_may_write_a_reference_in_many_ways(name, value):
    assert parse(name).value == value


@pytest.mark.parametrize(
    "name", ["", "4544", "EPSG:abc", "EPSG:99999", "+proj=merc", "GCJ-03", "/etc/passwd"]
)
def test_anything_else_is_refused_in_words(name):
    with pytest.raises(CrsError, match="not a coordinate system"):
        parse(name)


@pytest.mark.parametrize("epsg", [2380, 2359, 2332, 2432, 2411, 21418, 4610, 4214])
def test_old_datums_are_refused_with_the_way_out(tmp_path, read, draft, epsg):
    prj = CRS.from_epsg(epsg).to_wkt("WKT1_ESRI")
    path = shapefile(tmp_path, estates(), reference="EPSG:4544", prj=prj)
    one = draft(read(path).tables[0])
    proposal = one.proposal("crs")
    assert proposal.chosen is None
    assert f"EPSG:{epsg}" in [candidate.value for candidate in proposal.candidates]
    with pytest.raises(CrsError) as raised:
        accept(one.choose("crs", f"EPSG:{epsg}"))
    assert "七参数" in raised.value.zh


def ecef(lon, lat, a, f):
    """Return geocentric coordinates at height zero, by the textbook."""
    lon, lat, e2 = np.radians(lon), np.radians(lat), f * (2 - f)
    n = a / np.sqrt(1 - e2 * np.sin(lat) ** 2)
    return np.array(
        [n * np.cos(lat) * np.cos(lon), n * np.cos(lat) * np.sin(lon), n * (1 - e2) * np.sin(lat)]
    )


@pytest.mark.parametrize(
    ("epsg", "a", "f"), [(4610, 6378140.0, 1 / 298.257), (4214, 6378245.0, 1 / 298.3)]
)
@pytest.mark.parametrize("convention", ["coordinate_frame", "position_vector"])
def test_seven_parameters_move_a_point_as_the_matrix_says(epsg, a, f, convention):
    invented = (15.5, -120.25, -60.75, 1.1, -2.2, 3.3, 4.4)
    lonlat = np.array([[106.2, 37.98], [106.5, 38.1]])
    got = parse(f"EPSG:{epsg}").to_lonlat(lonlat, SevenParameters(*invented, convention))
    dx, dy, dz, *turns, ppm = invented
    rx, ry, rz = np.radians(np.array(turns) / 3600) * (1 if convention == "position_vector" else -1)
    matrix = np.array([[1, -rz, ry], [rz, 1, -rx], [-ry, rx, 1]])
    for (lon, lat), place in zip(lonlat, got, strict=True):
        moved = np.array([dx, dy, dz]) + (1 + ppm * 1e-6) * matrix @ ecef(lon, lat, a, f)
        truth = ecef(*place, 6378137.0, 1 / 298.257222101)
        # The height that the shift leaves is along the ellipsoid's normal: compare the horizontal part.
        up = np.array(
            [
                np.cos(np.radians(place[1])) * np.cos(np.radians(place[0])),
                np.cos(np.radians(place[1])) * np.sin(np.radians(place[0])),
                np.sin(np.radians(place[1])),
            ]
        )
        miss = moved - truth
        assert np.linalg.norm(miss - up * (miss @ up)) < 1e-3


def test_parameters_are_used_and_stand_nowhere_afterwards(tmp_path, read, draft):
    rows = estates()
    prj = CRS.from_epsg(2380).to_wkt("WKT1_ESRI")
    one = draft(read(shapefile(tmp_path, rows, prj=prj)).tables[0]).choose("crs", "EPSG:2380")
    secret = SevenParameters(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 7.654321, "coordinate_frame")
    one = replace(one, parameters=secret)
    receipt = accept(one)
    assert len(receipt.accepted) == len(rows)
    for told in (
        repr(one),
        repr(secret),
        str(receipt.choices),
        repr(receipt.notes),
        quarantine.workbook([receipt]).hex(),
    ):
        assert "7.654321" not in told


def test_the_same_zone_on_an_old_datum():
    # 4544 = CM 105E without prefix: Xian 1980 is 2380, Beijing 1954 is 2432 (EPSG's own names).
    assert twin(parse("EPSG:4544"), "Xian 1980") == "EPSG:2380"
    assert twin(parse("EPSG:4523/yx"), "Beijing 1954") == "EPSG:2411/yx"
    assert CRS.from_epsg(2380).name == "Xian 1980 / 3-degree Gauss-Kruger CM 105E"
    assert twin(parse("GCJ-02"), "Xian 1980") == ""


def test_utm_and_gauss_kruger_both_fit_1683_metres_apart_and_are_asked(tmp_path, read, draft):
    one = draft(read(shapefile(tmp_path, estates(), reference="EPSG:4544")).tables[0])
    proposal = one.proposal("crs")
    values = [candidate.value for candidate in proposal.candidates]
    assert proposal.chosen is None
    assert {"EPSG:4544", "EPSG:32648"} <= set(values)
    # By hand: k0 = 0.9996 against 1 at 4,206 km of northing is 4,206,000 * 0.0004 = 1,682 m.
    apart = next(
        s
        for c in proposal.candidates
        if c.value == "EPSG:32648"
        for s in c.evidence
        if "away" in s.en
    )
    metres = float(apart.en.split("(")[1].split(" ")[0].replace(",", ""))
    assert metres == pytest.approx(1683, abs=5)


@pytest.mark.parametrize("truth", ["EPSG:4490", "GCJ-02", "BD-09", "GCJ-02/yx"])
def test_known_estates_tell_true_positions_from_those_of_map_services(
    tmp_path, read, draft, place_with_estates, truth
):
    rows = estates()
    table = read(geojson(tmp_path / "a.geojson", rows, reference=truth)).tables[0]
    proposal = draft(table, "estates", place_with_estates).proposal("crs")
    assert proposal.chosen == truth.replace("EPSG:4490", "EPSG:4326")
    assert not proposal.by_person


def test_known_features_that_agree_with_nothing_rank_nothing(
    tmp_path, read, draft, place_with_estates
):
    # The same keys, but the known outlines stand 1,650 m away: a namesake elsewhere, or an old survey.
    known = place_with_estates.known["estates"]
    moved = known.set_geometry(known.geometry.translate(-1500, 700))
    place = PlacePrior(PLACE.bounds, CRS_4544, {"estates": moved})
    proposal = draft(
        read(geojson(tmp_path / "a.geojson", estates())).tables[0], "estates", place
    ).proposal("crs")
    assert proposal.chosen is None
    assert proposal.candidates[0].value == "EPSG:4326"
    assert "1,655" in " ".join(s.en for s in proposal.candidates[0].evidence)  # hypot(1500, 700)


@pytest.mark.parametrize("truth", ["EPSG:4490", "GCJ-02", "BD-09"])
def test_without_names_the_nearest_known_features_rank_but_do_not_decide(truth):
    rows = estates()
    known = gpd.GeoDataFrame(
        {"estate_id": [r.key for r in rows]}, geometry=[r.outline for r in rows], crs=CRS_4544
    )
    centres = shapely.get_coordinates(
        shapely.centroid(np.array([r.outline for r in rows], dtype=object))
    )
    points = coordinates(truth, centres)
    proposal = georeference.propose(
        points,
        place=PlacePrior(PLACE.bounds, CRS_4544, {"estates": known}),
        declaration="",
        layer="estates",
        texts={},
    )
    assert proposal.candidates[0].value == truth
    assert proposal.chosen is None


def test_coordinates_of_nowhere_have_no_candidate():
    points = np.array([[52_000.0, 3_000.0], [52_100.0, 3_100.0]])  # a local grid
    proposal = georeference.propose(points, place=PLACE, declaration="", layer="estates", texts={})
    assert proposal.candidates == ()
    assert proposal.chosen is None


def test_every_reference_around_litong_is_listed_once_with_its_swap():
    values = [reference.value for reference in around(106.2)]
    assert len(values) == len(set(values))
    assert {
        "EPSG:4544",
        "EPSG:4523",
        "EPSG:4543",
        "EPSG:4545",
        "EPSG:4496",
        "EPSG:32648",
        "GCJ-02",
        "BD-09",
    } <= set(values)
    assert sum(value.endswith("/yx") for value in values) == len(values) / 2


def test_the_place_of_a_district_is_the_box_of_its_layers():
    rows = estates()
    frame = gpd.GeoDataFrame(
        {
            "estate_id": [r.key for r in rows], "name": [r.name for r in rows], "provenance": "surveyed",
            "source": "x", "source_date": "2023-01-01",
        },
        geometry=[r.outline for r in rows],
        crs=CRS_4544,
    )  # fmt: skip
    place = PlacePrior.of(District.from_frames({"estates": frame}, crs=CRS_4544, name="x"))
    west, south, east, north = place.bounds
    for x, y in coordinates("EPSG:4490", shapely.get_coordinates(frame.geometry.to_numpy())):
        assert west < x < east
        assert south < y < north


def test_a_large_file_is_placed_piece_by_piece_as_in_one(draft, monkeypatch):
    shapes = [shapely.Point(600_000 + 7 * at, 4_200_000) for at in range(23)]
    table = DeliveredTable(
        "a.gpkg",
        "a",
        "geopackage",
        list(range(1, 24)),
        (),
        [shapely.to_wkb(s) for s in shapes],
    )
    whole = draft(table, "trees").choose("crs", "EPSG:4544").working_shapes
    monkeypatch.setattr("intake.placement._KEPT", 5)
    found = draft(table, "trees").choose("crs", "EPSG:4544")
    assert shapely.equals_identical(found.working_shapes, whole).all()
    assert shapely.equals(found.working_shapes, shapes).all()
    assert not found.has_heights
