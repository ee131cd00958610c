use geo::{Area as _, BooleanOps, Coord, LineString, Polygon, Validation};
use proptest::prelude::*;

use super::*;
use crate::{
    BurstId, Footprint, Subswath,
    geodesy::{longitude_near, wrap_longitude},
};

fn refused(text: &str) -> String {
    text.parse::<Area>().unwrap_err().to_string()
}

#[test]
fn wkt_and_geojson_say_the_same_area() {
    let expected =
        Area::of_corners(&[[-136.0, 57.0], [-135.5, 57.0], [-135.5, 57.2], [-136.0, 57.2]]).unwrap();
    for text in [
        "POLYGON((-136 57, -135.5 57, -135.5 57.2, -136 57.2, -136 57))",
        " polygon ( (-136.0 57.0 , -135.5 57,-135.5 57.2,-136 57.2) ) ",
        "SRID=4326;POLYGON Z ((-136 57 3, -135.5 57 3, -135.5 57.2 3, -136 57.2 3, -136 57 3));",
        "MULTIPOLYGON(((-136 57, -135.5 57, -135.5 57.2, -136 57.2, -136 57)))",
        r#"{"type":"Polygon","coordinates":[[[-136,57],[-135.5,57],[-135.5,57.2],[-136,57.2],[-136,57]]]}"#,
        r#"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},
            "features":[{"type":"Feature","properties":{},"geometry":null},{"type":"Feature","properties":null,"geometry":
            {"type":"MultiPolygon","coordinates":[[[[-136,57,1],[-135.5,57,1],[-135.5,57.2,1],[-136,57.2,1],[-136,57,1]]]]}}]}"#,
    ] {
        assert_eq!(text.parse::<Area>().as_ref(), Ok(&expected), "{text}");
    }
    assert_eq!(expected.to_string().parse::<Area>().unwrap(), expected);
    let two = "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 0, 6 0, 6 1, 5 0)))";
    assert_eq!(two.parse::<Area>().unwrap().to_string(), two);
    // The other way round and begun elsewhere it is the same surface.
    let turned: Area = "POLYGON((-136 57.2, -135.5 57.2, -135.5 57, -136 57, -136 57.2))".parse().unwrap();
    assert_eq!(turned.covers(), expected.covers());
}

#[test]
fn what_is_no_area_is_refused_with_what_to_change() {
    for (text, part) in [
        ("", "paste a polygon"),
        ("Mount Edgecumbe", "neither WKT nor GeoJSON"),
        ("POINT(1 2)", "POINT has no surface"),
        (r#"{"type":"LineString","coordinates":[[0,0],[1,1]]}"#, "LineString has no surface"),
        ("GEOMETRYCOLLECTION(POINT(1 2))", "POLYGON and MULTIPOLYGON are"),
        ("POLYGON EMPTY", "there is no area"),
        ("POLYGON((0 0, 4 0, 4 4, 0 4, 0 0), (1 1, 2 1, 2 2, 1 2, 1 1))", "has a hole"),
        (
            r#"{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,0]],[[2,1],[3,1],[3,2],[2,1]]]}"#,
            "has a hole",
        ),
        ("POLYGON((0 0, 4 4, 4 0, 0 4, 0 0))", "crosses itself near longitude 2.0000, latitude 2.0000"),
        ("POLYGON((0 0, 4 0, 4 4, 2 0, 0 4, 0 0))", "crosses itself near longitude 2.0000, latitude 0.0000"),
        ("POLYGON((0 0, 1 0, 0 0))", "fewer than three"),
        ("POLYGON((0 0, 0 0, 0 0))", "fewer than three"),
        ("POLYGON((0 0, 1 1, 2 2, 0 0))", "on one line"),
        ("POLYGON((0 0, 1 0, 1 1", "breaks off"),
        ("POLYGON((0 0, 1 0, 1 north, 0 0))", "\"1 north\" is no longitude"),
        ("POLYGON((0 0, 1 0, 1 1, 0 0)) and more", "\"and more\" stands after its end"),
        ("POLYGON(0 0, 1 0, 1 1, 0 0)", "\"0 0, 1 0, 1 1, 0 0)\" stands where \"(\" should"),
        ("SRID=32608;POLYGON((0 0, 1 0, 1 1, 0 0))", "reference system 32608"),
        ("POLYGON((57 -135, 57 -136, 58 -136, 57 -135))", "write longitude first"),
        ("POLYGON((500000 6000000, 500100 6000000, 500100 6000100, 500000 6000000))", "look like metres"),
        ("POLYGON((0 80, 120 80, -120 80, 0 80))", "round a pole"),
        (r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1]"#, "breaks off"),
        (r#"{"type":"Polygon","coordinates":[[["a",0],[1,0],[1,1]]]}"#, "no longitude and latitude"),
        (r#"{"type":"Topology"}"#, "\"Topology\" is no type"),
        (r#"{"features":[]}"#, "has no \"type\""),
        (r#"{"type":"FeatureCollection","features":[]}"#, "there is no area"),
        ("[1,2", "breaks off"),
        ("POLYGON((-80 -60, 0 -60, 80 -60, 80 60, 0 60, -80 60, -80 -60))", "more than 3000 bursts"),
    ] {
        let text = refused_or_covers(text);
        assert!(text.contains(part), "{text}");
    }
}

fn refused_or_covers(text: &str) -> String {
    text.parse::<Area>().and_then(|area| area.covers()).unwrap_err().to_string()
}

#[test]
fn a_million_corners_are_refused_and_five_thousand_are_not() {
    let circle = |corners: u32| {
        let corner = |i: u32| {
            let (sin, cos) = (f64::from(i) / f64::from(corners) * std::f64::consts::TAU).sin_cos();
            format!("{:.7} {:.7}", 10.0 + cos, 45.0 + sin)
        };
        format!("POLYGON(({}))", (0..corners).map(corner).collect::<Vec<_>>().join(","))
    };
    assert!(refused(&circle(1_000_000)).contains("MB of text: simplify it to at most 5000 corners"));
    assert!(refused(&circle(6_000)).contains("more than 5000 corners"));
    let area: Area = circle(4_999).parse().unwrap();
    assert!(area.covers().unwrap().len() > 50);
}

#[test]
fn the_burst_that_has_most_of_a_volcano_comes_first() {
    // Mount Edgecumbe's crater: many bursts cover all of it, the most central one is first.
    let crater: Area = "POLYGON((-135.77 57.04, -135.73 57.04, -135.73 57.06, -135.77 57.06, -135.77 57.04))"
        .parse()
        .unwrap();
    let covers = crater.covers().unwrap();
    let bursts: Vec<String> = covers.iter().map(|c| c.footprint.burst.to_string()).collect();
    let expected = crate::coverage::covering(crater.middle());
    assert_eq!(bursts.first(), expected.first().map(|f| f.burst.to_string()).as_ref());
    assert!(bursts.contains(&"174_372326_IW3".to_owned()), "{bursts:?}");
    assert!(covers.is_sorted_by(|a, b| a.share >= b.share));
    // All of Kruzof Island is too large for one burst of IW3.
    let island: Area =
        "POLYGON((-136 56.9, -135.5 56.9, -135.5 57.35, -136 57.35, -136 56.9))".parse().unwrap();
    let covers = island.covers().unwrap();
    let share = covers.iter().find(|c| c.footprint.burst.to_string() == "174_372326_IW3").unwrap().share;
    assert!((0.3..0.6).contains(&share), "{share}");
}

#[test]
fn an_area_on_the_antimeridian_is_one_piece() {
    let split = "MULTIPOLYGON(((179.5 -17, 180 -17, 180 -16.5, 179.5 -16.5, 179.5 -17)),\
                 ((-180 -17, -179.5 -17, -179.5 -16.5, -180 -16.5, -180 -17)))";
    let [whole, split]: [Vec<Cover>; 2] =
        ["POLYGON((179.5 -17, -179.5 -17, -179.5 -16.5, 179.5 -16.5, 179.5 -17))", split]
            .map(|text| text.parse::<Area>().unwrap().covers().unwrap());
    let shares = |covers: &[Cover]| {
        let mut all: Vec<_> = covers.iter().map(|c| (c.footprint.burst, c.share)).collect();
        all.sort_by_key(|(burst, _)| *burst);
        all
    };
    let (whole, split) = (shares(&whole), shares(&split));
    assert_eq!(whole.len(), split.len());
    assert!(whole.len() > 10);
    for ((a, one), (b, other)) in whole.iter().zip(&split) {
        assert!(a == b && (one - other).abs() < 1e-5, "{a} {one} {b} {other}");
    }
}

/// The surface within a closed line by many small steps of Simpson's rule: not the closed form of the code.
fn simpson(line: &LineString) -> f64 {
    let strip = |a: &Coord, b: &Coord| {
        let f = |t: f64| (a.y + t * (b.y - a.y)).to_radians().sin();
        let sum: f64 = (0..64)
            .map(|i| (f64::from(i) / 64.0, f64::from(i + 1) / 64.0))
            .map(|(from, to)| (f(from) + 4.0 * f(f64::midpoint(from, to)) + f(to)) / 6.0 / 64.0)
            .sum();
        (b.x - a.x) * sum
    };
    line.0.windows(2).map(|edge| strip(&edge[0], &edge[1])).sum::<f64>().abs()
}

/// What a geometry library finds to be shared, in units of the surface of the sphere.
fn oracle(ring: &[[f64; 2]], footprint: &Footprint, middle: f64) -> f64 {
    let shift = longitude_near(footprint.centre[0], middle) - footprint.centre[0];
    let polygon = |ring: Vec<[f64; 2]>| Polygon::new(LineString::from(ring), Vec::new());
    let outline = polygon(footprint.outline.iter().map(|[x, y]| [x + shift, *y]).collect());
    let shared = polygon(ring.to_vec()).intersection(&outline);
    shared.iter().map(|p| simpson(p.exterior()) - p.interiors().iter().map(simpson).sum::<f64>()).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn shares_are_those_of_a_geometry_library(
        number in 1..=crate::burst::LAST_NUMBER, radii in prop::collection::vec(0.1..1.5f64, 3..12),
        dx in -0.5..0.5, dy in -0.3..0.3,
    ) {
        let centre = Footprint::of(BurstId::of_number(number, Subswath::Iw2).unwrap()).centre;
        let wider = 1.0 / centre[1].to_radians().cos();
        let corner = |(i, radius): (usize, &f64)| {
            let (sin, cos) = (i as f64 / radii.len() as f64 * std::f64::consts::TAU).sin_cos();
            [centre[0] + (dx + radius * cos) * wider, centre[1] + dy + radius * sin]
        };
        let corners: Vec<[f64; 2]> = radii.iter().enumerate().map(corner).collect();
        // A star round its middle is simple; written as people do, between -180 and 180.
        let wrapped: Vec<[f64; 2]> = corners.iter().map(|[x, y]| [wrap_longitude(*x), *y]).collect();
        prop_assume!(corners.iter().all(|c| c[1].abs() < 89.0));
        let area = Area::of_corners(&wrapped).unwrap();
        let ring = &area.rings()[0];
        prop_assert!(Polygon::new(LineString::from(ring.clone()), Vec::new()).is_valid());
        let [west, _, east, _] = Area::bounds(ring);
        let middle = f64::midpoint(west, east);
        let covers = area.covers().unwrap();
        let whole = simpson(&LineString::from(ring.clone()));
        for cover in covers.iter().filter(|c| c.share > 0.01) {
            let expected = oracle(ring, &cover.footprint, middle) / whole;
            prop_assert!((cover.share - expected).abs() < 2e-4, "{} {} {expected}", cover.footprint.burst, cover.share);
        }
        // Whatever covers the middle covers some of the area.
        let inside = [centre[0] + dx * wider, centre[1] + dy];
        for footprint in crate::coverage::covering(inside) {
            prop_assert!(covers.iter().any(|c| c.footprint.burst == footprint.burst), "{}", footprint.burst);
        }
    }
}

proptest! {
    #[test]
    fn never_panics(text in ".{0,80}") {
        let _ = text.parse::<Area>();
    }

    #[test]
    fn never_panics_on_something_like_wkt(text in "(SRID=4326;)?(POLYGON|MULTIPOLYGON) ?[ZM]?[(), 0-9.-]{0,60}") {
        let _ = text.parse::<Area>().map(|area| area.covers());
    }

    #[test]
    fn crossings_are_those_of_a_geometry_library(
        corners in prop::collection::vec((-20i32..20, -20i32..20), 3..8),
    ) {
        let corners: Vec<[f64; 2]> = corners.iter().map(|(x, y)| [f64::from(*x), f64::from(*y)]).collect();
        let mut distinct = corners.clone();
        distinct.dedup();
        let mut closed = distinct.clone();
        closed.push(distinct[0]);
        closed.dedup();
        let polygon = Polygon::new(LineString::from(closed.clone()), Vec::new());
        let valid = closed.len() >= 4 && polygon.is_valid() && polygon.unsigned_area() > 0.0;
        let taken = Area::of_corners(&corners);
        if valid {
            prop_assert!(taken.is_ok(), "{corners:?} {taken:?}");
        } else if let Ok(area) = taken {
            // A spike back along its own edge has no surface and does no harm.
            prop_assert!(area.rings()[0].len() >= 4);
        }
    }
}
