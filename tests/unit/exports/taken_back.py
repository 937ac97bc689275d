"""A file that was handed over, taken back through intake as any other file from outside."""

from dataclasses import replace

import numpy as np
import shapely

import layers
from intake import sandbox
from intake.acceptance import accept
from intake.draft import ImportDraft, TableOrigin
from intake.place import PlacePrior
from layers.content import frame_digest
from layers.district import District

_LAYER = {name: layer for layer, spec in layers.ALL.items() for name in (layer, spec.label_zh)}


def taken_back(path, district):
    """Return the layers found in a file as a district with the facts of `district`."""
    reading = sandbox.read(path)
    assert not reading.refused
    frames = {}
    for table in reading.tables:
        if not table.rows:
            continue
        spec = layers.ALL[_LAYER[table.name]]
        draft = ImportDraft(
            table, spec, PlacePrior.of(district), TableOrigin("x", "0" * 64, "2100-01-01")
        )
        if "crs" in {question.step for question in draft.questions}:
            draft = draft.choose("crs", "EPSG:4490")
        for question in draft.questions:
            assert question.step.startswith("value:")  # invented to be awkward
            draft = draft.choose(question.step, "take")
        receipt = accept(draft)
        assert not receipt.quarantined, receipt.quarantined[0].reasons[0].sentence.en
        assert not set(draft.headings_left_out) - {"fid"}
        frames[spec.name] = receipt.accepted
    back = District.from_frames(
        frames, crs=district.crs, name=district.name, district_id=district.district_id
    )
    return replace(
        back,
        surveyed=district.surveyed,
        surveyed_kinds=district.surveyed_kinds,
        overlays=district.overlays,
        plan=district.plan,
    )


def content(district, decimals=None):
    """
    Return a digest a layer, outlines in normal form: rings may begin anywhere, and turn either way.

    `decimals` rounds the numbers of the layers as a format does: column to decimals.
    """
    digests = {}
    for name, frame in district.frames.items():
        shapes = frame.geometry.to_numpy()
        areas = np.isin(shapely.get_type_id(shapes), (3, 6))
        normal = frame.set_geometry(
            np.where(areas, shapely.normalize(shapes), shapes), crs=frame.crs
        )
        if decimals:
            rounded = {
                c.name: frame[c.name].round(decimals(c))
                for c in layers.ALL[name].columns
                if c.dtype == "float"
            }
            normal = normal.assign(**rounded)
        digests[name] = frame_digest(normal)
    return digests
