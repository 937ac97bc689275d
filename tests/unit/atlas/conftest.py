"""A hand-made district of two estates, and findings written by hand."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import CRS

from layers.district import District
from layers.findings import COLUMNS, tidy_findings

WORKING = CRS.from_epsg(4544)
E0, N0 = 605000.0, 4206000.0


def frame(rows, shapes):
    table = pd.DataFrame(rows)
    table["provenance"], table["source"], table["source_date"] = "synthetic", "test", "2023-03-01"
    return gpd.GeoDataFrame(table, geometry=shapes, crs=WORKING)


def box(x, y, w, h):
    return shapely.box(E0 + x, N0 + y, E0 + x + w, N0 + y + h)


def line(*points):
    return shapely.LineString([(E0 + x, N0 + y) for x, y in points])


def spot(x, y):
    return shapely.Point(E0 + x, N0 + y)


def make_district(name="示例小区"):
    estates = frame(
        [
            {
                "estate_id": "E1",
                "name": name,
                "town_id": "T1",
                "built_year": 1996,
                "households": 72,
                "floor_area_m2": 5832.0,
                "budget_yuan": 1.9e6,
            },
            {
                "estate_id": "E2",
                "name": "邻家小区",
                "town_id": "T2",
                "built_year": 1988,
                "households": 24,
            },
        ],
        [box(0, 0, 118, 84), box(300, 200, 60, 50)],
    )
    buildings = frame(
        [
            {
                "building_id": f"B{n}",
                "estate_id": estate,
                "name": f"{n}#",
                "use": "residential",
                "storeys": 6,
                "households": 24,
                "built_year": 1996,
                "structure": "砖混",
            }
            for n, estate in ((1, "E1"), (2, "E1"), (3, "E1"), (4, "E2"), (5, None))
        ],
        [
            box(8, 52, 44, 12),
            box(62, 52, 44, 12),
            box(8, 22, 44, 12),
            box(310, 220, 40, 12),
            box(-30, 30, 20, 30),
        ],
    )
    units = frame(
        [
            {
                "unit_id": f"U{n}",
                "building_id": b,
                "estate_id": "E1",
                "name": f"{n}单元",
                "storeys": 6,
                "height_m": 14.5,
                "households": 12,
                "has_lift": lift,
            }
            for n, b, lift in (
                (1, "B1", False),
                (2, "B1", False),
                (3, "B2", False),
                (4, "B2", True),
                (5, "B3", None),
                (6, "B3", False),
            )
        ],
        [spot(18, 64), spot(40, 64), spot(74, 64), spot(96, 64), spot(18, 34), spot(40, 34)],
    )
    walkways = frame(
        [
            {"walkway_id": "W1", "kind": "lane", "width_m": 4.0, "estate_id": "E1"},
            {"walkway_id": "W2", "kind": "lane", "width_m": 4.0, "estate_id": "E1"},
            {"walkway_id": "W3", "kind": "sidewalk", "name": "裕民东街", "width_m": 3.0},
            {"walkway_id": "W4", "kind": "sidewalk", "name": "裕民东街", "width_m": 3.0},
        ],
        [
            line((4, 42), (57, 42)),
            line((57, 42), (57, -10)),
            line((57, -10), (400, -10)),
            line((-200, -10), (57, -10)),
        ],
    )
    pipes = frame(
        [
            {"pipe_id": "P1", "kind": "JS", "estate_id": "E1", "diameter_mm": 110.0},
            {
                "pipe_id": "P2",
                "kind": "PS",
                "sub_kind": "WS",
                "estate_id": "E1",
                "diameter_mm": 300.0,
            },
            {"pipe_id": "P3", "kind": "RQ", "estate_id": "E1", "diameter_mm": 63.0},
            {"pipe_id": "P4", "kind": "DL", "estate_id": "E1"},
        ],
        [
            line((4, 44.5), (110, 44.5)),
            line((4, 39), (110, 39)),
            line((55, -10), (55, 80)),
            line((4, 80), (112, 80)),
        ],
    )
    return District.from_frames(
        {
            "towns": frame(
                [
                    {"town_id": "T1", "name": "金星镇", "schematic": True},
                    {"town_id": "T2", "name": "胜利镇", "schematic": True},
                ],
                [box(-1500, -1500, 1700, 3000), box(200, -1500, 1700, 3000)],
            ),
            "estates": estates,
            "buildings": buildings,
            "units": units,
            "entrances": frame(
                [
                    {"entrance_id": "G1", "estate_id": "E1", "name": "主出入口", "state": "open"},
                    {"entrance_id": "G2", "estate_id": "E1", "name": "北门", "state": "closed"},
                ],
                [spot(57, 0), spot(30, 84)],
            ),
            "walkways": walkways,
            "facilities": frame(
                [
                    {
                        "facility_id": "F1",
                        "kind": "elder_day_care",
                        "name": "金星日间照料中心",
                        "state": "open",
                    },
                    {"facility_id": "F2", "kind": "waste", "name": "分类点", "estate_id": "E1"},
                ],
                [spot(390, -12), spot(110, 10)],
            ),
            "parking": frame(
                [{"parking_id": "K1", "kind": "lot", "estate_id": "E1", "spaces": 9}],
                [spot(80, 12)],
            ),
            "pipelines": pipes,
            "green_space": frame(
                [{"green_id": "N1", "kind": "estate", "estate_id": "E1"}], [box(8, 4, 40, 10)]
            ),
            "trees": frame(
                [
                    {"tree_id": f"R{n}", "kind": "tree", "estate_id": "E1", "crown_m": 4.0}
                    for n in range(5)
                ],
                [spot(12 + 8 * n, 9) for n in range(5)],
            ),
        },
        crs=WORKING,
        name="吴忠市利通区",
        name_en="Litong",
        district_id="test",
    )


def make_findings(district, count=7):
    base = {c.name: None for c in COLUMNS}
    kinds = [
        (
            "电梯",
            "单元加装电梯",
            "missing",
            np.nan,
            "",
            np.nan,
            "",
            "W15",
            shapely.multipoints([spot(18, 64), spot(40, 64), spot(74, 64)]),
        ),
        ("停车", "每户车位数", "short", 0.125, "bay/hh", 0.5, ">=", "W08", None),
        (
            "养老服务",
            "至日间照料中心步行距离",
            "short",
            412.0,
            "m",
            300.0,
            "<=",
            "T05",
            line((18, 64), (18, 42), (57, 42), (57, -10), (390, -10), (390, -12)),
        ),
        ("充电", "电动自行车充电口", "missing", 0.0, "port/hh", 0.2, ">=", "W10", None),
        (
            "补植",
            "乔木与燃气管净距",
            "short",
            0.42,
            "m",
            0.75,
            ">=",
            "W02",
            shapely.multipoints([spot(44, 9)]),
        ),
        (
            "消防",
            "消防车道净宽",
            "short",
            3.1,
            "m",
            4.0,
            ">=",
            "B10",
            shapely.multipoints([spot(57, 42)]),
        ),
        (
            "垃圾分类",
            "分类点",
            "missing",
            0.0,
            "place",
            1.0,
            ">=",
            "B13",
            shapely.multipoints([spot(110, 10)]),
        ),
    ]
    rows = []
    for n in range(count):
        item, metric, outcome, value, unit, threshold, op, item_id, shape = kinds[n % len(kinds)]
        rows.append(
            base
            | {
                "finding_id": f"E1:{n:02d}",
                "estate_id": "E1",
                "estate": "示例小区",
                "town": "金星镇",
                "rule_id": f"rule.{n:02d}",
                "item_id": item_id,
                "item_zh": item,
                "item_en": item,
                "item_class": ("基础类", "完善类", "提升类")[n % 3],
                "gap_kind": "other",
                "metric_zh": metric,
                "metric_en": metric,
                "outcome": outcome,
                "statement": "gap",
                "leads": True,
                "is_marginal": False,
                "is_outdated": False,
                "degree": outcome,
                "value": value,
                "unit": unit,
                "op": op,
                "threshold": threshold,
                "severity": 0.9 - 0.05 * (n % 10),
                "safety": False,
                "source_id": "S",
                "source_title": "GB 50180-2018",
                "clause": "附录C",
                "strength": "recommended",
                "bearing": "binding_existing",
                "verified": "recall",
                "override": "locked",
                "department_ids": ("zjj、town", "mzj", "zrj")[n % 3],
                "department": ("住房城乡建设和交通局", "民政局", "自然资源局")[n % 3],
                "assisting": ("属地镇", "", "")[n % 3],
                "department_en": ("Housing Bureau", "Civil Affairs", "Natural Resources")[n % 3],
                "assisting_en": ("the town", "", "")[n % 3],
                "reason_zh": "说明",
                "reason_en": "reason",
                "as_of": "2023-04-01",
                "geometry": shape,
            }
        )
    rows.append(
        rows[0]
        | {
            "finding_id": "E1:U",
            "rule_id": "drain.cover",
            "lacking": "pipelines.depth_m*3",
            "outcome": "unknown",
            "degree": "unknown",
            "value": np.nan,
            "severity": np.nan,
            "lacking_zh": "管线探测精度",
            "lacking_en": "accuracy",
            "supplier": "管线单位",
            "geometry": None,
        }
    )
    return tidy_findings(pd.DataFrame(rows), district)


@pytest.fixture(scope="session")
def district():
    return make_district()


@pytest.fixture(scope="session")
def findings(district):
    return make_findings(district)
