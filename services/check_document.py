"""What a check finds in short, as JSON: counts by kind of gap, and the faults of the walkways."""

import json

from rules.summary import tally
from services.assessment import Assessment


def check_document(found: Assessment) -> bytes:
    """
    Return the counts of `litong check` and the places where walkways do not meet, in UTF-8.

    Places are easting and northing in the district's working CRS [m].
    """
    district, walkways = found.workspace.district, found.workspace.walkways
    document = {
        "district": district.district_id,
        "as_of": found.as_of.isoformat(),
        "data_period": district.data_period(found.as_of),
        "rows_dated_later": district.dated_after(found.as_of),
        "version": district.version,
        "rulebook": found.workspace.book.version,
        "crs": f"EPSG:{district.crs.to_epsg()}",
        "counts": tally(found.joined("gap_kind")).to_dict(orient="index"),
        "walkways": None if walkways is None else walkways.document(),
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()
