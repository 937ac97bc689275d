"""What an entry may hold: plain JSON and files of bounded size."""

from collections.abc import Mapping, Sequence
from typing import Any

from geo.errors import DataError
from store.chain import canonical
from store.contract import MAX_BLOB_BYTES, MAX_PAYLOAD_BYTES
from store.journal_entry import DECISIONS, EntryKind


def require_sound(
    kind: str, payload: Mapping[str, Any], subject: str, blobs: Sequence[bytes]
) -> None:
    """
    Refuse what an entry cannot hold.

    Raises
    ------
    DataError
        If `kind` is none that is recorded by itself, the payload or the subject no text in UTF-8
        or no JSON, or it or a file too large.
    """
    known = (*DECISIONS, EntryKind.APPLY)
    if kind not in known:
        raise DataError(
            f"kind {kind!r}: expected one of {', '.join(known)}",
            f"记录类型 {kind!r} 应为以下之一：{'、'.join(known)}",
        )
    size = len(_encoded(kind, payload, subject))
    if size > MAX_PAYLOAD_BYTES:
        raise DataError(
            f"{kind}: {size:,} bytes, at most {MAX_PAYLOAD_BYTES:,}",
            f"{kind}：{size:,} 字节，不得超过 {MAX_PAYLOAD_BYTES:,} 字节",
        )
    for blob in blobs:
        if len(blob) > MAX_BLOB_BYTES:
            raise DataError(
                f"{kind}: a file of {len(blob):,} bytes, at most {MAX_BLOB_BYTES:,}",
                f"{kind}：文件 {len(blob):,} 字节，不得超过 {MAX_BLOB_BYTES:,} 字节",
            )


def _encoded(kind: str, payload: Mapping[str, Any], subject: str) -> bytes:
    """Return the payload as it will be spelled, and its subject."""
    try:
        return (canonical(payload) + subject).encode()
    except (TypeError, ValueError) as error:  # no JSON, not a number, or half a character
        raise DataError(
            f"{kind}: the payload is no JSON ({error})", f"{kind}：内容不是 JSON（{error}）"
        ) from error
