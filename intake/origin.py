"""Origin: where delivered rows come from, as recorded on each of them."""

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from layers.spec import Provenance


@dataclass(frozen=True, slots=True)
class TableOrigin:
    """Provenance of a table: what is written into the provenance columns of its rows."""

    name: str
    digest: str
    date: str
    provenance: str = Provenance.SURVEYED.value

    def fill(self, data: MutableMapping[str, Any], count: int) -> None:
        """Fill provenance, source and source date of `count` rows where they are missing."""
        filled = {
            "provenance": self.provenance,
            "source": self.name,
            "source_date": self.date,
        }
        for name, value in filled.items():
            held = data.get(name)
            blank = pd.Series([value] * count, dtype=object)
            data[name] = blank if held is None else pd.Series(held, dtype=object).fillna(value)
