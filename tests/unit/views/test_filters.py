"""What narrows the findings, as the workbook's cover says it: in words, in the user's language."""

from layers.district import District
from services.assessment import Workspace
from views.choice import Choice
from views.filters import in_words


def test_filters_are_said_in_words(tiny_demo: District) -> None:
    town = tiny_demo["towns"].iloc[0]
    choice = Choice(
        town=(town["town_id"],), show="elevator", statement=("gap", "pending"), severity="minor"
    )
    assert in_words(choice, Workspace.of(tiny_demo), "zh") == [
        ("乡镇", town["name"]),
        ("看哪类短板", "电梯"),
        ("性质", "短板、待确认"),
        ("严重程度", "轻微"),
    ]
    assert in_words(choice, Workspace.of(tiny_demo), "en")[:3] == [
        ("Town", "Jinji Town"),
        ("Show", "elevators"),
        ("Statement", "gap, pending"),
    ]


def test_without_filters_there_is_nothing_to_say(tiny_demo: District) -> None:
    assert in_words(Choice(estate="E01", lang="en"), Workspace.of(tiny_demo), "zh") == []
