"""Readers by format: each is loaded when a file needs it and gives its tables part by part."""

from collections.abc import Callable, Iterable

from intake.child.answer import Answer
from intake.child.geometry_column import take_geometry
from intake.child.member import Source
from intake.reading import DeliveredTable


def read(source: Source, kind: str, answer: Answer) -> Iterable[DeliveredTable]:
    """
    Read one file.

    Parameters
    ----------
    source : Source
        The file.
    kind : str
        A key of `intake.child.sniff.FORMATS` that is no archive.
    answer : Answer
        Takes the parts of a file that has several: layers, sheets.

    Returns
    -------
    iterable of DeliveredTable
        Empty for a file in parts, which are given as they are read.

    Raises
    ------
    Refused
        If the file as a whole cannot be read.
    """
    return _READERS[kind](source, answer)


def _shapefile(source: Source, _: Answer) -> Iterable[DeliveredTable]:
    from intake.child import shapefile  # noqa: PLC0415

    source.scratch.mkdir()
    return [shapefile.read(source.member, source.family, source.scratch)]


def _dbf(source: Source, _: Answer) -> Iterable[DeliveredTable]:
    from intake.child import dbf  # noqa: PLC0415

    return [dbf.read(source.member)]


def _geojson(source: Source, _: Answer) -> Iterable[DeliveredTable]:
    from intake.child import geojson  # noqa: PLC0415

    return [geojson.read(source.member, source.encoding)]


def _kml(source: Source, _: Answer) -> Iterable[DeliveredTable]:
    from intake.child import kml  # noqa: PLC0415

    return kml.read(source.member, source.encoding)


def _dxf(source: Source, answer: Answer) -> Iterable[DeliveredTable]:
    from intake.child import dxf  # noqa: PLC0415

    closing_m, flatten_m = source.options["closing_m"], source.options["flatten_m"]
    return dxf.read(source.member, float(closing_m), float(flatten_m), answer)


def _dgn(source: Source, answer: Answer) -> Iterable[DeliveredTable]:
    from intake.child import dgn  # noqa: PLC0415

    return dgn.read(source, answer)


def _delimited(source: Source, _: Answer) -> Iterable[DeliveredTable]:
    from intake.child import delimited  # noqa: PLC0415

    found = delimited.read(source.member, source.encoding)
    return [part for one in found for part in take_geometry(one)]


def _geopackage(source: Source, answer: Answer) -> Iterable[DeliveredTable]:
    from intake.child import geopackage  # noqa: PLC0415

    return geopackage.read(source.member, source.family.get(".gpkg-wal"), source.scratch, answer)


def _workbook(source: Source, answer: Answer) -> Iterable[DeliveredTable]:
    from intake.child import workbook  # noqa: PLC0415

    return workbook.read(source.member, answer)


def _flatgeobuf(source: Source, answer: Answer) -> Iterable[DeliveredTable]:
    from intake.child import gdal  # noqa: PLC0415

    source.scratch.mkdir()
    copy = source.scratch / "in.fgb"
    copy.write_bytes(source.member.path.read_bytes())
    file = gdal.GdalFile(copy, source.member.name, "flatgeobuf", source.member.stem)
    return gdal.read(file, answer)


def _gml(source: Source, answer: Answer) -> Iterable[DeliveredTable]:
    from intake.child import gml  # noqa: PLC0415

    return gml.read(source, answer)


def _gpx(source: Source, answer: Answer) -> Iterable[DeliveredTable]:
    from intake.child import gpx  # noqa: PLC0415

    return gpx.read(source, answer)


def _mapinfo(source: Source, answer: Answer) -> Iterable[DeliveredTable]:
    from intake.child import mapinfo  # noqa: PLC0415

    return mapinfo.read(source, answer)


def _esrijson(source: Source, _: Answer) -> Iterable[DeliveredTable]:
    from intake.child import esri_json  # noqa: PLC0415

    return [esri_json.read(source.member, source.encoding)]


def _topojson(source: Source, answer: Answer) -> Iterable[DeliveredTable]:
    from intake.child import topojson  # noqa: PLC0415

    return topojson.read(source.member, source.encoding, answer)


def _parquet(source: Source, _: Answer) -> Iterable[DeliveredTable]:
    from intake.child import parquet  # noqa: PLC0415

    return parquet.read(source.member)


def _xls(source: Source, answer: Answer) -> Iterable[DeliveredTable]:
    from intake.child import xls  # noqa: PLC0415

    return xls.read(source.member, answer)


def _ods(source: Source, answer: Answer) -> Iterable[DeliveredTable]:
    from intake.child import ods  # noqa: PLC0415

    return ods.read(source.member, answer)


def _cass(source: Source, _: Answer) -> Iterable[DeliveredTable]:
    from intake.child import cass  # noqa: PLC0415

    return [cass.read(source.member)]


_READERS: dict[str, Callable[[Source, Answer], Iterable[DeliveredTable]]] = {
    "shapefile": _shapefile,
    "dbf": _dbf,
    "geopackage": _geopackage,
    "geojson": _geojson,
    "flatgeobuf": _flatgeobuf,
    "kml": _kml,
    "dxf": _dxf,
    "dgn": _dgn,
    "gml": _gml,
    "gpx": _gpx,
    "mapinfo": _mapinfo,
    "esrijson": _esrijson,
    "topojson": _topojson,
    "parquet": _parquet,
    "workbook": _workbook,
    "xls": _xls,
    "ods": _ods,
    "delimited": _delimited,
    "cass": _cass,
}
