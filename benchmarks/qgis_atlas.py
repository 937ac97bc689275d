"""
The same maps by QGIS's own atlas, for bench_atlas.py: run by Debian's Python with python3-qgis.

``QT_QPA_PLATFORM=offscreen /usr/bin/python3 benchmarks/qgis_atlas.py FILE.gpkg OUT_DIR plain|geo``
prints one line of JSON: seconds of start and of export, pages, bytes.
"""

import json
import sys
import time
from pathlib import Path

START = time.perf_counter()

from qgis.core import (  # noqa: E402
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsFillSymbol,
    QgsLayoutExporter,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemScaleBar,
    QgsLayoutPoint,
    QgsLayoutSize,
    QgsLineSymbol,
    QgsMarkerSymbol,
    QgsPalLayerSettings,
    QgsPrintLayout,
    QgsProject,
    QgsSingleSymbolRenderer,
    QgsUnitTypes,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)

SYMBOLS = {
    "green_space": (QgsFillSymbol, {"color": "209,232,194", "outline_color": "122,172,98"}),
    "walkways": (QgsLineSymbol, {"color": "222,225,232", "width": "1.6"}),
    "buildings": (QgsFillSymbol, {"color": "247,222,184", "outline_color": "82,62,38"}),
    "pipelines": (QgsLineSymbol, {"color": "0,140,160", "width": "0.35"}),
    "estates": (
        QgsFillSymbol,
        {"style": "no", "outline_color": "193,18,47", "outline_width": "0.9"},
    ),
    "trees": (QgsMarkerSymbol, {"color": "167,211,140", "size": "3.4"}),
    "units": (QgsMarkerSymbol, {"name": "triangle", "color": "82,62,38", "size": "2.4"}),
    "entrances": (QgsMarkerSymbol, {"name": "triangle", "color": "193,18,47", "size": "3.2"}),
    "parking": (QgsMarkerSymbol, {"name": "square", "color": "24,96,176", "size": "3.6"}),
    "facilities": (QgsMarkerSymbol, {"name": "square", "color": "150,60,130", "size": "3.6"}),
}
LABELLED = dict.fromkeys(("buildings", "walkways", "facilities", "parking", "entrances"), "name")
LABELLED["pipelines"] = '"kind" || \' DN\' || "diameter_mm"'


def add_layers(project: QgsProject, path: str) -> dict[str, QgsVectorLayer]:
    """Load the layers of the present-state sheet with symbols and labels."""
    layers = {}
    for name, (kind, look) in SYMBOLS.items():
        layer = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
        assert layer.isValid(), name
        layer.setRenderer(QgsSingleSymbolRenderer(kind.createSimple(look)))
        if name in LABELLED:
            settings = QgsPalLayerSettings()
            settings.fieldName = LABELLED[name]
            settings.isExpression = name == "pipelines"
            layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))
            layer.setLabelsEnabled(True)
        project.addMapLayer(layer)
        layers[name] = layer
    return layers


def make_layout(
    project: QgsProject, coverage: QgsVectorLayer
) -> tuple[QgsPrintLayout, QgsLayoutItemMap]:
    """Return an A3 layout with map, title, legend and scale bar, its atlas over `coverage`."""
    layout = QgsPrintLayout(project)
    layout.initializeDefaults()
    page = layout.pageCollection().page(0)
    page.setPageSize(QgsLayoutSize(420, 297, QgsUnitTypes.LayoutMillimeters))
    frame = QgsLayoutItemMap(layout)
    frame.attemptMove(QgsLayoutPoint(29.5, 24.5, QgsUnitTypes.LayoutMillimeters))
    frame.attemptResize(QgsLayoutSize(265, 263, QgsUnitTypes.LayoutMillimeters))
    frame.setLayers(list(reversed(list(project.mapLayers().values()))))
    frame.setAtlasDriven(True)
    frame.setAtlasScalingMode(QgsLayoutItemMap.Auto)
    frame.setAtlasMargin(0)  # the coverage holds the ground of each of our sheets
    frame.setCrs(project.crs())
    frame.zoomToExtent(coverage.extent())
    layout.addLayoutItem(frame)
    for item, x, y in (
        (QgsLayoutItemLegend(layout), 302, 120),
        (QgsLayoutItemScaleBar(layout), 240, 275),
    ):
        item.setLinkedMap(frame)
        item.attemptMove(QgsLayoutPoint(x, y, QgsUnitTypes.LayoutMillimeters))
        layout.addLayoutItem(item)
    title = QgsLayoutItemLabel(layout)
    title.setText("[% name %]现状图")
    title.attemptMove(QgsLayoutPoint(30, 8, QgsUnitTypes.LayoutMillimeters))
    title.attemptResize(QgsLayoutSize(150, 12, QgsUnitTypes.LayoutMillimeters))
    layout.addLayoutItem(title)
    atlas = layout.atlas()
    atlas.setCoverageLayer(coverage)
    atlas.setEnabled(True)
    return layout, frame


def export(layout: QgsPrintLayout, folder: Path, how: str) -> list[Path]:
    """Export the atlas: one plain PDF, or one GeoPDF a page (QGIS cannot put them into one)."""
    settings = QgsLayoutExporter.PdfExportSettings()
    settings.dpi = 300
    if how == "plain":
        out = folder / "qgis.pdf"
        QgsLayoutExporter.exportToPdf(layout.atlas(), str(out), settings)
        return [out]
    settings.writeGeoPdf = True
    settings.exportLayersAsSeperateFiles = False
    outs, atlas = [], layout.atlas()
    atlas.beginRender()
    going = atlas.first()
    while going:
        out = folder / f"qgis-{atlas.currentFeatureNumber():03d}.pdf"
        QgsLayoutExporter(layout).exportToPdf(str(out), settings)
        outs.append(out)
        going = atlas.next()
    atlas.endRender()
    return outs


def main(path: str, folder: Path, how: str) -> None:
    """Export and print the times."""
    app = QgsApplication([], False)
    app.initQgis()
    project = QgsProject.instance()
    project.setCrs(QgsCoordinateReferenceSystem("EPSG:4544"))
    add_layers(project, path)
    sheets = QgsVectorLayer(f"{path}|layername=sheets", "sheets", "ogr")
    layout, _ = make_layout(project, sheets)
    started, cpu = time.perf_counter(), time.process_time()
    outs = export(layout, folder, how)
    done, used = time.perf_counter(), time.process_time() - cpu
    size = sum(out.stat().st_size for out in outs)
    pages = layout.atlas().count()
    facts = {"start": started - START, "export": done - started, "cpu": used}
    facts |= {"bytes": size, "pages": pages}
    print(json.dumps(facts), flush=True)
    app.exitQgis()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
