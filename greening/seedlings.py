"""
The seedling table 苗木表: what each estate needs, what the bureau still has to supply, and by when.

Plantings are counted one by one. A bed of one species without plantings of its own is counted by
its plantable ground and the species' spacing, and marked so.
"""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
import shapely

from clearances.free_ground import FreeGround
from greening.places import places
from greening.plants import plant
from greening.species import Species, identified
from greening.workflow import SiteStatus
from layers.district import District
from layers.spec import Column

_SUPPLIED = ("supplied", "planted", "survival", "accepted", "rectify")

COLUMNS = (
    Column("town", "str", "乡镇", "town"),
    Column("estate", "str", "小区", "estate"),
    Column("site_id", "str", "绿化点", "site"),
    Column("species_id", "str", "树种编号", "species id"),
    Column("species_zh", "str", "树种", "species (Chinese)"),
    Column("species_en", "str", "树种（英文）", "species"),
    Column("kind", "str", "类型", "kind"),
    Column("size", "str", "规格", "size"),
    Column("count", "int", "株数", "count", "株", least=0),
    Column("by_spacing", "bool", "按株行距估算", "estimated by spacing"),
    Column("to_supply", "int", "待供株数", "still to supply", "株", least=0),
    Column("supply_by", "date", "供苗期限", "due"),
    Column("price_yuan", "float", "单价", "unit price", "元", least=0),
)
"""One row a site, species and size; it sums to estates, towns and the whole."""


_NAMES = (
    ("species_zh", "name_zh", "树种未定"),
    ("species_en", "name_en", "species not named"),
)
"""What the catalogue does not know is named as the design writes it."""


def seedlings(
    district: District,
    species: Mapping[str, Species],
    statuses: Mapping[str, SiteStatus],
    ground: FreeGround,
) -> pd.DataFrame:
    """
    Count the seedlings.

    Parameters
    ----------
    district : District
        The design as it stands.
    species : mapping of str to Species
        The catalogue.
    statuses : mapping of str to SiteStatus
        State of each site: what was delivered need not be supplied again.
    ground : FreeGround
        Where the species of a bed counted by spacing may stand.

    Returns
    -------
    pandas.DataFrame
        Columns `COLUMNS`, sorted by town, estate, site, species and size.
    """
    counted = pd.concat(
        [_one_by_one(district, species), _by_spacing(district, species, ground)], ignore_index=True
    )
    sites = district["greening_sites"].set_index("site_id")
    named = counted.assign(
        supply_by=counted["site_id"].map(sites["supply_by"]),
        estate_id=counted["estate_id"].fillna(counted["site_id"].map(sites["estate_id"])),
    ).merge(places(district), on="estate_id", how="left")
    state = named["site_id"].map({key: one.state for key, one in statuses.items()})
    named["to_supply"] = named["count"].where(~state.isin(_SUPPLIED), 0)
    for column, attribute, unknown in _NAMES:
        known = named["species_id"].map(
            {key: getattr(one, attribute) for key, one in species.items()}
        )
        named[column] = known.fillna(named["species_id"]).fillna(unknown)
    named["price_yuan"] = named["species_id"].map(
        {key: one.price_yuan for key, one in species.items()}
    )
    table = named[[c.name for c in COLUMNS]]
    return table.sort_values(
        ["town", "estate", "site_id", "species_id", "size"], ignore_index=True, na_position="last"
    )


def _one_by_one(district: District, species: Mapping[str, Species]) -> pd.DataFrame:
    plantings = district["plantings"]
    plantings = plantings[(plantings["state"] != "removed").fillna(value=True)]
    plantings = plantings.assign(species_id=identified(plantings["species_id"], species))
    sized = plantings.assign(size=[_size(row, species) for row in plantings.to_dict("records")])
    groups = sized.groupby(
        ["site_id", "estate_id", "species_id", "kind", "size"], dropna=False, sort=False
    )
    return groups.size().rename("count").reset_index().assign(by_spacing=False)


def _size(row: Mapping[Any, Any], species: Mapping[str, Species]) -> str:
    """Spell the size as ordered: what the design says, else the catalogue's usual one."""
    said = [
        f"{label}{row[column]:g}{unit}"
        for column, label, unit in (
            ("caliper_cm", "胸径", "cm"),
            ("height_m", "高", "m"),
            ("crown_m", "冠幅", "m"),
        )
        if not pd.isna(row[column])
    ]
    usual = species.get(str(row["species_id"]))
    return " ".join(said) or (usual.size_zh if usual else "")


def _by_spacing(
    district: District, species: Mapping[str, Species], ground: FreeGround
) -> pd.DataFrame:
    beds = district["greening_sites"]
    named = identified(beds["species_id"], species).map(species.get, na_action="ignore")
    planted = set(district["plantings"]["site_id"].dropna())
    whole = named.notna() & ~beds["site_id"].isin(planted)
    ids = beds.loc[whole, ["site_id", "estate_id"]].itertuples(index=False, name=None)
    rows = [
        {
            "site_id": site_id,
            "estate_id": estate_id,
            "species_id": one.species_id,
            "kind": one.kind,
            "size": one.size_zh,
            "count": _fitting(ground, site_id, one),
            "by_spacing": True,
        }
        for (site_id, estate_id), one in zip(ids, named[whole], strict=True)
    ]
    columns = ["site_id", "estate_id", "species_id", "kind", "size", "count", "by_spacing"]
    return pd.DataFrame(rows, columns=columns)


def _fitting(ground: FreeGround, site_id: str, one: Species) -> int:
    """Return how many of a species the ground where it passes holds at its spacing."""
    may_stand = ground.free(site_id, plant(one.kind, one.crown_m, one.height_m))
    return math.floor(float(shapely.area(may_stand)) / one.spacing_m**2)
