import pytest

from atlas.text import Fonts, clean

FONTS = Fonts()


def test_a_chinese_character_is_as_wide_as_its_size():
    # 10 pt = 3.5278 mm; a full-width character fills its square
    assert FONTS.width("利通", "sans", 10) == pytest.approx(2 * 10 * 25.4 / 72)


@pytest.mark.parametrize("character", ["㭎", "𫟹", "龘", "䶮"])
def test_a_rare_character_is_printed_from_the_rare_face(character):
    ((face, glyphs),) = FONTS.runs(character, "serif")
    assert face.key == "rare"
    assert glyphs[0] != 0


def test_a_character_no_font_has_is_printed_as_the_mark_of_a_lacking_sort():
    assert FONTS.lacking("𠮷野小区") == ["𠮷"]
    assert FONTS.runs("𠮷野", "serif") == FONTS.runs("〓野", "serif")


def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one():
    text = "甲乙丙丁，（戊己庚）辛壬癸。" * 4
    for width in range(8, 40):
        for line in FONTS.wrap(text, "sans", 8, width):
            assert line[0] not in "，。）"
            assert line[-1] != "（"


def test_a_word_longer_than_the_line_is_broken():
    assert FONTS.wrap("a" * 60, "sans", 8, 20)[0] != "a" * 60


def test_a_newline_starts_a_line():
    assert FONTS.wrap("甲乙\n丙", "sans", 7, 30) == ["甲乙", "丙"]


def test_a_private_character_is_kept_to_be_named_not_dropped():
    assert clean("\ue123小区") == "\ue123小区"


@pytest.mark.parametrize(
    ("dirty", "expected"),
    [("a\x00b\u202ec\n d", "abc d"), ("\u200b小区\ufeff", "小区"), ("  x\t y ", "x y")],
)
def test_control_and_direction_marks_are_dropped(dirty, expected):
    assert clean(dirty) == expected
