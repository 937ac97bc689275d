"""Transverse Mercator by its parameters: which projections have them."""

from pyproj import CRS

from geo.projection import transverse_mercator


def test_what_is_no_transverse_mercator_of_this_datum_has_no_parameters() -> None:
    assert transverse_mercator(CRS.from_epsg(3857)) is None
    assert transverse_mercator(CRS.from_epsg(2333)) is None  # Xi'an 80: parameters are needed
