"""The photos of the site visits as one archive, each named by estate, site, planting and day."""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import PurePath

from exports.archive import zipped
from geo.errors import StoreError
from greening.review import Review
from greening.workflow import FATES, EventKind, GreeningEvent

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
_PHOTO = re.compile(r"[0-9a-f]{64}\.(?:jpg|png)")
_LONGEST = 40


def photo_archive(
    review: Review, events: Sequence[GreeningEvent], blob: Callable[[str], bytes]
) -> bytes:
    """
    Return the photos of a district's greening sites as the bytes of a .zip.

    Parameters
    ----------
    review : Review
        For the names of estates and plantings.
    events : sequence of GreeningEvent
        Those that name photos.
    blob : callable
        Returns the file of a SHA-256 (`Store.blob`); a photo it does not have is left out.

    Returns
    -------
    bytes
        An archive with a name such as ``裕民小区/GS0001/12_2023-09-01_死亡_7.jpg`` for each photo.
    """
    estates = review.survival.set_index("site_id")["estate"].to_dict()
    numbers = review.district["plantings"].set_index("planting_id")["number"].to_dict()
    files: dict[str, bytes] = {}
    for event in events:
        name = str(event.payload.get("photo", ""))
        if event.kind is not EventKind.COUNT or not _PHOTO.fullmatch(name):
            continue
        planting = str(event.payload["planting_id"])
        day, fate = event.at.partition("T")[0], FATES[event.payload["fate"]].zh
        folders = (estates.get(event.site_id), event.site_id)
        leaf = f"{_safe(numbers.get(planting, planting))}_{day}_{fate}_{event.seq}"
        digest, suffix = PurePath(name).stem, PurePath(name).suffix
        with suppress(StoreError):  # taken over from a record whose photo was lost
            files["/".join([*map(_safe, folders), leaf]) + suffix] = blob(digest)
    return zipped(files)


def _safe(part: object) -> str:
    """Return a part of a path that every system takes, whatever the data call it."""
    text = _FORBIDDEN.sub("_", str(part or "—")).strip(" .")[:_LONGEST]
    return text or "_"
