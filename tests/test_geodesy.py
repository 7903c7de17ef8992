"""Geodesics go out and back, sectors hold what they should, also at the poles and across the antimeridian."""

import antimeridian
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geomap import geodesy

lons = st.floats(-180, 180)
lats = st.floats(-89.9, 89.9)
bearings = st.floats(0, 360)
distances = st.floats(1.0, 1_000_000.0)


@given(lons, lats, bearings, distances)
def test_out_and_back_along_a_bearing(lon, lat, bearing, distance):
    there = geodesy.destination(lon, lat, bearing, distance)
    back, towards = geodesy.inverse(lon, lat, *there)
    assert back == pytest.approx(distance, abs=1e-4)
    assert abs(geodesy.turn(towards - bearing)) * np.radians(distance) < 1e-3


def test_destinations_agree_with_an_independent_geodesic():
    geographiclib = pytest.importorskip("geographiclib.geodesic", reason="geographiclib is not installed")
    rng = np.random.default_rng(1)
    lon, lat, bearing = rng.uniform(-180, 180, 200), rng.uniform(-90, 90, 200), rng.uniform(0, 360, 200)
    distance = rng.uniform(100, 2_000_000, 200)
    found = geodesy.destination(lon, lat, bearing, distance)
    for row in range(200):
        end = geographiclib.Geodesic.WGS84.Direct(lat[row], lon[row], bearing[row], distance[row])
        miss, _ = geodesy.inverse(end["lon2"], end["lat2"], found[0][row], found[1][row])
        assert miss < 1e-6


@pytest.mark.parametrize(("wind", "half"), [("N", 45.0), ("SE", 22.5), ("SSE", 11.25), ("SbE", 5.625), (None, 1.0)])
def test_a_wind_spans_half_the_gap_to_its_own_kind(wind, half):
    assert geodesy.half_angle(wind) == half


def test_thirty_two_winds_stand_eleven_and_a_quarter_degrees_apart():
    assert len(geodesy.BEARINGS) == 32
    assert (geodesy.BEARINGS["SE"], geodesy.BEARINGS["NbW"]) == (135.0, 348.75)


def test_a_sector_reaches_across_the_antimeridian():
    inside = geodesy.in_sector([-179.0, 179.0, 179.0], [0.0, 0.0, 10.0], (179.5, 0.0), 0, 200_000, 90.0, 45.0)
    assert inside.tolist() == [True, False, False]


def test_over_the_pole_a_sector_goes_on():
    beyond = geodesy.in_sector(180.0, 89.5, (0.0, 89.5), 100_000, 120_000, 0.0, 10.0)
    assert bool(beyond)


@pytest.mark.parametrize("lon", [0.0, 16.6, 179.9, -180.0])
@pytest.mark.parametrize("lat", [0.0, 31.2, -89.2, 89.9, 90.0])
@pytest.mark.parametrize(("inner", "outer", "half"), [(0, 160e3, 180), (100e3, 160e3, 180), (147e3, 173e3, 22.5), (0, 240e3, 45)])
def test_drawn_sectors_are_valid_and_have_their_area(lon, lat, inner, outer, half):
    shape = geodesy.sectors(lon, lat, inner, outer, 340.0, half)[0]
    assert shape.is_valid
    west, south, east, north = shape.bounds
    assert -180 <= west <= east <= 180
    assert -90 <= south <= north <= 90
    plane = np.pi * (outer**2 - inner**2) * half / 180
    assert geodesy.area(shape) == pytest.approx(plane, rel=0.006)


@given(lons, st.floats(-80, 80), bearings, st.sampled_from([5.625, 11.25, 22.5, 45.0]), st.floats(1e3, 4e5))
def test_what_is_drawn_lies_in_the_sector(lon, lat, bearing, half, far):
    corners = shapely.get_coordinates(geodesy.sectors(lon, lat, 0.8 * far, far, bearing, half)[0])
    corners = corners[np.abs(np.abs(corners[:, 0]) - 180.0) > 1e-9]  # the cut adds vertices on straight edges
    inside = geodesy.in_sector(corners[:, 0], corners[:, 1], (lon, lat), 0.8 * far - 1, far + 1, bearing, half + 0.01)
    assert inside.all()


def test_the_cut_agrees_with_the_antimeridian_package():
    x, y = geodesy.destination(179.0, -17.0, np.arange(360, 0, -3.0), 250_000.0)
    ours = geodesy.polygons(x, y)[0]
    theirs = antimeridian.fix_polygon(shapely.Polygon(np.column_stack([x, y])))
    assert ours.geom_type == "MultiPolygon"
    assert ours.symmetric_difference(theirs).area < 1e-5  # that package crosses on the great circle, we on the straight edge


def test_the_plane_about_a_point_leads_back():
    square = shapely.box(14, 30, 16, 32)
    again = geodesy.from_plane(geodesy.to_plane(square, 15, 31), 15, 31)
    assert again.symmetric_difference(square).area < 1e-6


def test_the_southern_half_of_a_disc():
    disc = geodesy.sectors(15, 27, 0, 300_000, 0, 180)[0]
    south, middle = geodesy.part_of(disc, "S"), geodesy.part_of(disc, "C")
    assert south.bounds[3] == pytest.approx(27.0, abs=0.1)
    assert geodesy.area(south) == pytest.approx(geodesy.area(disc) / 2, rel=0.01)
    assert middle.within(disc)


def test_an_ellipse_lies_along_its_bearing():
    west, south, east, north = geodesy.ellipse(10, 0, 100_000, 50_000, 90.0).bounds
    assert (east - west) == pytest.approx(2 * (north - south), rel=0.02)
