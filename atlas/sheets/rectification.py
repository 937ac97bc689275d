"""绿化整改单: what each town has to put right - dead plantings, sites sent back and why."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from atlas.ink import BLACK, TextStyle
from atlas.sheet import AtlasContext, PagePlan, Title
from atlas.sheets.listing import plan_listing, room_of, sentence
from atlas.table import PageTable, TableCell, TableColumn, TableRow, digest_text
from atlas.text import clean
from greening.review import SURVIVAL_RULE, Review
from layers.findings import VERIFIED_LABELS
from wording import say, say_parts


def plan(context: AtlasContext, number: str) -> list[PagePlan]:
    """Plan a sheet for every town that has something to put right; it names officers: internal."""
    review = context.review
    if review is None or context.request.is_public:
        return []
    page_plans: list[PagePlan] = []
    towns = sorted({context.town_of(key) for key in context.estates["estate_id"]} - {""})
    for town in towns:
        rows = list(_rows(context, review, town))
        if not rows:
            continue
        words = f"{say('sheet_kind.rectification', context.language)} · {context.town_label(town)}"
        title = Title(words, f"{number}-{len(page_plans) + 1}", town)
        said = _survival(context, review, town)
        intro = sentence(context, said)
        shown = f"({said!r}, {digest_text(rows)})"
        digest = hashlib.sha256(shown.encode("utf-8", "replace")).hexdigest()
        pages = plan_listing(context, "rectification", title, (_table(context), rows), intro)
        page_plans += [replace(page_plan, basis=digest) for page_plan in pages]
    return page_plans


def _rows(context: AtlasContext, review: Review, town: str) -> Iterator[TableRow]:
    """Yield a row a site sent back, with its reason, and one a dead planting."""
    language = context.language
    sites = review.survival[review.survival["town"] == town].to_dict("records")
    for site in sites:
        status = review.statuses[site["site_id"]]
        if status.state == "rectify":
            day = status.at.partition("T")[0]
            said = f"{status.comment}（{status.by} {day}）"
            reason = say("sheet.sent_back", language)
            strong = TableCell(reason, TextStyle(6.5, "bold", BLACK))
            yield TableRow((clean(site["estate"]), clean(site["site_id"]), "—", strong, "—", "—",
                       clean(said), "", ""))  # fmt: skip
    dead = review.dead[review.dead["town"] == town]
    for planting in dead.to_dict("records"):
        species = review.species.get(str(planting["species_id"]))
        name = species.name[language] if species else "—"
        yield TableRow(
            (
                clean(planting["estate"]),
                clean(planting["site_id"]),
                TableCell(clean(planting["number"]), TextStyle(6.5, "bold", BLACK)),
                clean(name),
                f"{planting['east_m']:.2f}",
                f"{planting['north_m']:.2f}",
                say("sheet.dead", language),
                "",
                "",
            )
        )


def _survival(context: AtlasContext, review: Review, town: str) -> str:
    """Say a town's survival against the rate that holds, and on whose word it does."""
    towns = review.survival_by_town
    counts = towns[towns["town"] == town].to_dict("records")[0]
    rate = "—" if pd.isna(counts["rate"]) else f"{counts['rate']:.1%}"
    if review.rate_set is None:
        verified = VERIFIED_LABELS[review.book.by_id[SURVIVAL_RULE].verified]
        source = say("sheet.rate_of_rulebook", context.language, verified=verified)
    else:
        source = f"{review.rate_set.by}：{review.rate_set.payload['comment']}"
    return clean(
        say(
            "sheet.rectification_note",
            context.language,
            planted=int(counts["planted"]),
            living=int(counts["alive"] + counts["replanted"]),
            dead=int(counts["dead"]),
            uncounted=int(counts["uncounted"]),
            rate=rate,
            least=f"{review.least_rate:.0%}",
            source=source,
        )
    )


def _table(context: AtlasContext) -> PageTable:
    words = say_parts("heads.rectification", context.language)
    shares = (50, 22, 16, 28, 28, 30, 100, 40, 50)
    columns = [
        TableColumn(word, share, "left" if n in (0, 3, 6) else "centre")
        for n, (word, share) in enumerate(zip(words, shares, strict=True))
    ]
    return PageTable(context.fonts, columns, room_of(context).w, least=6.4)
