"""One text in two languages."""

import pytest

from wording import Text, in_language, listing


def test_a_text_is_given_in_either_language() -> None:
    met = Text("达标", "met")
    assert (met["zh"], met["en"]) == ("达标", "met")


@pytest.mark.parametrize("language", ["fr", "", 0])
def test_any_other_language_is_refused(language: object) -> None:
    with pytest.raises(KeyError):
        Text("达标", "met")[language]  # type: ignore[index]


def test_texts_of_a_mapping_keep_their_keys() -> None:
    labels = {"met": Text("达标", "met"), "short": Text("不足", "short")}
    assert in_language(labels, "en") == {"met": "met", "short": "short"}
    assert in_language(labels, "zh") == {"met": "达标", "short": "不足"}


def test_a_list_in_a_sentence_has_the_marks_of_its_language() -> None:
    assert listing(["板桥", "金星"], "zh") == "板桥、金星"
    assert listing(["a", "b", "c"], "en") == "a, b, c"
    assert listing([], "zh") == ""
