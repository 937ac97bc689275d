"""A live store copied whole, trail and former rows included, from any database into any other."""

from store.geopackage import UNDATED
from store.tables import Tables


def copy(source: Tables, target: Tables) -> None:
    """Fill `target`, which has neither rows nor a trail, with all that `source` has."""
    frames = source.frames()
    for layer, rows in frames.items():
        target.put(layer, rows, UNDATED)
    target.begin()
    for layer in frames:
        target.add_past(layer, source.past(layer))
    for seq, link in enumerate(source.links(), start=1):
        target.append(seq, link)
