"""Archives that are the same bytes for the same content: no time stamp, names in order."""

import io
import re
import zipfile
from collections.abc import Mapping

_DATE = (1980, 1, 1, 0, 0, 0)
_PROPERTIES = "docProps/core.xml"
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a .zip of `files`, their names in order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return out.getvalue()


def dated(workbook: bytes, day: str) -> bytes:
    """Return an .xlsx as if made on `day` (ISO 8601): the same content, the same bytes."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    stamp = f"{day}T00:00:00Z".encode()
    files[_PROPERTIES] = _STAMP.sub(lambda found: found.group(1) + stamp, files[_PROPERTIES])
    return zipped(files)
