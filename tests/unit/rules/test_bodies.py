"""Bodies: one leads, the others assist; a datum is asked of the body that holds it."""

import pytest

from rules.bodies import Supply, responsible


@pytest.mark.parametrize(
    ("item", "lead", "assisting"),
    [
        ("B04", "供水企业", ["区住房城乡建设和交通局", "区工业信息化和商务局"]),
        ("B05", "市政中心", ["区住房城乡建设和交通局"]),
        ("B06", "供电企业", ["区住房城乡建设和交通局"]),
        ("B09", "供气企业", ["区住房城乡建设和交通局"]),
        ("B10", "供暖企业", ["区住房城乡建设和交通局"]),
        ("B14", "电信、移动、广电、联通", ["区工业信息化和商务局"]),
        ("W02", "胜利镇", ["区自然资源局"]),
        ("B01", "区住房城乡建设和交通局", []),
    ],
)
def test_one_body_leads_an_item(book, item, lead, assisting):
    found = responsible(book.items[item], book.departments, book.town("胜利镇"))
    assert found.lead.zh == lead
    assert [other.zh for other in found.assisting] == assisting


def test_a_town_and_a_body_are_called_by_their_english_names_where_they_have_any(book):
    lead = responsible(book.items["W02"], book.departments, book.town("胜利镇")).lead
    assert (lead.zh, lead.en) == ("胜利镇", "Shengli Town")
    assert book.body("town", "金积镇").en == "Jinji Town"
    assert book.town("别处镇")["en"] == "别处镇"
    assert book.called("区自然资源局", "en") == "Natural Resources Bureau"
    assert book.called("胜利镇", "zh") == "胜利镇"


def test_of_an_estate_without_town_all_towns_are_meant(book):
    assert responsible(book.items["W02"], book.departments).lead.zh.startswith("金星镇、胜利镇")


def test_no_body_answers_for_an_item_twice(book):
    assert all(len(set(i.departments)) == len(i.departments) for i in book.items.values())


@pytest.mark.parametrize(
    ("layer", "column", "kinds", "holder"),
    [
        ("estates", "households", (), "town"),
        ("estates", "transformer_headroom", (), "power"),
        ("estates", "signal_share", (), "telecom"),
        ("units", "consent_area_share", (), "town"),
        ("units", "storeys", (), "zjj"),
        ("pipelines", "material", ("RQ",), "gas"),
        ("pipelines", "", ("PS",), "drainage"),
        ("pipelines", "", ("RQ", "JS"), "zjj"),  # nobody holds both
        ("pipelines", "", (), "zjj"),
        ("trees", "height_m", (), "zrj"),
    ],
)
def test_a_datum_is_asked_of_its_holder(book, layer, column, kinds, holder):
    assert book.supply[layer].holder(column, kinds) == holder


def test_a_bare_id_holds_all_of_a_layer():
    assert Supply.model_validate("zjj").departments == ("zjj",)
