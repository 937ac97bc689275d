import numpy as np
import shapely

from atlas.canvas import Box
from atlas.placement import Placer, along, around, boxes_at, within

FRAME = Box(0, 0, 100, 80)


def test_a_label_avoids_a_taken_box():
    placer = Placer(FRAME)
    placer.take(np.array([40, 30, 60, 50]))
    spot = placer.place(np.array([[50.0, 40.0], [80.0, 40.0]]), 10, 4, np.array([0.0, 9.0]))
    assert (spot.x, spot.y) == (80.0, 40.0)


def test_a_label_with_no_room_is_refused_not_squeezed():
    placer = Placer(FRAME)
    placer.take(np.array([0, 0, 100, 80]))
    assert placer.place(np.array([[50.0, 40.0]]), 10, 4, np.zeros(1)) is None


def test_a_label_prefers_ground_without_important_lines():
    placer = Placer(FRAME)
    placer.avoid(np.array([shapely.LineString([(0, 20), (100, 20)])], dtype=object))
    spot = placer.place(np.array([[50.0, 20.0], [50.0, 60.0]]), 20, 4, np.array([0.0, 1.0]))
    assert spot.y == 60.0


def test_the_leader_of_a_callout_does_not_cross_another():
    placer = Placer(FRAME)
    first = placer.place_callout((30.0, 40.0), 5, 5)
    second = placer.place_callout((31.0, 45.0), 5, 5)
    one = shapely.LineString([(30.0, 40.0), (first.x, first.y)])
    other = shapely.LineString([(31.0, 45.0), (second.x, second.y)])
    assert not one.intersects(other)


def test_equal_input_gives_an_equal_place():
    spots = []
    for _ in range(2):
        placer = Placer(FRAME)
        placer.avoid(np.array([shapely.LineString([(0, 0), (100, 80)])], dtype=object))
        spots.append([placer.place_callout((50.0, 40.0 + n), 5, 5) for n in range(6)])
    assert spots[0] == spots[1]


def test_candidates_within_a_polygon_keep_the_whole_box_inside():
    house = shapely.Polygon([(0, 0), (40, 5), (39, 20), (-1, 15)])
    centres, _ = within(house, 12, 5)
    assert len(centres)
    boxes = shapely.box(*boxes_at(centres, 12, 5).T)
    assert shapely.covers(house, boxes).all()


def test_letters_along_a_line_are_never_upside_down():
    for end in ((50, 1), (-50, 1), (1, 50), (-1, -50)):
        _, angles, _ = along(np.array([shapely.LineString([(0, 0), end])]))
        assert (np.abs(angles) <= 90).all()


def test_places_around_a_symbol_do_not_cover_it():
    centres, _ = around((10.0, 10.0), 8, 3, gap=1.0)
    gaps = np.abs(centres - 10.0) - (4.0, 1.5)
    assert (gaps.max(axis=1) >= 1.0 - 1e-9).all()
