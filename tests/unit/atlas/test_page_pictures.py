"""
Twelve pages as they look, beside pictures of them kept with the tests.

The pages are rendered at 150 dpi and compared as means of 5 x 5 pixels, so that the edge of a
letter may fall otherwise on another machine, and a letter elsewhere may not. After a change of look
that was meant, and looked at, LITONG_RENEW_PAGES=1 makes the pictures anew.
"""

import dataclasses
import io
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from atlas.compose import Outline, context_of, preview
from atlas.outline import plan_pages
from atlas.picture import picture
from atlas.request import PAPERS, PublicNotice, Purpose, Request, TitleBlock, Volume
from programme.opinions import Noted, Opinion
from rules.book import load_book

KEPT = Path(__file__).parents[2] / "fixtures" / "pages"
DPI, MM_PER_INCH, BLOCK = 150, 25.4, 5
LEVELS, AT_MOST = 24, 12
"""As many blocks may differ by more than so many levels of 256: less than one letter of 6 pt."""
BLOCK_TITLE = TitleBlock("2023年城镇老旧小区改造", "住建局")
FULL = Request("2023-03-15", "V0.3", title_block=BLOCK_TITLE, volume=Volume.FULL)
SMALL = dataclasses.replace(FULL, paper="A4", language="en")
NOTICE = PublicNotice("2023-04-01", "2023-04-30", "王工", "0953-1234567", "利通区")
PUBLIC = dataclasses.replace(FULL, purpose=Purpose.PUBLIC, notice=NOTICE)
SAID = Noted(1, Opinion("先修屋面，再装电梯", "mzj", "E1", "01-2"), 1, "王工", "2023-03-15T09:00")
PAGES = {
    "cover": (FULL, "cover"),
    "contents": (FULL, "contents"),
    "index-map": (FULL, "index_map"),
    "summary": (FULL, "summary"),
    "town": (FULL, "town"),
    "present": (FULL, "present:E1"),
    "gaps": (FULL, "gaps:E1"),
    "measures": (FULL, "measures:E1"),
    "pipes-green": (FULL, "pipes_green:E1"),
    "opinions": (FULL, "opinions"),
    "gaps-a4-en": (SMALL, "gaps:E1"),
    "notice": (PUBLIC, "notice"),
}


def rendered(district, findings, request, key):
    """Return the first page whose key begins with `key`, grey, a value a block."""
    book = dataclasses.replace(load_book(), version="0" * 64)  # printed; no matter of looks
    context = context_of(district, findings, book, None, request, [SAID])
    plans = plan_pages(context)
    plan = next(page for page in plans if page.key.startswith(key))
    pdf = preview(context, Outline(tuple(plans), request.edition, None), plan.key)
    width = round(PAPERS[request.paper][0] / MM_PER_INCH * DPI)
    grey = np.asarray(Image.open(io.BytesIO(picture(pdf, width))).convert("L"), dtype=float)
    high, wide = (side // BLOCK * BLOCK for side in grey.shape)
    blocks = grey[:high, :wide].reshape(high // BLOCK, BLOCK, wide // BLOCK, BLOCK)
    return blocks.mean(axis=(1, 3)).round().astype(np.uint8)


def differing(one, other):
    """Return how many blocks of two pictures of one size differ."""
    assert one.shape == other.shape
    return int((np.abs(one.astype(int) - other.astype(int)) > LEVELS).sum())


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_a_page_looks_as_it_did(district, findings, name):
    shown, kept = rendered(district, findings, *PAGES[name]), KEPT / f"{name}.png"
    if os.environ.get("LITONG_RENEW_PAGES"):
        Image.fromarray(shown).save(kept, optimize=True)
    found = differing(shown, np.asarray(Image.open(kept)))
    assert found <= AT_MOST, f"{found} blocks of {kept.name} look otherwise"


@pytest.mark.slow
def test_one_number_elsewhere_is_seen(district, findings):
    whole = np.asarray(Image.open(KEPT / "gaps.png"))
    less = findings[findings["finding_id"] != findings["finding_id"].iloc[5]]
    assert differing(rendered(district, less, FULL, "gaps:E1"), whole) > AT_MOST
