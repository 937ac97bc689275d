"""A live store copied whole, its journal, files and former rows included, into any database."""

from store import journal
from store.geopackage import UNDATED
from store.tables import Tables


def copy(source: Tables, target: Tables) -> None:
    """Fill `target`, which has neither rows nor a journal, with all that `source` has."""
    frames, specs = source.frames(), source.specs()
    for layer, rows in frames.items():
        target.make(specs[layer])
        target.put(layer, rows, UNDATED)
    target.begin(specs.values(), source.schema or 0)
    for layer in frames:
        target.add_row_versions(layer, source.row_versions(layer))
    for digest, content in source.blobs():
        target.add_blob(digest, content)
    for link in source.links():
        entry = journal.parsed(link)
        target.append(entry.seq, entry.kind, entry.subject, link)
