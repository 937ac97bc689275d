"""The asset cache: only what was published is served, lazily where it costs something to make."""

import gzip

from views.cache import ByteBudget, SharedCache
from views.map.assets import Asset, AssetCache


class Source:
    """Something that parts are made of."""


def cache_of(most_bytes: int = 10_000) -> AssetCache:
    budget = ByteBudget(most_bytes)
    return AssetCache(SharedCache[Asset]("asset", lambda asset: len(asset.body), budget))


def part_of(source: Source, name: str) -> bytes | None:
    assert isinstance(source, Source)
    return name.encode() if name != "3" else None


def test_only_what_was_published_is_found_and_the_oldest_is_dropped() -> None:
    cache = cache_of(50)  # two bodies: a compressed one is 21 bytes long
    first, second, third = (cache.publish(body, "js") for body in (b"a", b"b", b"c"))
    names = [address.removeprefix("geo/") for address in (first, second, third)]
    assert [cache.find(name) is not None for name in names] == [False, True, True]
    assert cache.find("../app.py") is None
    assert cache.publish(b"b", "js") == second
    found = cache.find(names[1])
    assert found is not None
    assert (gzip.decompress(found.body), found.plain()) == (b"b", b"b")


def test_an_address_is_relative_to_the_page_so_that_it_holds_behind_a_prefix() -> None:
    cache = cache_of()
    addresses = [cache.publish(b"a", "js"), cache.publish_modules({"a.js": b""}),
                 cache.bind(("k",), Source(), part_of, "json")]  # fmt: skip
    assert all(address.startswith("geo/") for address in addresses)


def test_modules_are_named_by_what_all_of_them_say_and_stay() -> None:
    cache = cache_of(0)
    prefix = cache.publish_modules({"a.js": b"1", "b.js": b"2"}).split("/")[1]
    part = cache.part(prefix, "b.js")
    assert part is not None
    assert part.plain() == b"2"
    assert cache.part(prefix, "c.js") is None
    assert cache.publish_modules({"b.js": b"2", "a.js": b"1"}).split("/")[1] == prefix
    assert cache.publish_modules({"a.js": b"1", "b.js": b"3"}).split("/")[1] != prefix
    assert cache.publish_modules({"a.js": b"1b.js", "b.js": b"2"}).split("/")[1] != prefix


def test_a_lazy_endpoint_makes_its_parts_when_asked_and_its_prefix_cannot_be_guessed() -> None:
    cache, source = cache_of(), Source()
    address = cache.bind(("key",), source, part_of, "json")
    prefix = address.split("/")[1]
    part = cache.part(prefix, "2")
    assert part is not None
    assert (part.body, part.is_compressed) == (b"2", False)
    assert cache.part(prefix, "3") is None
    assert cache.part("('key',)", "0") is None
    assert cache_of().bind(("key",), source, part_of, "json") != address


def test_the_endpoint_bound_longest_ago_is_dropped_and_bound_again_under_its_prefix() -> None:
    cache, source = AssetCache(endpoints_kept=1), Source()
    address = cache.bind(("key",), source, part_of, "json")
    cache.bind(("other",), source, part_of, "json")
    assert cache.part(address.split("/")[1], "2") is None
    assert cache.bind(("key",), source, part_of, "json") == address
    assert cache.part(address.split("/")[1], "2") is not None


def test_an_endpoint_keeps_nothing_alive_and_serves_again_once_it_is_bound_to_what_is_kept() -> (
    None
):
    cache, source = cache_of(), Source()
    prefix = cache.bind(("key",), source, part_of, "json").split("/")[1]
    del source
    assert cache.part(prefix, "2") is None
    renewed = Source()
    cache.bind(("key",), renewed, part_of, "json")
    assert cache.part(prefix, "2") is not None


def test_a_part_that_is_kept_is_made_once() -> None:
    cache, source = cache_of(), Source()
    made = []

    def make(_: Source, name: str) -> bytes | None:
        made.append(name)
        return b"x" if name == "trees" else None

    prefix = cache.bind(("layers",), source, make, "js", is_kept=True).split("/")[1]
    first, second = cache.part(prefix, "trees"), cache.part(prefix, "trees")
    assert first is second
    assert first is not None
    assert first.is_compressed
    assert cache.part(prefix, "none") is None
    assert made == ["trees", "none"]
