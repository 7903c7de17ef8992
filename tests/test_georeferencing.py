"""Every type of locality becomes a point, a radius that holds the footprint, and regions; doubts are told, nothing is invented."""

import math

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap import geodesy
from geomap.columns import METRES, precision_codes
from geomap.georeferencing import locate, locate_many
from geomap.georeferencing.protocol import converted_from, precision, read, unknown_datum
from geomap.model import Distance, Locality, Offset, Place, Resolution, Span, Toponym

NOWHERE = Span(0, 0)
SIRTE = Place("gm:sirte", "Sirte", "PPLA", 16.5887, 31.2089, 5_000.0, "LY")
TRIPOLI = Place("gm:tripoli", "Tripoli", "PPLC", 13.1875, 32.8752, 15_000.0, "LY")
BANI_WALID = Place("gm:bani-walid", "Bani Walid", "PPL", 13.9942, 31.7566, 4_000.0, "LY")
LIBYA = Place("gm:libya", "Libya", "PCLI", 17.5, 27.0, 900_000.0, "LY", footprint=shapely.box(9.5, 19.5, 25.0, 33.0))
CYRENAICA = Place("gm:cyrenaica", "Cyrenaica", "RGN", 22.5, 29.0, 500_000.0, "LY", footprint=shapely.box(20.0, 25.0, 25.0, 33.0))


def km(value, high=None, unit="km", modifier=None, written=None, other=None):
    return Distance(NOWHERE, value, high or value, unit, written or f"{value:g}", modifier, other)


def offset(distance, wind=None, bearing=None):
    return Offset(NOWHERE, distance, geodesy.BEARINGS[wind] if wind else bearing, wind)


def said(type_, *places, offsets=(), **more):
    anchors = tuple(Toponym(Span(i, i + 1), place.name) for i, place in enumerate(places))
    locality = Locality(NOWHERE, type_, anchors, tuple(offsets), **more)
    return locality, [Resolution(anchor, place) for anchor, place in zip(anchors, places, strict=True)]


def where(type_, *places, offsets=(), within=(), land=None, named=None, **more):
    return locate(*said(type_, *places, offsets=offsets, **more), within=within, land=land, named=named)


def distance(one, lon, lat):
    return float(geodesy.inverse(one.lon, one.lat, lon, lat)[0])


# -- numbers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "step"),
    [(10, 1), (15, 1), (30, 1), (100, 10), (140, 10), (200, 10), (1000, 100), (7, 1), (10.25, 0.25), (10.5, 0.5), (10.6, 0.1)],
)
def test_precision_is_read_from_the_number_as_written(value, step):
    assert precision(value) == pytest.approx(step)


def test_a_written_zero_behind_the_point_counts():
    assert precision(10.0, "10.0") == pytest.approx(0.1)
    assert precision(160.0, "١٦٠") == 10


@pytest.mark.parametrize(
    ("value", "unit", "original"),
    [
        (161, "km", (100, "mi")), (160, "km", (100, "mi")), (240, "km", (150, "mi")), (48, "km", (30, "mi")),
        (93, "mi", (150, "km")), (37, "km", (20, "nmi")), (100, "km", None), (45, "km", None), (20, "km", None), (150, "mi", None),
    ],
)  # fmt: skip
def test_conversions_are_recognised(value, unit, original):
    assert converted_from(float(value), unit) == original


def test_a_conversion_takes_the_precision_of_its_original_and_says_so():
    length = read(km(161))
    assert length.precision == pytest.approx(10 * METRES["mi"])
    assert any("100 mi" in remark for remark in length.remarks)


def test_two_units_that_agree_take_the_coarser_precision():
    length = read(km(100, unit="mi", other=km(161)))
    assert length.at == pytest.approx(100 * METRES["mi"])
    assert length.precision == pytest.approx(10 * METRES["mi"])


def test_two_units_that_contradict_are_both_kept_and_said():
    length = read(km(150, unit="mi", other=km(100)))
    assert (length.low, length.high) == (pytest.approx(100e3), pytest.approx(150 * METRES["mi"]))
    assert any("contradict" in remark for remark in length.remarks)


def test_an_unknown_datum_costs_kilometres_that_depend_on_the_place():
    assert 3_000 < unknown_datum(69.2, 34.6) < unknown_datum(23.3, 24.2) < 5_359


# -- types of locality ------------------------------------------------------------------------------------------------


def test_a_distance_at_a_heading():
    ref = where("FOH", SIRTE, offsets=[offset(km(160), "SE")])
    assert (ref.lat, ref.lon) == (pytest.approx(30.183, abs=1e-3), pytest.approx(17.763, abs=1e-3))
    far = 160e3 + 5e3 + 5 * METRES["mi"]  # extent, and half of the ten miles that 160 km was made from
    radius = math.sqrt(far**2 + 160e3**2 - 2 * far * 160e3 * math.cos(math.radians(22.5)))
    assert ref.uncertainty_m == pytest.approx(radius, abs=0.01)
    assert ref.protocol.endswith("2020")
    assert ref.plausible_50.area < ref.plausible_80.area < ref.plausible.area


def test_the_arabic_and_the_english_wording_make_one_georeference():
    arabic = where("FOH", SIRTE, offsets=[offset(km(160, written="١٦٠"), "SE")])
    english = where("FOH", SIRTE, offsets=[offset(km(160), "SE")])
    assert (arabic.lon, arabic.lat, arabic.uncertainty_m) == (english.lon, english.lat, english.uncertainty_m)


def test_a_distance_without_a_heading_is_a_ring_about_the_anchor():
    ref = where("FO", SIRTE, offsets=[offset(km(65))])
    assert (ref.lon, ref.lat) == (pytest.approx(SIRTE.lon), pytest.approx(SIRTE.lat))
    assert ref.uncertainty_m == pytest.approx(65e3 + 5e3 + 0.5e3)
    assert not ref.footprint.contains(shapely.Point(SIRTE.lon, SIRTE.lat))


def test_the_place_itself_has_its_radial():
    ref = where("F", SIRTE)
    assert ref.uncertainty_m == pytest.approx(5_000)
    assert geodesy.area(ref.footprint) == pytest.approx(math.pi * 5_000**2, rel=0.01)


def test_a_district_of_which_only_the_town_is_known_reaches_farther():
    district = Toponym(Span(0, 1), "Bani Walid", "district")
    found = locate(Locality(NOWHERE, "F", (district,)), [Resolution(district, BANI_WALID)])
    assert (found.lon, found.lat, found.uncertainty_m) == (BANI_WALID.lon, BANI_WALID.lat, 15_000.0)
    assert "only the place of that name is known" in found.remarks[0]


def test_near_a_place_adds_a_buffer_and_says_which():
    ref = where("F-near", SIRTE)
    assert ref.uncertainty_m == pytest.approx(10_000)
    assert any("5 km added" in remark for remark in ref.remarks)


def test_a_heading_alone_reaches_as_far_as_its_anchor_is_great():
    camp = Place("gm:camp", "Nuseirat", "PPL", 34.39, 31.45, 1_500.0, "PS")
    small, great = where("FH", camp, offsets=[offset(None, "W")]), where("FH", TRIPOLI, offsets=[offset(None, "W")])
    assert distance(small, camp.lon, camp.lat) < 10_000.0 < distance(great, TRIPOLI.lon, TRIPOLI.lat)
    assert small.uncertainty_m < great.uncertainty_m


def test_a_heading_without_a_distance_ends_at_the_border_that_is_known():
    alone = where("FH", SIRTE, offsets=[offset(None, "S")])
    closed = where("FH", SIRTE, offsets=[offset(None, "S")], within=[LIBYA])
    assert alone.uncertainty_m < 60_000
    assert closed.footprint.bounds[1] == pytest.approx(19.5, abs=0.01)
    assert any("border" in remark for remark in closed.remarks)


def test_between_two_places_lies_the_midpoint_with_half_their_distance():
    ref = where("F-between", SIRTE, TRIPOLI)
    apart = float(geodesy.inverse(SIRTE.lon, SIRTE.lat, TRIPOLI.lon, TRIPOLI.lat)[0])
    assert distance(ref, SIRTE.lon, SIRTE.lat) == pytest.approx(apart / 2, abs=1)
    assert ref.uncertainty_m == pytest.approx(apart / 2, rel=1e-3)
    assert len(ref.resolutions) == 2


def test_orthogonal_offsets_take_headings_as_exact():
    ref = where("FOO", SIRTE, offsets=[offset(km(3), "N"), offset(km(2), "E")])
    assert distance(ref, SIRTE.lon, SIRTE.lat) == pytest.approx(math.hypot(3e3, 2e3), abs=0.01)
    assert ref.uncertainty_m == pytest.approx(math.sqrt(2) * 500 + 5_000, abs=0.01)


def test_along_a_road_the_straight_distance_may_be_shorter():
    ref = where("FPOH", SIRTE, offsets=[offset(km(77), "E")])
    assert ref.footprint.intersects(shapely.Point(*(float(v) for v in geodesy.destination(SIRTE.lon, SIRTE.lat, 90, 50e3))))
    assert any("path" in remark for remark in ref.remarks)


def test_off_a_coast_the_land_is_cut_away():
    land = shapely.box(10, 20, 25, SIRTE.lat)
    ref = where("F-offshore", SIRTE, land=land)
    assert ref.footprint.bounds[1] == pytest.approx(SIRTE.lat, abs=1e-6)
    assert "clipped to the sea" in ref.remarks


def test_on_land_the_sea_is_cut_away():
    ref = where("FOH", SIRTE, offsets=[offset(km(10), "E")], land=shapely.box(10, 20, 25, 31.21))
    assert ref.footprint.bounds[3] <= 31.21
    assert any("clipped to land" in remark for remark in ref.remarks)


def test_part_of_a_region_is_the_half_towards_the_wind():
    ref = where("region-part", LIBYA, part="S")
    assert ref.footprint.bounds[3] < 26.5
    assert ref.lat < 25
    assert geodesy.reach(ref.lon, ref.lat, ref.footprint) <= ref.uncertainty_m


def test_a_region_has_its_own_outline():
    ref = where("region", CYRENAICA)
    assert ref.footprint.equals(CYRENAICA.footprint)
    assert geodesy.reach(ref.lon, ref.lat, ref.footprint) == pytest.approx(ref.uncertainty_m)


def test_the_countryside_of_a_town_is_not_the_town():
    whole, south = where("region", BANI_WALID), where("region", BANI_WALID, part="S")
    assert whole.uncertainty_m == pytest.approx(44_000, rel=0.01)  # ten times the town's own radial beyond it
    assert south.lat < BANI_WALID.lat and south.footprint.area < 0.6 * whole.footprint.area
    assert geodesy.reach(south.lon, south.lat, south.footprint) <= south.uncertainty_m
    assert any("the half of it towards S" in remark for remark in south.remarks)


def test_the_countryside_of_two_towns_holds_both():
    both = where("region", BANI_WALID, SIRTE)
    assert all(both.footprint.contains(shapely.Point(town.lon, town.lat)) for town in (BANI_WALID, SIRTE))
    assert geodesy.reach(both.lon, both.lat, both.footprint) <= both.uncertainty_m


def test_two_anchors_meet_in_one_spot():
    ref = where("FOH", SIRTE, TRIPOLI, offsets=[offset(km(200), "W"), offset(km(210), "SE")])
    assert ref.footprint.contains(shapely.Point(ref.lon, ref.lat))
    assert "point and footprint where the clauses meet" in ref.remarks
    assert ref.uncertainty_m < where("FOH", SIRTE, offsets=[offset(km(200), "W")]).uncertainty_m


def test_two_anchors_that_do_not_meet_are_both_kept():
    ref = where("FOH", SIRTE, TRIPOLI, offsets=[offset(km(20), "E"), offset(km(20), "W")])
    assert ref.footprint.geom_type == "MultiPolygon"
    assert any("do not meet" in remark for remark in ref.remarks)


def test_coordinates_in_the_text_are_as_fine_as_written():
    ref = where("coordinates", point=(17.76, 30.18), precision_deg=0.01)
    assert (ref.lon, ref.lat) == (pytest.approx(17.76), pytest.approx(30.18))
    assert ref.uncertainty_m == pytest.approx(math.hypot(1108.6, 963.4), rel=1e-3)
    assert ref.footprint.contains(shapely.Point(17.76, 30.18))


def test_at_least_less_than_and_few_open_the_band_on_one_side():
    plain, least, less, few = (
        where("FO", SIRTE, offsets=[offset(km(40, modifier=m))]) for m in (None, "at_least", "less_than", "few")
    )
    centre = shapely.Point(SIRTE.lon, SIRTE.lat)
    assert less.footprint.contains(centre) and not plain.footprint.contains(centre)
    assert least.uncertainty_m > plain.uncertainty_m
    assert few.uncertainty_m < plain.uncertainty_m
    assert all(ref.remarks for ref in (least, less, few))


def test_a_range_puts_the_point_in_its_middle():
    ref = where("FOH", SIRTE, offsets=[offset(km(20, 60, modifier="range"), "S")])
    assert distance(ref, SIRTE.lon, SIRTE.lat) == pytest.approx(40e3, abs=0.01)
    assert ref.footprint.intersects(shapely.Point(*(float(v) for v in geodesy.destination(SIRTE.lon, SIRTE.lat, 180, 22e3))))


def test_a_short_offset_from_a_wide_place_says_little_more_than_the_place():
    ref = where("FOH", TRIPOLI, offsets=[offset(km(1), "S")])
    assert geodesy.area(ref.plausible) > geodesy.area(ref.footprint)
    assert any("shorter than" in remark for remark in ref.remarks)


def test_a_distance_around_the_earth_is_no_offset():
    assert where("FO", SIRTE, offsets=[offset(km(25_000))]).lat is None


# -- doubt ------------------------------------------------------------------------------------------------------------


def test_an_unknown_place_has_no_point():
    locality, _ = said("FOH", SIRTE, offsets=[offset(km(160), "SE")])
    ref = locate(locality, [Resolution(locality.anchors[0], None)])
    assert ref.lon is ref.lat is ref.uncertainty_m is ref.footprint is None
    assert ref.remarks == ("unknown place: Sirte",)
    assert ref.resolutions


def test_one_unknown_place_does_not_disturb_the_others():
    known, mine = said("F", SIRTE)
    first, second = locate_many([said("F", TRIPOLI)[0], known], [[], mine])
    assert first.lat is None
    assert second.lat == pytest.approx(SIRTE.lat)


def test_a_named_place_that_contradicts_the_offset_is_a_warning():
    fits = where("FOH", TRIPOLI, offsets=[offset(km(147), "SE")], named=BANI_WALID)
    wrong = where("FOH", TRIPOLI, offsets=[offset(km(400), "SE")], named=BANI_WALID)
    assert not any("warning" in remark for remark in fits.remarks)
    assert any(remark.startswith("warning") and "Bani Walid" in remark for remark in wrong.remarks)
    assert wrong.lat == where("FOH", TRIPOLI, offsets=[offset(km(400), "SE")]).lat


def test_a_reversed_direction_is_flagged_and_not_repaired():
    ref = where("FOH", TRIPOLI, offsets=[offset(km(147), "NW")], named=BANI_WALID)
    assert any("reversed?" in remark for remark in ref.remarks)
    assert ref.lat > TRIPOLI.lat


def test_a_district_clips_or_warns():
    near_its_border = where("FOH", SIRTE, offsets=[offset(km(330), "E")], within=[CYRENAICA])
    outside = where("FOH", SIRTE, offsets=[offset(km(100), "W")], within=[CYRENAICA])
    assert near_its_border.footprint.within(CYRENAICA.footprint.buffer(1e-9))
    assert any("clipped to Cyrenaica" in remark for remark in near_its_border.remarks)
    assert any("lies outside" in remark for remark in outside.remarks)
    assert outside.footprint.equals(where("FOH", SIRTE, offsets=[offset(km(100), "W")]).footprint)


# -- properties -------------------------------------------------------------------------------------------------------

anywhere = st.builds(
    lambda lon, lat, radial: Place("x", "X", "PPL", lon, lat, radial),
    st.floats(-180, 180),
    st.floats(-89, 89),
    st.floats(100, 30_000),
)
lengths = st.sampled_from([3, 8, 15, 40, 65, 100, 160, 240, 900])
winds = st.sampled_from([None, *geodesy.WINDS])
modifiers = st.sampled_from([None, "approx", "at_least", "less_than"])


@settings(max_examples=150, deadline=None)
@given(anywhere, lengths, winds, modifiers)
def test_the_radius_holds_the_footprint(place, value, wind, modifier):
    ref = where("FOH" if wind else "FO", place, offsets=[offset(km(value, modifier=modifier), wind)])
    assert ref.footprint.is_valid
    assert geodesy.reach(ref.lon, ref.lat, ref.footprint) <= ref.uncertainty_m + 0.01


@settings(max_examples=60, deadline=None)
@given(anywhere, lengths, winds, st.floats(1, 3))
def test_a_larger_hedge_never_shrinks_an_uncertainty(place, value, wind, wider):
    def radius(modifier=None, extent=place.radial_m):
        wide = Place("x", "X", "PPL", place.lon, place.lat, extent)
        return where("FOH" if wind else "FO", wide, offsets=[offset(km(value, modifier=modifier), wind)]).uncertainty_m

    assert radius("at_least") >= radius() - 1e-6
    assert radius("less_than") >= radius() - 1e-6
    assert radius("approx") == pytest.approx(radius())
    assert radius(extent=place.radial_m * wider) >= radius() - 1e-6


@settings(max_examples=60, deadline=None)
@given(anywhere, lengths, winds, modifiers)
def test_regions_are_valid_and_nested(place, value, wind, modifier):
    ref = where("FOH" if wind else "FO", place, offsets=[offset(km(value, modifier=modifier), wind)])
    areas = [geodesy.area(shape) for shape in (ref.plausible_50, ref.plausible_80, ref.plausible)]
    assert areas == sorted(areas)
    assert all(shape.is_valid for shape in (ref.plausible_50, ref.plausible_80, ref.plausible))


@pytest.mark.parametrize("level", [("plausible", 0.9), ("plausible_80", 0.8), ("plausible_50", 0.5)])
@pytest.mark.parametrize(("value", "wind"), [(8, "N"), (25, "SSW"), (160, "SE"), (65, None)])
def test_regions_hold_their_share_of_the_density(value, wind, level):
    from geomap import density
    from geomap.georeferencing.claims import claim
    from geomap.georeferencing.regions import believed

    name, share = level
    locality, mine = said("FOH" if wind else "FO", SIRTE, offsets=[offset(km(value, modifier="approx"), wind)])
    region = getattr(locate(locality, mine), name)
    lon, lat = density.sample(believed([claim(locality, [SIRTE])]), 3000)
    assert shapely.contains_xy(region, lon[0], lat[0]).mean() == pytest.approx(share, abs=0.04)


def test_a_table_of_phrases_is_one_call_and_gives_what_each_alone_gives():
    pairs = [said("FOH", SIRTE, offsets=[offset(km(v), w)]) for v in (10, 40, 161) for w in ("N", "SE", "WSW", "NbE")]
    pairs += [said("F", TRIPOLI), said("FO", SIRTE, offsets=[offset(km(30))]), said("F-between", SIRTE, TRIPOLI)]
    together = locate_many([one for one, _ in pairs], [mine for _, mine in pairs])
    for (locality, mine), ref in zip(pairs, together, strict=True):
        alone = locate(locality, mine)
        assert (ref.lon, ref.lat, ref.uncertainty_m) == (alone.lon, alone.lat, alone.uncertainty_m)
        assert shapely.equals_exact(ref.plausible, alone.plausible, 1e-9)


# -- codes of the field -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "feature", "codes"),
    [
        ({"location_type": "F"}, "PPL", (1, 1)),
        ({"location_type": "F-near"}, "PPL", (2, 2)),
        ({"location_type": "FOH", "distance_m": 17_000.0}, "PPL", (2, 2)),
        ({"location_type": "FOH", "distance_m": 75_000.0}, "PPL", (5, 2)),
        ({"location_type": "FOH", "distance_m": 240_000.0}, "PPLA", (5, 3)),
        ({"location_type": "FO", "distance_m": 60_000.0}, "PCLI", (5, 3)),
        ({"location_type": "F"}, "ADM1", (4, 3)),
        ({"location_type": "F"}, "ADM2", (3, 2)),
        ({"location_type": "F"}, "PCLI", (6, 3)),
        ({"location_type": "region-part"}, "PCLI", (5, 3)),
        ({"location_type": "P-between"}, "PPL", (5, 2)),
        ({"location_type": "FO-offshore", "distance_m": 37_000.0}, "PPL", (7, 3)),
    ],
)
def test_precision_codes_follow_the_codebooks(row, feature, codes):
    assert precision_codes({"lat": 31.0, "distance_m": None, **row}, feature) == codes


def test_no_point_has_no_precision_code():
    assert precision_codes({"lat": None, "location_type": "FOH"}, "PPL") == (None, None)


def test_several_places_named_together_are_all_held():
    ref = where("F", BANI_WALID, SIRTE)
    assert distance(ref, BANI_WALID.lon, BANI_WALID.lat) < 1
    assert all(ref.footprint.contains(shapely.Point(town.lon, town.lat)) for town in (BANI_WALID, SIRTE))
    assert ref.uncertainty_m >= distance(ref, SIRTE.lon, SIRTE.lat) + SIRTE.radial_m * 0.99
    assert any("Bani Walid, Sirte" in remark for remark in ref.remarks)
