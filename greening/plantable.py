"""Plantable ground: the part of a site on which a plant of some kind passes the check."""

import geopandas as gpd

from clearances.features import Subject
from clearances.free_ground import FreeGround, covered
from clearances.surroundings import Surroundings
from layers.district import District


def free_ground(district: District, around: Surroundings) -> FreeGround:
    """
    Return the free ground of a district's sites.

    Parameters
    ----------
    district : District
        Its `greening_sites`, and what covers ground.
    around : Surroundings
        Of the same district, for plants.

    Returns
    -------
    FreeGround
        By site id; less buildings, paving and fire ground.
    """
    sites = district["greening_sites"].set_index("site_id").geometry
    return FreeGround(sites, around, covered(district))


def plantable_sites(district: District, ground: FreeGround, plant: Subject) -> gpd.GeoDataFrame:
    """
    Return the plantable ground of every site.

    Parameters
    ----------
    district : District
        Its `greening_sites`.
    ground : FreeGround
        Of the same district.
    plant : Subject
        The plant.

    Returns
    -------
    geopandas.GeoDataFrame
        `site_id`, `estate_id`, `area_m2`, `plantable_m2`, `plantable_share`; the ground as
        geometry, empty where nothing may stand.
    """
    sites = district["greening_sites"]
    shapes = [ground.free(site_id, plant) for site_id in sites["site_id"]]
    area = sites.geometry.area
    found = gpd.GeoDataFrame(
        sites[["site_id", "estate_id"]].assign(area_m2=area),
        geometry=gpd.GeoSeries(shapes, index=sites.index, crs=district.crs, dtype=object),
        crs=district.crs,
    )
    found["plantable_m2"] = found.geometry.area
    found["plantable_share"] = found["plantable_m2"] / found["area_m2"]
    return found
