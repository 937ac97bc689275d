"""Every text of whole booklets, read back from the file by another program."""

import re
import subprocess

import numpy as np
import pytest

from atlas.compose import compose, context_of
from atlas.request import Purpose, Request, Volume
from rules.book import load_book

WORD = re.compile(
    r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>'
)
PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">')
WATERMARK_PT = 40.0


@pytest.fixture(
    scope="module",
    params=[
        {},
        {"paper": "A4"},
        {"language": "en"},
        {"paper": "A4", "language": "en", "purpose": Purpose.PUBLIC},
    ],
    ids=str,
)
def pages(request, district, findings, tmp_path_factory):
    """Return paper size [pt] and words (left, top, right, bottom [pt], text) of each page."""
    wanted = Request("2023-03-15", "V0.3", volume=Volume.FULL, **request.param)
    booklet = compose(context_of(district, findings, load_book(), None, wanted))
    file = tmp_path_factory.mktemp("audit") / "book.pdf"
    file.write_bytes(booklet.pdf)
    assert not [p.zh for p in booklet.problems if p.kind in ("cut", "glyph", "empty")]
    out = subprocess.run(["pdftotext", "-bbox", file, "-"], capture_output=True, check=True)  # noqa: S603, S607
    parts = out.stdout.decode().split("<page ")[1:]
    return [(PAGE.match("<page " + part), WORD.findall(part)) for part in parts]


@pytest.mark.programs
def test_no_text_is_cut(pages):
    assert not [word for _, words in pages for word in words if "…" in word[4]]


@pytest.mark.programs
def test_no_text_leaves_its_paper(pages):
    for size, words in pages:
        boxes = np.array([word[:4] for word in words], dtype=float)
        assert (boxes.min(axis=0)[:2] >= -1).all()
        assert (boxes.max(axis=0)[2:] <= np.array([float(size[1]), float(size[2])]) + 1).all()


@pytest.mark.programs
def test_no_two_words_are_printed_over_each_other(pages):
    for number, (_, words) in enumerate(pages, start=1):
        listed = [w for w in words if float(w[3]) - float(w[1]) < WATERMARK_PT or len(w[4]) > 1]
        listed = [w for w in listed if w[4] not in ("征求意见稿", "DRAFT")]
        over = [(a[4], b[4]) for a, b in overlapping(listed)]
        assert not over, f"page {number}: {over[:5]}"


def overlapping(words):
    """Return the pairs of words whose letters overlap: a box is larger than what is inked."""
    box = np.array([word[:4] for word in words], dtype=float)
    rim = np.minimum(box[:, 2] - box[:, 0], box[:, 3] - box[:, 1]) * 0.3
    (left, top), (right, bottom) = (box[:, :2].T + rim), (box[:, 2:].T - rim)
    hit = (left[:, None] < right) & (right[:, None] > left)
    hit &= (top[:, None] < bottom) & (bottom[:, None] > top)
    return [(words[a], words[b]) for a, b in zip(*np.nonzero(np.triu(hit, 1)), strict=True)]
