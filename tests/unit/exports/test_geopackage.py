"""GeoPackages handed over: what another reader finds in them, in a process of its own."""

import json
import subprocess
import sys

from exports.geopackage import findings_package, layers_package

READ = """
import json, sys, pyogrio
path = sys.argv[1]
out = {}
for name, kind in pyogrio.list_layers(path).tolist():
    frame = pyogrio.read_dataframe(path, layer=name)
    out[name] = {"kind": kind, "epsg": frame.crs.to_epsg(), "rows": len(frame),
                 "types": frame.geom_type.fillna("none").tolist(), "columns": list(frame)}
print(json.dumps(out))
"""


def _read_elsewhere(path):
    """Let GDAL look at the file, never in this process: two SQLites break each other's locks."""
    done = subprocess.run(  # noqa: S603  (our own interpreter, our own script)
        [sys.executable, "-c", READ, str(path)], check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout)


def test_findings_and_gaps_open_in_another_reader(findings, district, tmp_path):
    findings_package(findings, district, tmp_path / "out.gpkg")
    found = _read_elsewhere(tmp_path / "out.gpkg")
    assert found["findings"]["rows"] == 4
    assert found["findings"]["types"] == ["LineString", "none", "none", "none"]
    assert found["facility_gaps"]["rows"] == 2  # the short and the missing one
    assert found["facility_gaps"]["types"] == ["Polygon", "Polygon"]
    assert {layer["epsg"] for layer in found.values()} == {4490}


def test_a_district_without_gaps_hands_over_an_empty_layer(findings, district, tmp_path):
    findings_package(findings[findings["outcome"] == "met"], district, tmp_path / "out.gpkg")
    assert _read_elsewhere(tmp_path / "out.gpkg")["facility_gaps"]["rows"] == 0


def test_the_layers_package_holds_what_was_surveyed(district, tmp_path):
    (tmp_path / "layers.gpkg").write_bytes(layers_package(district))
    found = _read_elsewhere(tmp_path / "layers.gpkg")
    assert list(found) == ["estates"]
    assert found["estates"]["rows"] == 2


def test_equal_districts_give_equal_bytes(district):
    assert layers_package(district) == layers_package(district)
