# ruff: noqa: E501 - files are written out as they arrive
"""
Awkward files, made by the hundred: every row accounted for, no mojibake, the truth on offer.

Each test writes the dozen invented estates in one awkward way and reads them back. The truth is what
was written: names and numbers by hand, positions by pyproj and the public formulas.
"""

import json
from dataclasses import replace

import numpy as np
import pytest
import shapely
from pyproj import CRS

from intake.acceptance import accept
from tests.unit.intake import delivery
from tests.unit.intake.delivery import NAMES, estates, geojson, shapefile, written

REFERENCES = (
    "EPSG:4544", "EPSG:4523", "EPSG:4543", "EPSG:4545", "EPSG:4522", "EPSG:4524", "EPSG:4495",
    "EPSG:4496", "EPSG:4497", "EPSG:32647", "EPSG:32648", "EPSG:32649", "EPSG:3857", "EPSG:4490",
    "GCJ-02", "BD-09", "GCJ-02@3857",
)  # fmt: skip


def settle(draft, truth):
    """Answer the open questions as a person who knows the truth would."""
    values = [candidate.value for candidate in draft.proposal("crs").candidates]
    assert truth in values
    return draft.choose("crs", truth)


def check(draft, rows, *, tolerance_m=0.001):
    """Every row accepted, with its own name and within a millimetre of where it was drawn."""
    receipt = accept(draft)
    assert receipt.read == len(rows) == len(receipt.accepted) + receipt.quarantined_rows
    assert receipt.quarantined == ()
    accepted = receipt.accepted.set_index("estate_id")
    assert accepted["name"].to_dict() == {row.key: row.name for row in rows}
    assert accepted["households"].to_dict() == {row.key: row.households for row in rows}
    truth = np.array([row.outline for row in rows], dtype=object)
    got = accepted.loc[[row.key for row in rows]].geometry.to_numpy()
    assert shapely.hausdorff_distance(truth, got).max() < tolerance_m
    return receipt


@pytest.mark.parametrize("language", [0x00, 0x4D, 0x57])
@pytest.mark.parametrize("cpg", [None, "UTF-8", "GBK", "ISO-8859-1", "nonsense"])
@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_a_shapefile_is_read_whatever_its_cpg_and_language_byte_claim(
    tmp_path, read, draft, encoding, cpg, language
):
    rows = estates()
    path = shapefile(tmp_path, rows, encoding=encoding, cpg=cpg, language=language)
    reading = read(path)
    assert reading.refused == ()
    one = draft(reading.tables[0])
    assert one.proposal("encoding").chosen == encoding
    check(settle(one, "EPSG:4544"), rows)


@pytest.mark.parametrize("swapped", ["", "/yx"])
@pytest.mark.parametrize("reference", REFERENCES)
def test_the_true_reference_is_among_the_candidates_of_a_shapefile(
    tmp_path, read, draft, reference, swapped
):
    rows = estates()
    path = shapefile(tmp_path, rows, reference=reference + swapped)
    one = draft(read(path).tables[0])
    assert one.proposal("crs").chosen is None
    check(settle(one, reference + swapped), rows)


@pytest.mark.parametrize("swapped", ["", "/yx"])
@pytest.mark.parametrize("reference", REFERENCES)
def test_a_geojson_is_never_believed_to_be_wgs_84_without_asking(
    tmp_path, read, draft, reference, swapped
):
    rows = estates()
    one = draft(
        read(geojson(tmp_path / "a.geojson", rows, reference=reference + swapped)).tables[0]
    )
    proposal = one.proposal("crs")
    assert proposal.chosen is None
    truth = "EPSG:4326" if reference + swapped == "EPSG:4490" else reference + swapped
    check(settle(one, truth), rows)


@pytest.mark.parametrize("version", ["WKT1_ESRI", "WKT1_GDAL", "WKT2_2019"])
@pytest.mark.parametrize("epsg", [4544, 4523, 4543, 4522, 4496, 32648, 4490])
def test_a_prj_that_alone_fits_is_believed_unless_it_is_geographic(
    tmp_path, read, draft, epsg, version
):
    rows = estates()
    prj = CRS.from_epsg(epsg).to_wkt(version)
    path = shapefile(tmp_path, rows, reference=f"EPSG:{epsg}", prj=prj)
    one = draft(read(path).tables[0])
    chosen = one.proposal("crs").chosen
    # 4544 and UTM 48N both put the rows inside the district: declared or not, that is asked
    assert chosen == (None if epsg in {4490, 4544, 32648} else f"EPSG:{epsg}")
    assert one.proposal("crs").candidates[0].value == f"EPSG:{epsg}"
    check(settle(one, f"EPSG:{epsg}"), rows)


@pytest.mark.parametrize("lie", [4523, 4543, 32648, 4490])
def test_a_prj_that_does_not_fit_is_not_believed(tmp_path, read, draft, lie):
    rows = estates()
    prj = CRS.from_epsg(lie).to_wkt("WKT1_ESRI")
    one = draft(read(shapefile(tmp_path, rows, reference="EPSG:4544", prj=prj)).tables[0])
    assert one.proposal("crs").chosen is None  # 32648 fits as well, 1,683 m away
    check(settle(one, "EPSG:4544"), rows)


@pytest.mark.parametrize("part", [0.15, 0.3, 0.5, 0.7, 0.9, 0.97])
@pytest.mark.parametrize("index", [True, False])
def test_a_cut_shp_loses_no_row_silently(tmp_path, read, draft, part, index):
    rows = estates()
    path = shapefile(tmp_path, rows)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * part)])
    if not index:
        path.with_suffix(".shx").unlink()
    receipt = accept(settle(draft(read(path).tables[0]), "EPSG:4544"))
    # Every record is 8 + 44 + 4 + 5 * 16 = 136 bytes behind a header of 100: how many are whole?
    whole = (int(len(data) * part) - 100) // 136
    assert receipt.read == len(rows)
    assert len(receipt.accepted) == whole
    assert receipt.quarantined_rows == len(rows) - whole


@pytest.mark.parametrize("part", [0.2, 0.4, 0.6, 0.8, 0.99])
def test_a_cut_dbf_loses_no_row_silently(tmp_path, read, draft, part):
    rows = estates()
    path = shapefile(tmp_path, rows)
    table = path.with_suffix(".dbf")
    data = table.read_bytes()
    table.write_bytes(data[: int(len(data) * part)])
    # The header is 161 bytes, a row 135: rows that are whole keep their name.
    whole = min(max((int(len(data) * part) - 161) // 135, 0), len(rows))
    receipt = accept(settle(draft(read(path).tables[0]), "EPSG:4544"))
    assert (receipt.read, len(receipt.accepted)) == (len(rows), whole)


@pytest.mark.parametrize("declared", [0, 1, 5, 11, 13, 40, 4_000_000_000])
def test_a_dbf_whose_header_lies_about_its_rows_is_reconciled(tmp_path, read, draft, declared):
    rows = estates()
    path = shapefile(tmp_path, rows, declared=declared)
    table = read(path).tables[0]
    receipt = accept(settle(draft(table), "EPSG:4544"))
    # Too few promised: as many outlines confirm the rows, so they are taken. Too many: owed rows are held.
    assert receipt.read == max(declared, len(rows))
    assert len(receipt.accepted) == len(rows)
    assert receipt.quarantined_rows == receipt.read - len(rows)


@pytest.mark.parametrize("missing", [".shx", ".dbf"])
def test_a_shapefile_without_a_companion_is_still_accounted_for(tmp_path, read, draft, missing):
    rows = estates()
    path = shapefile(tmp_path, rows)
    path.with_suffix(missing).unlink()
    receipt = accept(settle(draft(read(path).tables[0]), "EPSG:4544"))
    assert receipt.read == len(rows)
    assert len(receipt.accepted) == (len(rows) if missing == ".shx" else 0)


@pytest.mark.parametrize("deleted", [(0,), (3, 4), tuple(range(12))])
def test_rows_marked_deleted_are_quarantined_not_dropped(tmp_path, read, draft, deleted):
    rows = estates()
    path = shapefile(tmp_path, rows, deleted=deleted)
    receipt = accept(settle(draft(read(path).tables[0]), "EPSG:4544"))
    assert {one.row for one in receipt.quarantined} == {at + 1 for at in deleted}
    assert {one.reasons[0].rule for one in receipt.quarantined} == {"dbf.deleted"}


BROKEN = {
    "unclosed": ({"type": "Polygon", "coordinates": "open"}, "accepted"),
    "null": (None, "row.fault"), "empty": ({"type": "Polygon", "coordinates": []}, "row.fault"),
    "point": ({"type": "Point", "coordinates": [106.2, 37.98]}, "row.fault"),
    "line": ({"type": "LineString", "coordinates": [[106.2, 37.98], [106.21, 37.98]]}, "row.fault"),
    "collection": ({"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [106.2, 37.98]}, {"type": "Point", "coordinates": [106.3, 37.98]}]}, "geometry.collection"),
    "text": ("somewhere", "geometry.unreadable"),
    "words": ({"type": "Polygon", "coordinates": [["a", "b"]]}, "geometry.unreadable"),
    "far": ({"type": "Polygon", "coordinates": [[[0, 0], [0.001, 0], [0.001, 0.001], [0, 0]]]}, "geometry.outside"),
    "bow-tie": ({"type": "Polygon", "coordinates": [[[106.2, 37.98], [106.201, 37.981], [106.201, 37.98], [106.2, 37.981], [106.2, 37.98]]]}, "geometry.unrepaired"),
    "no type": ({"coordinates": [106.2, 37.98]}, "geometry.unreadable"),
    "two points": ({"type": "Polygon", "coordinates": [[[106.2, 37.98], [106.2, 37.98]]]}, "geometry.unreadable"),
}  # fmt: skip


@pytest.mark.parametrize("how", BROKEN)
def test_one_broken_geometry_costs_one_row(tmp_path, read, draft, how):
    rows = estates()
    path = geojson(tmp_path / "a.geojson", rows)
    whole = json.loads(path.read_text("utf-8"))
    geometry, rule = BROKEN[how]
    if how == "unclosed":
        geometry = whole["features"][4]["geometry"]
        geometry["coordinates"][0].pop()
    whole["features"][4]["geometry"] = geometry
    path.write_text(json.dumps(whole), "utf-8")
    one = draft(read(path).tables[0])
    receipt = accept(settle(one, "EPSG:4326"))
    assert receipt.read == len(rows) == len(receipt.accepted) + receipt.quarantined_rows
    if rule == "accepted":
        assert receipt.quarantined == ()
        assert [(repair.row, repair.rule) for repair in receipt.repairs] == [
            (5, "repair.ring_closed")
        ]
    else:
        assert [one.row for one in receipt.quarantined] == [5]
        assert rule in [reason.rule for reason in receipt.quarantined[0].reasons]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("name", ["a.geojson", "a.json"])
def test_a_geojson_in_any_encoding_keeps_its_names(tmp_path, read, draft, encoding, name):
    rows = estates()
    one = draft(read(geojson(tmp_path / name, rows, encoding=encoding)).tables[0])
    check(settle(one, "EPSG:4326"), rows)


GARBLERS = {
    "gbk as latin-1": lambda s: s.encode("gb18030").decode("latin-1"),
    "utf-8 as latin-1": lambda s: s.encode().decode("latin-1"),
    "utf-8 as gbk": lambda s: s.encode().decode("gb18030", "ignore"),
    "gbk as utf-8, replaced": lambda s: s.encode("gb18030").decode("utf-8", "replace"),
    "question marks": lambda s: s.encode("ascii", "replace").decode(),
    "replaced twice": lambda s: (
        s.encode("gb18030").decode("utf-8", "replace").encode().decode("gb18030", "ignore")
    ),
}


@pytest.mark.parametrize("how", GARBLERS)
@pytest.mark.parametrize("kind", ["geojson", "shapefile"])
def test_text_garbled_before_it_was_sent_is_never_accepted_as_it_stands(
    tmp_path, read, draft, how, kind
):
    rows = estates(10)
    garbled = [replace(row, name=GARBLERS[how](row.name)) for row in rows]
    if kind == "geojson":
        path, truth = geojson(tmp_path / "a.geojson", garbled), "EPSG:4326"
    else:
        path, truth = shapefile(tmp_path, garbled, encoding="utf-8"), "EPSG:4544"
    one = settle(draft(read(path).tables[0]), truth)
    as_it_stands = accept(one.choose("encoding", "utf-8"))
    assert as_it_stands.read == len(rows)
    assert not set(as_it_stands.accepted["name"]) - set(NAMES)
    if how in (
        "gbk as latin-1",
        "utf-8 as latin-1",
    ):  # nothing is lost yet: the way back is on offer
        assert one.proposal("encoding").chosen is None
        best = one.proposal("encoding").candidates[0].value
        receipt = accept(one.choose("encoding", best))
        assert set(receipt.accepted["name"]) == set(NAMES[:10])


def test_features_named_alike_in_two_folders_stay_two_tables(tmp_path, read):
    rows = estates()
    (tmp_path / "a").mkdir()
    members = {}
    for folder, part in (("一期", rows[:5]), ("二期", rows[5:])):
        path = shapefile(tmp_path / "a", part)
        members |= {
            f"{folder}/小区{e}": path.with_suffix(e).read_bytes() for e in (".shp", ".shx", ".dbf")
        }
    for flag, codec in ((True, "utf-8"), (False, "gb18030"), (False, "utf-8")):
        reading = read(
            delivery.zipped(tmp_path / f"{codec}{flag}.zip", members, codec=codec, flag=flag)
        )
        assert [table.member for table in reading.tables] == ["一期/小区.shp", "二期/小区.shp"]
        assert [table.read for table in reading.tables] == [5, 7]


@pytest.mark.parametrize(
    "extensions", [(".SHP", ".SHX", ".DBF"), (".shp", ".SHX", ".dbf"), (".Shp", ".shx", ".Dbf")]
)
def test_extensions_in_capitals_are_one_shapefile(tmp_path, read, draft, extensions):
    rows = estates()
    path = shapefile(tmp_path, rows)
    members = {f"楼/小区{e}": path.with_suffix(e.lower()).read_bytes() for e in extensions}
    reading = read(delivery.zipped(tmp_path / "a.zip", members))
    assert reading.refused == ()
    check(settle(draft(reading.tables[0]), "EPSG:4544"), rows)


@pytest.mark.parametrize("srs", [4490, 4326, 4544])
def test_a_geopackage_is_read_table_by_table(tmp_path, read, draft, srs):
    rows = estates()
    shapes = written(f"EPSG:{srs}", rows)
    reading = read(delivery.geopackage(tmp_path / "a.gpkg", rows, shapes, srs=srs))
    one = draft(reading.tables[0])
    assert one.proposal("crs").chosen is None
    check(settle(one, f"EPSG:{srs}"), rows)


def test_the_shared_troubles_of_a_geopackage_are_told_apart(tmp_path, read, draft):
    rows = estates()
    shapes = written("EPSG:4490", rows)
    x, y = np.asarray(shapes[0].exterior.coords)[0]
    shapes[0] = shapely.Polygon([(x, y), (x + 1e-3, y + 1e-3), (x + 1e-3, y), (x, y + 1e-3)])
    shapes[1] = None
    shapes[2] = shapely.Polygon()
    shapes[3] = shapely.force_3d(shapes[3], 1110.0)
    rows[5] = rows[4]
    path = delivery.geopackage(tmp_path / "a.gpkg", rows, shapes, declared=15)
    receipt = accept(settle(draft(read(path).tables[0]), "EPSG:4490"))
    assert (receipt.read, len(receipt.accepted)) == (15, 8)
    found = {one.row: [reason.rule for reason in one.reasons] for one in receipt.quarantined}
    assert found == {
        1: ["geometry.unrepaired"],
        2: ["row.fault"],
        3: ["row.fault"],
        6: ["row.fault"],
        13: ["layer.cut"],
    }
    assert not receipt.accepted.geometry.has_z.any()


@pytest.mark.parametrize(
    "head", ['<?xml version="1.0" encoding="UTF-8"?>', '<?xml version="1.0" encoding="GBK"?>', ""]
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("name", ["a.kml", "奥维.ovkml", "a.kmz"])
def test_kml_folders_are_all_read(tmp_path, read, draft, name, encoding, head):
    rows = estates()
    data = delivery.kml(rows, head=head).encode(encoding)
    path = tmp_path / name
    if name.endswith("kmz"):
        delivery.zipped(path, {"doc.kml": data})
    else:
        path.write_bytes(data)
    reading = read(path)
    assert reading.refused == ()
    assert [table.name.rsplit("/", 1)[-1] for table in reading.tables] == ["金星镇", "胜利镇"]
    names = set()
    for table in reading.tables:
        receipt = accept(settle(draft(table), "EPSG:4326"))
        assert receipt.quarantined == ()
        names |= set(receipt.accepted["name"])
    assert names == set(NAMES)


def test_measures_and_collections_of_one_are_the_shapes_they_hold(tmp_path, read, draft):
    rows = estates(2)
    path = geojson(tmp_path / "a.geojson", rows)
    whole = json.loads(path.read_bytes())
    first, second = (one["geometry"] for one in whole["features"])
    first["coordinates"] = [[[*xy, 5.0, 9.0] for xy in ring] for ring in first["coordinates"]]
    whole["features"][1]["geometry"] = {"type": "GeometryCollection", "geometries": [second]}
    path.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
    (table,) = read(path).tables
    check(settle(draft(table), "EPSG:4326"), rows)
