"""The rulebook as its TOML says it, layer upon layer."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2] / "rules" / "rulebook"
MERGED = (
    "source",
    "family",
    "circle",
    "demography",
    "programme",
    "least_size",
    "walking",
    "accuracy",
)


@dataclass(frozen=True, slots=True)
class Book:
    """Rules in the order of the files, and the tables that they refer to, by name."""

    rules: list[dict[str, Any]] = field(default_factory=list)
    tables: dict[str, dict[str, Any]] = field(default_factory=lambda: {name: {} for name in MERGED})

    def starts(self, rule: dict[str, Any]) -> date:
        """Return the first day on which a rule is asked: its own, or that of its source."""
        source = self.tables["source"][rule["source"]]
        return rule.get("effective_from") or source.get("effective_from") or date.min

    def in_force(self, day: date) -> list[dict[str, Any]]:
        """Return the rules that judge on a day."""
        return [
            rule
            for rule in self.rules
            if rule["measure"]["by"] != "reference"
            and self.starts(rule) <= day <= rule.get("effective_to", date.max)
        ]


def read_book(overlays: Sequence[str]) -> Book:
    """Return the national book with its overlays; a repeated table gives the fields that differ."""
    book = Book()
    for layer in ("national", *overlays):
        for path in sorted((ROOT / layer).rglob("*.toml")):
            content = tomllib.loads(path.read_text(encoding="utf-8"))
            book.rules.extend(content.get("rule", []))
            for name in MERGED:
                for key, fields in content.get(name, {}).items():
                    _merge(book.tables[name], key, fields)
    return book


def _merge(table: dict[str, Any], key: str, fields: Any) -> None:
    whole = {**table.get(key, {}), **fields} if isinstance(fields, dict) else fields
    table[key] = whole
