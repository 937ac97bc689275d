"""
Approval PDFs: a booklet of sheets, true to scale, georeferenced, searchable, layered.

``atlas -> sheets -> frames -> canvas``: a `request` says what is wanted, `compose` lays out the
sheets, each sheet draws its frames on a `canvas` in millimetres, `pdf` binds the finished pages.
The same district, findings, rulebook and request give the same bytes on any day.
"""
