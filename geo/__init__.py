"""Geometry and networks: this room knows no estate, no standard, no file and no page."""
