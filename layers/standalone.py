"""
Standalone buildings: in a district without estates each building is taken for its own estate.

Nothing is invented: the entrance is the point of the outline nearest to the nearest walkway, marked
inferred, and what was not surveyed stays unknown.
"""

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.doorsteps import doorsteps
from layers.district import District
from layers.spec import Provenance


def buildings_as_estates(district: District) -> District:
    """
    Return `district` with every building as an estate of its own, with one entrance.

    Parameters
    ----------
    district : District
        Without estates. With estates it is returned as it is.

    Returns
    -------
    District
        Estates and entrances inferred from the buildings, whose ids become estate ids; what else
        stands inside a footprint is found there by its place.
    """
    if len(district["estates"]):
        return district
    buildings = district["buildings"]
    ids = buildings["building_id"]
    nature = {
        "provenance": Provenance.INFERRED.value,
        "source": buildings["source"],
        "source_date": buildings["source_date"],
    }
    estates = gpd.GeoDataFrame(
        {
            "estate_id": ids,
            "name": buildings["name"].where(buildings["name"].notna(), ids),
            "built_year": buildings["built_year"],
            "households": buildings["households"],
            "floor_area_m2": buildings["floor_area_m2"],
            **nature,
        },
        geometry=buildings.geometry,
    )
    walkways = np.asarray(district["walkways"].geometry.array, dtype=object)
    doors = doorsteps(np.asarray(buildings.geometry.array, dtype=object), walkways)
    entrances = gpd.GeoDataFrame(
        {"entrance_id": ids, "estate_id": ids, "state": "open", **nature},
        geometry=gpd.points_from_xy(doors[:, 0], doors[:, 1], crs=district.crs),
    )
    owned = buildings.assign(estate_id=pd.Series(ids, index=buildings.index))
    apart = district.with_frames(estates=estates, buildings=owned)
    # The gates are where the doors are thought to be: nobody surveyed gates or their cameras.
    return apart.with_frames(assumed=True, entrances=entrances)
