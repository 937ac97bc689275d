"""The browser's coordinates against PROJ: degrees to metres and back, over a whole zone."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from pyproj import CRS, Transformer

from layers.district import District
from tests.tiny_town import tiny_town
from views.map.grid import grid_of
from views.map.vendored import STATIC

NODE = shutil.which("node")
WITHIN_M = 0.001


def node(script: str, tmp_path: Path) -> list[list[float]]:
    assert NODE is not None
    file = tmp_path / "run.mjs"
    module = (STATIC / "grid.js").as_uri()
    file.write_text(f'import {{ toMetres, toDegrees }} from "{module}";\n{script}', "utf-8")
    done = subprocess.run([NODE, file], capture_output=True, text=True, check=True)  # noqa: S603
    return json.loads(done.stdout)  # type: ignore[no-any-return]


@pytest.mark.skipif(NODE is None, reason="Node is not installed")
@pytest.mark.parametrize("code", [4544, 4523, 32648])
def test_the_browser_projects_as_proj_does(code: int, tmp_path: Path) -> None:
    crs = CRS.from_epsg(code)
    grid = grid_of(_district(crs), "zh")
    random = np.random.default_rng(12)
    lon, lat = random.uniform(103.0, 107.5, 400), random.uniform(20.0, 52.0, 400)
    places = json.dumps(np.column_stack([lat, lon]).tolist())
    ahead = node(
        f"const g = {json.dumps(grid)};"
        f"console.log(JSON.stringify({places}.map(([a, b]) => toMetres(g, a, b))));",
        tmp_path,
    )
    expected = np.column_stack(
        Transformer.from_crs(crs.geodetic_crs, crs, always_xy=True).transform(lon, lat)
    )
    assert np.abs(np.array(ahead) - expected).max() < WITHIN_M
    back = node(
        f"const g = {json.dumps(grid)};"
        f"console.log(JSON.stringify({json.dumps(expected.tolist())}"
        ".map(([e, n]) => toDegrees(g, e, n))));",
        tmp_path,
    )
    degree_m = 111_320
    assert np.abs(np.array(back) - np.column_stack([lat, lon])).max() * degree_m < WITHIN_M


def _district(crs: CRS) -> District:
    town = tiny_town()
    return District.from_frames({"estates": town["estates"].to_crs(crs)}, crs=crs, name="试")
