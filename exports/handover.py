"""
Hand-over: a district in a form that other programs open; one list of formats, one function.

docs/handover.md lists what each format can and cannot hold; the values it had to change are counted
and returned.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from exports.fields import Shortfall
from exports.geodatabase import district_geodatabase
from exports.geopackage import layers_package
from exports.layers_book import layers_workbook
from exports.shapefile import district_shapefiles
from exports.template import survey_template
from geo.errors import DataError
from layers.district import District
from store.atomic import replacing
from wording import Language

Packed = tuple[bytes, tuple[Shortfall, ...]]


@dataclass(frozen=True, slots=True)
class Format:
    """
    A form in which a district is handed over.

    Attributes
    ----------
    name : str
        As the command line calls it.
    suffix : str
        Ending of the file's name.
    label_zh, label_en : str
        What people read.
    mime : str
        Media type of a download.
    pack : callable
        District to (bytes, shortfalls).
    """

    name: str
    suffix: str
    label_zh: str
    label_en: str
    mime: str
    pack: Callable[[District], Packed] = field(repr=False)

    def label(self, language: Language) -> str:
        """Return the label in `language`, ``"zh"`` or ``"en"``."""
        return self.label_zh if language == "zh" else self.label_en


_ZIP = "application/zip"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ALL = (
    Format(
        "gpkg",
        ".gpkg",
        "GeoPackage（QGIS 打开即带样式）",
        "GeoPackage, styled in QGIS",
        "application/geopackage+sqlite3",
        lambda district: (layers_package(district), ()),
    ),
    Format(
        "gdb",
        ".gdb.zip",
        "文件地理数据库（ArcGIS）",
        "file geodatabase, for ArcGIS",
        _ZIP,
        district_geodatabase,
    ),
    Format(
        "shp",
        ".shp.zip",
        "Shapefile（UTF-8）",
        "shapefiles, UTF-8",
        _ZIP,
        district_shapefiles,
    ),
    Format(
        "shp-gbk",
        ".gbk.shp.zip",
        "Shapefile（GBK，供旧软件）",
        "shapefiles, GBK, for older programs",
        _ZIP,
        lambda district: district_shapefiles(district, "GBK"),
    ),
    Format(
        "xlsx",
        ".xlsx",
        "工作簿（每图层一张表）",
        "workbook, one sheet a layer",
        _XLSX,
        layers_workbook,
    ),
    Format(
        "template",
        ".template.xlsx",
        "调查表模板（空表）",
        "survey template, blank",
        _XLSX,
        lambda district: (survey_template(district), ()),
    ),
)

FORMATS: Mapping[str, Format] = MappingProxyType({one.name: one for one in _ALL})
"""Every form by name, in the order they are offered."""


def export_bytes(district: District, form: str) -> Packed:
    """
    Return a district in a form, and the values that the form could not hold as they are.

    Parameters
    ----------
    district : District
        What to hand over.
    form : str
        A key of `FORMATS`.

    Raises
    ------
    DataError
        If there is no such form, or a text cannot be written in it.
    StoreError
        If the writing program fails.
    """
    if form not in FORMATS:
        names = ", ".join(FORMATS)
        raise DataError(
            f"unknown format {form!r}; expected one of {names}",
            f"未知格式 {form!r}；应为 {names} 之一",
        )
    return FORMATS[form].pack(district)


def export_district(district: District, form: str, path: Path) -> tuple[Shortfall, ...]:
    """
    Write a district in a form; see `export_bytes`.

    Parameters
    ----------
    path : pathlib.Path
        The file, replaced in one step.

    Returns
    -------
    tuple of Shortfall
        Values that the form could not hold as they are.
    """
    content, shortfalls = export_bytes(district, form)
    with replacing(path) as scratch:
        scratch.write_bytes(content)
    return shortfalls
