"""Rows of a district as the expectations of a release hold them."""

import shapely


def rows_of(district):
    """Return rows as the expectations hold them: by layer, those that have any."""
    found = {}
    frames = {name: frame for name, frame in district.frames.items() if len(frame)}
    for name, frame in frames.items():
        shapes = shapely.to_wkt(frame.geometry.to_numpy(), rounding_precision=4)
        cells = frame.drop(columns="geometry").astype(object)
        known = [
            {key: value for key, value in row.items() if value is not None}
            for row in cells.where(cells.notna(), None).to_dict("records")
        ]
        found[name] = [{**row, "geometry": s} for row, s in zip(known, shapes, strict=True)]
    return found
