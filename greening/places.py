"""The names of estates and their towns, as every table of this room prints them."""

import pandas as pd

from layers.district import District


def places(district: District) -> pd.DataFrame:
    """Return `estate_id`, `estate` and `town` (names), a row an estate."""
    estates = district["estates"]
    towns = district["towns"].set_index("town_id")["name"]
    return pd.DataFrame(
        {
            "estate_id": estates["estate_id"],
            "estate": estates["name"],
            "town": estates["town_id"].map(towns),
        }
    )
