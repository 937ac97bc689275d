"""Where a district is kept: a folder with district.toml and district.gpkg."""

from store.folder import Reading, read, read_district, write_district
from store.mapping import TableReport

__all__ = ["Reading", "TableReport", "read", "read_district", "write_district"]
