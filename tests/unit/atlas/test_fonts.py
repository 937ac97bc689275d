import hashlib
import tomllib

from atlas.text import FOLDER

MANIFEST = tomllib.loads((FOLDER / "manifest.toml").read_text(encoding="utf-8"))


def test_every_font_is_the_one_of_the_manifest():
    assert {path.name for path in FOLDER.glob("*.ttf")} == set(MANIFEST)
    for name, facts in MANIFEST.items():
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == facts["sha256"]


def test_the_licence_of_each_family_is_shipped():
    for name in ("OFL-NotoSansSC.txt", "OFL-NotoSerifSC.txt"):
        assert "SIL OPEN FONT LICENSE" in (FOLDER / name).read_text(encoding="utf-8").upper()
