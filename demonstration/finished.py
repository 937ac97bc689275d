"""
Write the finished districts into ``data/demonstration``: ``python -m demonstration.finished``.

The form is described where it is read, in `demo`. Equal districts give equal files.
"""

from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import shapely

import layers
from demonstration.district import build
from demonstration.roster import SIZES
from layers.district import District
from store.district_file import FILE_NAME, DistrictFile, district_toml

FOLDER = Path(__file__).resolve().parents[1] / "data" / "demonstration"
_DECIMALS = 4  # the grid of a district, 0.1 mm
_LEVEL = 9


def tables(district: District) -> dict[str, str]:
    """
    Return the members of a finished district's zip file, by name.

    Parameters
    ----------
    district : District
        In a working CRS with an EPSG code.

    Returns
    -------
    dict of str to str
        ``district.toml`` and ``<layer>.csv``; layers not surveyed and columns without any
        value are left out.
    """
    facts = DistrictFile(
        id=district.district_id,
        name=district.name,
        name_en=district.name_en,
        crs=int(district.crs.to_epsg() or 0),  # a district's own check refuses 0
        overlays=district.overlays,
        plan=district.plan,
        surveyed_kinds=tuple(sorted(district.surveyed_kinds)),
    )
    return {FILE_NAME: district_toml(facts)} | {
        f"{layer}.csv": _table(district, layer) for layer in layers.SURVEYED if district.has(layer)
    }


def packed(members: dict[str, str]) -> bytes:
    """Return `members` as a zip file without dates."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for name, text in members.items():
            archive.writestr(ZipInfo(name), text, ZIP_DEFLATED, _LEVEL)
    return buffer.getvalue()


def _table(district: District, layer: str) -> str:
    frame = district[layer]
    shapes = shapely.to_wkt(frame.geometry.to_numpy(), rounding_precision=_DECIMALS)
    rows = frame.drop(columns="geometry").dropna(axis="columns", how="all")
    return str(rows.assign(geometry=shapes).to_csv(index=False, lineterminator="\n"))


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for size in SIZES:
        (FOLDER / f"{size}.zip").write_bytes(packed(tables(build(size))))
