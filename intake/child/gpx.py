"""
GPX of hand-held receivers by GDAL, from a copy in UTF-8: waypoints, tracks and routes.

The points of tracks and routes are vertices, no rows. What is counted first is compared with what
GDAL gives; of a text that breaks off, what was behind its last whole row is lost in one piece.
"""

from intake.child import gdal, xml_text
from intake.child.answer import Answer
from intake.child.gdal import GdalFile
from intake.child.member import Source
from intake.child.refused import Refused
from intake.child.text import declared_encoding, decode

_LAYERS = {"wpt": "waypoints", "rte": "routes", "trk": "tracks"}


def read(source: Source, answer: Answer) -> tuple[()]:
    """
    Read waypoints, routes and tracks, each a layer.

    Parameters
    ----------
    source : Source
        The .gpx.
    answer : Answer
        Takes the tables.

    Raises
    ------
    Refused
        If the file holds none, or declares a document type.
    """
    data = source.member.path.read_bytes()
    text, _ = decode(data, source.encoding, declared_encoding(data))
    found = xml_text.whole(text, lambda around, name: around == "gpx" and name in _LAYERS)
    if not found.rows:
        raise Refused("table.none")
    source.scratch.mkdir()
    copy = source.scratch / "in.gpx"
    copy.write_bytes(b'<?xml version="1.0" encoding="UTF-8"?>\n' + found.body)
    counts = {_LAYERS[name]: count for name, count in found.rows.items()}
    file = GdalFile(
        copy, source.member.name, "gpx", counts=counts, cut=found.broken, layers=tuple(counts)
    )
    return gdal.read(file, answer)
