use proptest::prelude::*;
use time::macros::date;

use super::*;
use crate::network::{Bridges, CoherenceModel, Season, YearDay, Yearly};
use crate::{
    Area, PairName,
    test_stack::{date_of, rules},
};

fn state(query: &str) -> PageState {
    PageState::from_query(query).unwrap_or_else(|e| panic!("{query}: {e}"))
}

#[test]
fn a_link_is_short_and_can_be_read_by_people() {
    let pair = |a, b| PairName { reference: date_of(a), secondary: date_of(b) };
    let page = PageState {
        bursts: Some("174_372326_IW3".parse().unwrap()),
        polarization: Some(Polarization::Vv),
        looks: Looks::L10x2,
        water_mask: true,
        rule: Rule {
            start: Some(date!(2018 - 06 - 01)),
            end: Some(date!(2018 - 08 - 31)),
            join: true,
            ..Rule::for_bursts()
        },
        edits: Edits::new([pair(154, 226)], [pair(154, 166), pair(166, 178)], [pair(154, 178)]),
        name: Some("Crater Ridge, née & co".parse().unwrap()),
        asked: Some(Asked::Point([-135.75, 57.05])),
        filter: Filter { tracks: vec![174, 50], pass: Some(Pass::Descending), subswath: Some(Subswath::Iw3) },
    };
    let query = page.to_query();
    assert_eq!(
        query,
        "v=2&burst=174_372326_IW3&pol=VV&looks=10x2&water=1&pairs=n3.d48.b200.j&from=20180601&to=20180831\
         &add=18v1av&drop=18v19719719j&lock=18v19j&name=Crater+Ridge%2C+n%C3%A9e+%26+co\
         &tracks=174.50&pass=descending&subswath=IW3&at=-135.75,57.05"
    );
    assert_eq!(state(&query), page);
    assert_eq!(state(&format!("?{query}&utm_source=chat")), page);
}

#[test]
fn bursts_that_are_taken_together_make_a_link_of_the_third_version() {
    let bursts: Bursts = "174_372326_IW3 174_372325_IW3 174_372326_IW2".parse().unwrap();
    let page = PageState { bursts: Some(bursts), ..PageState::default() };
    let query = page.to_query();
    assert_eq!(query, "v=3&burst=174_372326_IW3&with=372325_IW3.372326_IW2&looks=20x4&pairs=n1");
    assert_eq!(state(&query), page);
}

#[test]
fn what_is_left_out_has_its_usual_value() {
    assert_eq!(state(""), PageState::default());
    assert_eq!(state("?"), PageState::default());
    let page = state("burst=t174-372326-iw3&name=");
    assert_eq!(page.bursts.map(|b| b.to_string()).as_deref(), Some("174_372326_IW3"));
    assert_eq!((page.looks, page.rule, page.name), (Looks::L20x4, Rule::default(), None));
    assert_eq!(state("pairs=all").rule, Rule::all());
}

#[test]
fn links_of_the_first_version_keep_their_meaning() {
    // Never change this text: it stands for links that are out in the world.
    let page =
        state("v=1&burst=174_372326_IW3&pol=VV&looks=20x4&pairs=n1&from=20180601&add=18v1av&drop=18v197");
    assert_eq!(page.rule, Rule { start: Some(date!(2018 - 06 - 01)), ..Rule::default() });
    let names = |pairs: Vec<PairName>| pairs.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(names(page.edits.added().collect()), ["20180604_20180815"]);
    assert_eq!(names(page.edits.dropped().collect()), ["20180604_20180616"]);
}

#[test]
fn links_of_the_second_version_keep_their_meaning() {
    // Never change this text either.
    let page = state(
        "v=2&burst=174_372326_IW3&pol=VV&looks=20x4&pairs=n3.r20180604.t.m.d48.b200.s0501-1031.w0701-36-1.y15-2.j.c80-20-30-5000&lock=18v1av",
    );
    let day = |text: &str| text.parse::<YearDay>().unwrap();
    let expected = Rule {
        reference: Some(date!(2018 - 06 - 04)),
        delaunay: true,
        tree: true,
        season: Some(Season { from: day("0501"), to: day("1031") }),
        bridges: Some(Bridges { target: day("0701"), window: 36, years: 1 }),
        yearly: Some(Yearly { tolerance: 15, years: 2 }),
        join: true,
        model: CoherenceModel {
            start_percent: 80,
            floor_percent: 20,
            decay_days: 30,
            critical_metres: 5_000,
        },
        ..Rule::for_bursts()
    };
    assert_eq!(page.rule, expected);
    assert_eq!(page.edits.locked().map(|n| n.to_string()).collect::<Vec<_>>(), ["20180604_20180815"]);
}

#[test]
fn a_link_with_300_changes_by_hand_fits_where_chat_programs_cut() {
    let pair = |n: u32| PairName { reference: date_of(12 * n), secondary: date_of(12 * n + 24) };
    let page = PageState {
        bursts: Some("174_372326_IW3".parse().unwrap()),
        polarization: Some(Polarization::Vv),
        rule: Rule::for_bursts(),
        edits: Edits::new((0..100).map(pair), (100..250).map(pair), (250..300).map(pair)),
        ..PageState::default()
    };
    assert!(page.to_query().len() < 2_000, "{}", page.to_query().len());
}

fn area(text: &str) -> Area {
    text.parse().unwrap_or_else(|e| panic!("{text}: {e}"))
}

fn link_of(area: &Area) -> String {
    PageState { asked: Some(Asked::Area(Arc::new(area.clone()))), ..PageState::default() }.to_query()
}

#[test]
fn an_area_is_a_few_letters_a_corner_and_the_same_area_again() {
    for (wkt, most) in [
        ("POLYGON((-136 56.9, -135.5 56.9, -135.5 57.35, -136 57.35, -136 56.9))", 40),
        // Two parts, and one on the antimeridian.
        ("MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0)), ((5 5.00001, 6 5, 6 6.5, 5 5.00001)))", 60),
        ("POLYGON((179.5 -17, -179.5 -17, -179.5 -16, 179.5 -16, 179.5 -17))", 40),
        ("POLYGON((180 -17, -179 -17, -179 -16, 180 -16, 180 -17))", 40),
        ("POLYGON((-180 -17, -179 -17, -179 -16, -180 -16, -180 -17))", 40),
    ] {
        let area = area(wkt);
        let query = link_of(&area);
        let (_, text) = query.split_once("area=").unwrap();
        assert!(carries(&area) && text.len() <= most, "{text}");
        assert!(text.chars().all(|c| c.is_ascii_alphanumeric()), "{text}");
        assert_eq!(state(&query).asked, Some(Asked::Area(Arc::new(area))), "{query}");
    }
    // Never change this text: it stands for links that are out in the world.
    let Some(Asked::Area(old)) = state("v=2&area=14FVvJtTUZEcUwG300CPv3TwG30").asked else { panic!() };
    assert_eq!(old.to_string(), "POLYGON ((-136 56.9, -135.5 56.9, -135.5 57.35, -136 57.35, -136 56.9))");
}

/// A circle of a degree with so many corners.
fn circle(corners: u32) -> Area {
    let corner = |i: u32| {
        let turn = f64::from(i) / f64::from(corners) * std::f64::consts::TAU;
        [10.0 + turn.cos(), 45.0 + turn.sin()]
    };
    Area::of_corners(&(0..corners).map(corner).collect::<Vec<_>>()).unwrap()
}

#[test]
fn an_area_that_no_link_can_hold_is_left_out() {
    assert!(carries(&circle(250)), "{}", link_of(&circle(250)).len());
    let tiny = area("POLYGON((0 0, 0.000002 0, 0.000002 0.000002, 0 0))");
    for area in [circle(400), tiny] {
        assert!(!carries(&area));
        assert_eq!(state(&link_of(&area)).asked, None);
    }
}

#[test]
fn a_cut_area_is_never_a_smaller_one() {
    let whole = link_of(&area("MULTIPOLYGON(((0 0, 1 0, 1 1, 0 1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))"));
    let begin = whole.find("area=").unwrap() + 6;
    for cut in (begin..whole.len()).filter_map(|end| whole.get(..end)) {
        assert_eq!(PageState::from_query(cut), Err(LinkError::DamagedArea), "{cut}");
    }
}

#[test]
fn a_broken_link_says_what_is_wrong() {
    for (query, part) in [
        ("v=4&burst=174_372326_IW3", "version \"4\""),
        (
            "v=3&burst=174_372326_IW3&with=372326_IW3",
            "\"with\" is wrong: burst 174_372326_IW3 is there twice",
        ),
        ("v=3&burst=174_372326_IW3&with=372426_IW3", "too far"),
        ("v=3&burst=174_372326_IW3&with=nonsense", "\"with\" is wrong: \"nonsense\" is not a burst"),
        ("v=3&with=372326_IW3", "but not that one"),
        ("burst=999_1_IW1", "burst is wrong: track 999"),
        ("burst=hello", "such as 174_372326_IW3"),
        ("pol=VH", "made of VV or HH"),
        ("looks=7x7", "choose 20x4"),
        ("water=yes", "0 or 1"),
        ("pairs=n3.n4", "\"n4\" says again"),
        ("pairs=n100", "0 to 99, such as n3"),
        ("pairs=d%2B5", "such as d48"),
        ("pairs=é", "n3.d48.b200"),
        ("lock=18v18v", "\"lock\" is damaged"),
        ("from=yesterday", "\"from\" is \"yesterday\""),
        ("from=20180901&to=20180601", "end before they begin"),
        ("add=18v1a", "\"add\" is damaged"),
        ("drop=18v18v", "\"drop\" is damaged"),
        ("add=18v197%C3%A9", "\"add\" is damaged"),
        ("name=a%2Fb", "artifacts may not have"),
        ("pol=VV&pol=HH", "\"pol\" twice"),
        ("at=57.05", "no place such as -135.75,57.05"),
        ("at=-135.75,91", "\"-135.75,91\""),
        ("at=a,b", "\"a,b\""),
        ("at=1,2&area=4", "take \"at\" or \"area\" out"),
        ("area=1454u4E", "area is damaged"),
        ("area=-", "area is damaged"),
        ("area=13002020", "all corners of the area lie on one line"),
        ("tracks=174.176", "\"176\" is no track"),
        ("pass=up", "ascending or descending"),
        ("subswath=IW4", "IW1, IW2 or IW3"),
    ] {
        let error = PageState::from_query(query).unwrap_err().to_string();
        assert!(error.contains(part), "{query}: {error}");
    }
    let long = format!("add={}", "18v197".repeat(20_000));
    assert!(matches!(PageState::from_query(&long), Err(LinkError::TooLong(_))));
}

fn pairs() -> impl Strategy<Value = Vec<PairName>> {
    let pair = (0u32..5_000, 1u32..3_000);
    prop::collection::vec(
        pair.prop_map(|(a, days)| PairName { reference: date_of(a), secondary: date_of(a + days) }),
        0..20,
    )
}

fn page_states() -> impl Strategy<Value = PageState> {
    let burst = (1u32..=crate::burst::LAST_NUMBER, 0usize..3)
        .prop_map(|(number, subswath)| BurstId::of_number(number, Subswath::ALL[subswath]).unwrap());
    let others = prop::collection::btree_set((1u32..=crate::bursts::REACH, 0usize..3), 0..4);
    let bursts = (burst, others).prop_map(|(burst, others)| {
        let after = |(step, subswath): (u32, usize)| {
            BurstId::of_number(burst.number() + step, Subswath::ALL[subswath]).ok()
        };
        others.into_iter().filter_map(after).try_fold(Bursts::from(burst), Bursts::with).unwrap()
    });
    let range = (prop::option::of(0u32..3_000), prop::option::of(3_000u32..6_000));
    let rule = (range, rules()).prop_map(|((start, end), rule)| Rule {
        start: start.map(date_of),
        end: end.map(date_of),
        ..rule
    });
    let polarization = prop_oneof![Just(Polarization::Vv), Just(Polarization::Hh)];
    let name = "[a-zA-Z0-9 &=+%#é,;-]{1,60}".prop_filter_map("a name", |text| text.parse().ok());
    (
        prop::option::of(bursts),
        prop::option::of(polarization),
        0usize..3,
        any::<bool>(),
        rule,
        (pairs(), pairs(), pairs()),
        prop::option::of(name),
        (prop::option::of(asked()), filters()),
    )
        .prop_map(
            |(
                bursts,
                polarization,
                looks,
                water_mask,
                rule,
                (added, dropped, locked),
                name,
                (asked, filter),
            )| {
                PageState {
                    bursts,
                    polarization,
                    looks: Looks::ALL[looks],
                    water_mask,
                    rule,
                    edits: Edits::new(added, dropped, locked),
                    name,
                    asked,
                    filter,
                }
            },
        )
}

/// Points and areas on the steps of a link; areas are stars round a place, which never cross themselves.
fn asked() -> impl Strategy<Value = Asked> {
    let steps = |steps: i32| f64::from(steps) / 1e5;
    let point = (-18_000_000i32..18_000_000, -9_000_000i32..=9_000_000)
        .prop_map(move |(x, y)| Asked::Point([x, y].map(steps)));
    let reaches = || prop::collection::vec(1_000.0f64..300_000.0, 3..20);
    let ring =
        (-17_000_000i32..17_000_000, -8_000_000i32..8_000_000, reaches()).prop_map(|(x, y, reaches)| {
            let turn = std::f64::consts::TAU / reaches.len() as f64;
            let corner = |(i, reach): (usize, &f64)| {
                let (east, north) = (reach * (i as f64 * turn).cos(), reach * (i as f64 * turn).sin());
                [(f64::from(x) + east).round() / 1e5, (f64::from(y) + north).round() / 1e5]
            };
            reaches.iter().enumerate().map(corner).collect::<Vec<_>>()
        });
    let area = prop::collection::vec(ring, 1..4)
        .prop_filter_map("an area", |rings| Some(Asked::Area(Arc::new(Area::of_rings(rings).ok()?))));
    prop_oneof![point, area]
}

fn filters() -> impl Strategy<Value = Filter> {
    let pass = prop_oneof![Just(None), Just(Some(Pass::Ascending)), Just(Some(Pass::Descending))];
    let subswath = prop::option::of((0usize..3).prop_map(|i| Subswath::ALL[i]));
    (prop::collection::vec(1u8..=175, 0..4), pass, subswath).prop_map(|(tracks, pass, subswath)| Filter {
        tracks,
        pass,
        subswath,
    })
}

proptest! {
    #[test]
    fn a_page_comes_back_from_its_link(page in page_states()) {
        let query = page.to_query();
        prop_assert!(query.is_ascii() && !query.contains(' '));
        prop_assert_eq!(PageState::from_query(&query), Ok(page));
    }

    #[test]
    fn never_panics(query in ".{0,80}", key in 0usize..KEYS.len()) {
        let _ = PageState::from_query(&query);
        let _ = PageState::from_query(&format!("{}={query}", KEYS[key]));
    }

    #[test]
    fn letters_that_make_no_area_never_panic_and_one_that_they_make_comes_back(text in "[0-9a-zA-Z]{0,60}") {
        if let Ok(page) = PageState::from_query(&format!("area={text}")) {
            let again = PageState::from_query(&page.to_query());
            prop_assert_eq!(again, Ok(page));
        }
    }
}
