"""
GPX of hand-held receivers by GDAL, from a copy in UTF-8: waypoints, tracks and routes.

The points of tracks and routes are vertices, no rows. What is counted first is compared with what
GDAL gives; of a text that breaks off, what was behind its last whole row is lost in one piece.
"""

from collections import Counter
from dataclasses import replace

from intake.child import gdal, xml_text
from intake.child.answer import Answer
from intake.child.member import Source
from intake.child.text import decode_xml

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
    text, _ = decode_xml(source.member.path.read_bytes(), source.encoding)
    found = xml_text.whole(text, lambda around, name: around == "gpx" and name in _LAYERS)
    counts = Counter({_LAYERS[name]: count for name, count in found.rows.items()})
    file = gdal.file_of_text(source, "gpx", replace(found, rows=counts))
    return gdal.read(replace(file, layers=tuple(counts)), answer)
