"""
Facilities 设施: every kind of place the renovation plan names, as a point at its entrance.

One that is not `is_public` serves the people of its own estate alone; one of which nobody says is
open to all. Parking and charging have a layer of their own (`layers.parking`).
"""

from enum import StrEnum

from layers.spec import Column, LayerSpec, amount
from wording import Text


class Facility(StrEnum):
    """The kinds of facility."""

    COMMUNITY_SERVICE = "community_service"
    HEALTH_STATION = "health_station"
    HEALTH_CENTRE = "health_centre"
    PHARMACY = "pharmacy"
    KINDERGARTEN = "kindergarten"
    SCHOOL = "school"
    NURSERY = "nursery"
    ELDER_DAY_CARE = "elder_day_care"
    ELDER_STATION = "elder_station"
    ELDER_HOME = "elder_home"
    MEAL = "meal"
    HOME_HELP = "home_help"
    MARKET = "market"
    SHOP = "shop"
    PARCEL_STATION = "parcel_station"
    PARCEL_LOCKER = "parcel_locker"
    FITNESS = "fitness"
    CULTURE = "culture"
    PARK = "park"
    WASTE = "waste"
    TOILET = "toilet"
    BUS_STOP = "bus_stop"


KINDS = {
    Facility.COMMUNITY_SERVICE.value: Text("社区综合服务设施", "community service centre"),
    Facility.HEALTH_STATION.value: Text("卫生服务站", "health service station"),
    Facility.HEALTH_CENTRE.value: Text("卫生服务中心", "health service centre"),
    Facility.PHARMACY.value: Text("药店", "pharmacy"),
    Facility.KINDERGARTEN.value: Text("幼儿园", "kindergarten"),
    Facility.SCHOOL.value: Text("学校", "school"),
    Facility.NURSERY.value: Text("托育机构", "nursery"),
    Facility.ELDER_DAY_CARE.value: Text("日间照料中心", "elder day-care centre"),
    Facility.ELDER_STATION.value: Text("养老服务站", "elder service station"),
    Facility.ELDER_HOME.value: Text("养老院", "nursing home"),
    Facility.MEAL.value: Text("助餐点", "meal point"),
    Facility.HOME_HELP.value: Text("家政服务点", "home-help outlet"),
    Facility.MARKET.value: Text("便民市场", "food market"),
    Facility.SHOP.value: Text("便利店", "convenience store"),
    Facility.PARCEL_STATION.value: Text("邮政快递末端综合服务站", "postal and parcel station"),
    Facility.PARCEL_LOCKER.value: Text("智能快件箱", "parcel lockers"),
    Facility.FITNESS.value: Text("体育健身场地", "fitness place"),
    Facility.CULTURE.value: Text("文化活动站", "culture station"),
    Facility.PARK.value: Text("公园", "park"),
    Facility.WASTE.value: Text("生活垃圾分类点", "sorted-waste point"),
    Facility.TOILET.value: Text("公共厕所", "public toilet"),
    Facility.BUS_STOP.value: Text("公交站", "bus stop"),
}

STATES = {
    "open": Text("开放", "open"),
    "planned": Text("拟建", "planned"),
    "closed": Text("停用", "closed"),
}

SPEC = LayerSpec(
    "facilities",
    "设施",
    "facilities",
    "Point",
    (
        Column("facility_id", "str", "设施编号", "facility id", required=True),
        Column("kind", "str", "设施类型", "kind", codes=KINDS, required=True),
        Column("name", "str", "设施名称", "facility"),
        Column("state", "str", "开放状态", "state", codes=STATES),
        Column("estate_id", "str", "所属小区", "estate", refers_to="estates"),
        Column("is_public", "bool", "对外开放", "open to the public"),
        amount("capacity", "float", "容量（床/座/格口/学位）", "capacity (places)", "", (1, 10000)),
        amount("classes", "int", "班数", "classes", "班", (1, 200)),
        Column(
            "floor_area_m2", "float", "建筑面积", "floor area", "m²", least=0, usual=(3, 500000)
        ),
        Column("land_area_m2", "float", "用地面积", "land area", "m²", least=0, usual=(3, 1000000)),
        Column("in_basement", "bool", "位于地下", "in a basement"),
    ),
)
