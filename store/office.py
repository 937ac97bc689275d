"""
What an office keeps beside its district: fields it fills in again and again, and what it issued.

Two small files in the district's folder, ``office.json`` and ``issues.json``; a district that is a
single file has none.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from geo.errors import StoreError
from store.atomic import replacing

FIELDS = "office.json"
ISSUES = "issues.json"


def read_fields(folder: Path) -> dict[str, str]:
    """
    Return the fields last filled in, {} where there are none.

    Raises
    ------
    StoreError
        If the file is not what `write_fields` wrote.
    """
    text = _read(folder / FIELDS)
    try:
        fields = json.loads(text or "{}")
        return {str(key): str(value) for key, value in fields.items()}
    except (ValueError, AttributeError) as error:
        raise StoreError(
            f"{folder / FIELDS}: {error}; delete the file to start afresh",
            f"{folder / FIELDS}：{error}；可删除此文件后重填",
        ) from error


def write_fields(folder: Path, fields: Mapping[str, str]) -> None:
    """Keep the fields filled in; nothing where the district is a single file."""
    _write(folder / FIELDS, json.dumps(dict(fields), ensure_ascii=False, indent=1))


def read_issues(folder: Path) -> str:
    """Return the history of issued booklets as text, "" where there is none."""
    return _read(folder / ISSUES)


def write_issues(folder: Path, text: str) -> None:
    """Keep the history of issued booklets; nothing where the district is a single file."""
    _write(folder / ISSUES, text)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8") if path.is_file() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{path}: {error}", f"{path}：{error}") from error


def _write(path: Path, text: str) -> None:
    if path.parent.is_dir():
        with replacing(path) as scratch:
            scratch.write_text(text, encoding="utf-8")
