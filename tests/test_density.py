"""Densities integrate to one, samples follow them, and regions hold what they say they hold."""

import numpy as np
import pytest

from geomap import density, geodesy

SIRTE = (16.5887, 31.2089)
PHRASES = {
    "160 km SE": {"at": 160e3, "bearing": 135.0, "half": 22.5},
    "160 km SE, bare": {"at": 160e3, "bearing": 135.0, "half": 22.5, "bare": 1.0},
    "8 km N": {"at": 8e3, "bearing": 0.0, "half": 45.0},
    "20 to 60 km SSW": {"at": 40e3, "low": 20e3, "high": 60e3, "bearing": 202.5, "half": 11.25},
    "40 km away": {"at": 40e3},
    "the town": {"spread": 5e3},
}


def polar_grid():
    log = np.linspace(np.log(5.0), np.log(4e6), 600)
    bearing, radius = np.meshgrid(np.arange(0.75, 360, 1.5), np.exp(log), indexing="ij")
    return bearing, radius, radius**2 * (log[1] - log[0]) * np.radians(1.5)


@pytest.mark.parametrize("said", PHRASES.values(), ids=PHRASES)
def test_a_density_integrates_to_one_and_samples_follow_it(said):
    place = density.where(*SIRTE, **said)
    bearing, radius, cells = polar_grid()
    lon, lat = geodesy.destination(*SIRTE, bearing, radius)
    mass = density.density(place, lon.ravel()[None], lat.ravel()[None]).reshape(bearing.shape) * cells
    assert mass.sum() == pytest.approx(1.0, abs=0.005)
    away, towards = geodesy.inverse(*SIRTE, *(part[0] for part in density.sample(place, 4000)))
    size = max(said.get("at", 0.0), said.get("spread", 0.0))
    for within in (0.5 * size, 0.95 * size, 1.1 * size, 3.0 * size):
        assert (away < within).mean() == pytest.approx(mass[radius < within].sum(), abs=0.02)
    for turn in (10.0, 40.0, 120.0):
        beside, drawn = (np.abs(geodesy.turn(b - said.get("bearing", 0.0))) < turn for b in (bearing, towards))
        assert drawn.mean() == pytest.approx(mass[beside].sum(), abs=0.02)


def test_the_stated_point_is_likelier_than_the_opposite_one():
    place = density.where(*SIRTE, at=160e3, bearing=135.0, half=22.5)
    ahead, behind = (geodesy.destination(*SIRTE, bearing, 160e3) for bearing in (135.0, 315.0))
    assert density.log_density(place, *ahead)[0] > density.log_density(place, *behind)[0] + 3


def test_a_reversed_strike_is_never_impossible():
    place = density.where(*SIRTE, at=160e3, bearing=135.0, half=22.5)
    assert np.isfinite(density.log_density(place, [-163.0], [-31.0])).all()


def test_a_bare_long_distance_runs_long_and_a_hedged_one_does_not():
    nearer = geodesy.destination(*SIRTE, 135.0, 0.8 * 160e3)
    bare, hedged = (density.where(*SIRTE, at=160e3, bearing=135.0, half=22.5, bare=b) for b in (1.0, 0.0))
    assert density.density(bare, *nearer)[0] > 2 * density.density(hedged, *nearer)[0]


def test_overlap_is_symmetric_and_falls_with_distance():
    phrase = density.where(*SIRTE, at=160e3, bearing=135.0, half=22.5)
    near = density.where(17.763, 30.183, spread=5e3)
    far = density.where(16.5, 33.5, spread=5e3)
    assert density.overlap(phrase, near) == pytest.approx(density.overlap(near, phrase))
    assert density.overlap(phrase, near)[0] > 30 * density.overlap(phrase, far)[0]


def test_overlap_of_a_point_with_itself_is_near_the_exact_integral():
    place = density.where(*SIRTE, spread=10e3)
    lon, lat = density.sample(place, 4096)
    exact = density.density(place, lon, lat).mean()
    assert density.overlap(place, place, 64)[0] == pytest.approx(exact, rel=0.15)


def test_rows_of_a_table_can_be_taken_and_repeated():
    table = density.where([16.0, 17.0], [31.0, 30.0], spread=[1e3, 2e3])
    assert len(table[[1, 1, 0]]) == 3
    assert table[[1]].lon.tolist() == [17.0]


def test_the_weights_are_shares():
    fit = density.parameters()["fitted"]
    assert fit["weight_core"] + fit["weight_stray"] + fit["weight_turned"] == pytest.approx(1.0, abs=0.001)


def test_a_table_of_events_becomes_columns():
    table = {
        "lat": [30.18, 30.2, None], "lon": [17.76, 17.7, None], "uncertainty_m": [66e3, None, None],
        "anchor_lat": [31.2089, None, None], "anchor_lon": [16.5887, None, None], "distance_m": [160e3, None, None],
        "bearing_deg": [135.0, None, None], "location_type": ["FOH", "F", None], "location_modifier": ["approx", None, None],
    }  # fmt: skip
    place = density.of_table(table)
    assert (place.at[0], place.half[0], place.bare[0], place.at[1]) == (160e3, 22.5, 0.0, 0.0)
    found = density.log_density(place, [17.76] * 3, [30.18] * 3)
    assert np.isfinite(found[:2]).all() and np.isnan(found[2])


def test_a_table_needs_no_more_than_points():
    place = density.of_table({"lat": [30.0], "lon": [17.0], "uncertainty_m": [5e3]})
    assert density.density(place, [17.0], [30.0])[0] > density.density(place, [17.2], [30.0])[0]
