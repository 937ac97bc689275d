"""What an event of a greening site changes in the rows of a district, as an edit."""

from collections.abc import Mapping

import geopandas as gpd

from edits.edit import Edit
from edits.rows import replace_rows, set_values
from greening.workflow import EventKind, GreeningEvent
from layers.district import District


def edit_of(district: District, completed: District, event: GreeningEvent) -> Edit:
    """
    Return what an event changes in the rows; what a change of the design sets is an edit itself.

    Parameters
    ----------
    district : District
        As it is kept.
    completed : District
        The same as `greening.design.completed` reads it.
    event : GreeningEvent
        To be written.

    Returns
    -------
    Edit
        A move sets the state of the site. A check also writes what was read of its plantings (bed,
        estate, kind, species, number), a planting that and when they were planted. A count says
        whether a planting lives. A species named is written into every planting that has its name.
        Empty for every other event.

    Raises
    ------
    DataError
        If the site or the planting is not in the district.
    """
    payload = event.payload
    if event.kind is EventKind.MOVE:
        moved = set_values(district, "greening_sites", {event.site_id: {"state": payload["to"]}})
        return moved.then(_of_plantings(district, completed, event))
    if event.kind is EventKind.COUNT:
        return set_values(district, "plantings", {payload["planting_id"]: _counted(event)})
    if event.kind is EventKind.SPECIES:
        plantings = district["plantings"]
        written = plantings["planting_id"][plantings["species_id"] == payload["name"]]
        named = {key: {"species_id": payload["species_id"]} for key in written}
        return set_values(district, "plantings", named)
    return Edit(district.crs)


def _of_plantings(district: District, completed: District, event: GreeningEvent) -> Edit:
    """Return what a move of a site changes in its plantings, those taken out left as they are."""
    read = completed["plantings"]
    own = read[(read["site_id"] == event.site_id) & (read["state"] != "removed").fillna(value=True)]
    if event.payload["to"] == "planted":
        planted = {"state": "planted", "planted_date": event.at[:10]}
        return set_values(district, "plantings", dict.fromkeys(own["planting_id"], planted))
    if event.payload["to"] == "checked":
        return _recognised(district, own)
    return Edit(district.crs)


def _recognised(district: District, own: gpd.GeoDataFrame) -> Edit:
    """Return the edit that writes plantings as they were read."""
    kept = district["plantings"]
    return replace_rows(
        district, "plantings", kept[kept["planting_id"].isin(own["planting_id"])], own
    )


def _counted(event: GreeningEvent) -> Mapping[str, object]:
    """Return what a count sets; a tree replanted is planted on the day it is counted so."""
    lives = {"is_alive": event.payload["fate"] != "dead"}
    is_new = event.payload["fate"] == "replanted"
    return lives | ({"planted_date": event.at[:10]} if is_new else {})
