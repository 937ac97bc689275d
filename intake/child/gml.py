"""
GML by GDAL, from a copy in UTF-8 without schema, every value as text, and the features counted.

GDAL gives no row of a file that breaks off, and without a word: the text is cut behind its last
whole feature first, and what was behind is lost in one piece. A document type is refused; a schema
is neither looked for nor fetched.
"""

import re

from intake.child import gdal, xml_text
from intake.child.answer import Answer
from intake.child.member import Source
from intake.child.text import decode_xml

_SCHEMA = re.compile(r"""\s[\w.-]+:schemaLocation\s*=\s*("[^"]*"|'[^']*')""")
_BOUNDS = re.compile(r"<((?:[\w.-]+:)?boundedBy)\b[^>]*>.*?</\1\s*>", re.DOTALL)
_MEMBERS = ("featureMember", "featureMembers", "member")


def read(source: Source, answer: Answer) -> tuple[()]:
    """
    Read every kind of feature as a layer.

    Parameters
    ----------
    source : Source
        The .gml.
    answer : Answer
        Takes the tables.

    Raises
    ------
    Refused
        If the file is no GML, holds no whole feature, or declares a document type.
    """
    text, _ = decode_xml(source.member.path.read_bytes(), source.encoding)
    plain = _BOUNDS.sub("", _SCHEMA.sub("", text))
    found = xml_text.whole(plain, lambda around, _: around in _MEMBERS)
    return gdal.read(gdal.file_of_text(source, "gml", found), answer)
