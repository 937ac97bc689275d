"""Seven parameters from a file: used as written, and never shown, whatever is wrong with them."""

import pytest

from geo.errors import DataError
from intake.datum import read_parameters

SOUND = """
dx = -123.4567
dy = 71
dz = 15.5
rx = 0.345
ry = 1.25
rz = -2.75
scale = 4.125
convention = "coordinate_frame"
"""
SECRETS = ("123.4567", "0.345", "2.75", "4.125", "15.5")


def _told(tmp_path, text):
    (tmp_path / "p.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_parameters(tmp_path / "p.toml")
    error = caught.value
    assert error.__cause__ is None
    assert error.__context__ is None or error.__suppress_context__
    told = caught.value.sentence("zh") + caught.value.sentence("en")
    assert not any(secret in told for secret in SECRETS)
    return told


def test_every_number_is_taken_as_written_and_none_is_shown(tmp_path):
    (tmp_path / "p.toml").write_text("\N{BOM}" + SOUND, encoding="utf-8")
    found = read_parameters(tmp_path / "p.toml")
    numbers = (found.dx, found.dy, found.dz, found.rx, found.ry, found.rz, found.scale)
    assert numbers == (-123.4567, 71.0, 15.5, 0.345, 1.25, -2.75, 4.125)
    assert found.convention == "coordinate_frame"
    assert not any(secret in repr(found) for secret in SECRETS)


@pytest.mark.parametrize("name", ["dx", "rz", "scale", "convention"])
def test_a_parameter_that_is_absent_is_named(tmp_path, name):
    lines = [line for line in SOUND.splitlines() if not line.startswith(name)]
    assert name in _told(tmp_path, "\n".join(lines))


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("scale = 4.125", "scale = 1000004.125", "scale"),  # a factor, not parts per million
        ("rx = 0.345", "rx = 1234.5", "rx"),
        ("dy = 71", 'dy = "71"', "dy"),
        ("dy = 71", "dy = true", "dy"),
        ("dy = 71", "dy = nan", "dy"),
        ('"coordinate_frame"', '"bursa"', "convention"),
        ("dy = 71", "dy = 71\nkey = 1", "key"),
    ],
)
def test_a_parameter_in_another_unit_or_of_another_kind_is_named(tmp_path, old, new, name):
    assert name in _told(tmp_path, SOUND.replace(old, new))


def test_a_file_that_is_not_toml_or_not_there_says_what_is_expected(tmp_path):
    assert "TOML" in _told(tmp_path, "-123.4567 71 15.5 0.345")
    with pytest.raises(DataError, match="arc second"):
        read_parameters(tmp_path / "none.toml")
