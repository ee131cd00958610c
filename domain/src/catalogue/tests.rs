use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{Platform, Stack, recorded};

/// The recorded stack's records in the shape of CMR's answer.
fn recorded_page() -> Option<Value> {
    let stack = recorded::json("burst_stack_174_372326_IW3_VV_full.json")?;
    let items: Vec<Value> = stack
        .as_array()
        .unwrap()
        .iter()
        .map(|record| json!({ "meta": record["meta"], "umm": record["umm"] }))
        .collect();
    Some(json!({ "hits": items.len(), "took": 1, "items": items }))
}

fn parse(value: &Value) -> CataloguePage {
    CataloguePage::parse(value.to_string().as_bytes()).unwrap()
}

fn one_record(umm: &Value) -> Value {
    json!({ "hits": 1, "items": [{ "meta": {}, "umm": umm }] })
}

const NAME: &str = "S1_372326_IW3_20180815T151642_VV_AB12-BURST";

#[test]
fn the_recorded_stack_is_read_whole() {
    let Some(page) = recorded_page() else { return };
    let page = parse(&page);
    assert_eq!((page.hits, page.acquisitions.len(), page.left_out.len()), (Some(166), 166, 0));
    for acquisition in &page.acquisitions {
        assert_eq!(acquisition.burst.to_string(), "174_372326_IW3");
        assert!(acquisition.state.is_some() && acquisition.orbit.is_some() && acquisition.ipf.is_some());
        assert!(acquisition.bytes.is_some_and(|b| (100_000_000..200_000_000).contains(&b)));
        assert_eq!(acquisition.outline.as_ref().map(Vec::len), Some(7));
        assert!(acquisition.start.seconds_since(acquisition.granule.time()).abs() < 3.0);
    }
    let of = |platform: Platform| {
        page.acquisitions.iter().filter(|a| a.platform.as_ref() == Some(&platform)).count()
    };
    assert_eq!((of(Platform::S1A), of(Platform::S1B)), (32, 134));
    let first = &page.acquisitions[0];
    assert_eq!(first.start.to_string(), "2014-10-17T15:16:18.260108Z");
    assert_eq!(
        (first.orbit, first.bytes, first.ipf.as_deref()),
        (Some(2871), Some(144_671_472), Some("002.72"))
    );
    assert_eq!(first.centre, Some([-135.917_406_937_361, 57.042_826_492_973_29]));
    let state = first.state.unwrap();
    assert_eq!(state.post.position, [-2_411_303.735_329, -3_209_285.233_999, 5_817_281.520_437]);
    assert_eq!(state.pre.time.to_string(), "2014-10-17T15:16:14Z");
    let stack = Stack::new(first.burst, first.granule.polarization(), page.acquisitions.clone());
    assert_eq!(stack.acquisitions().len(), 166);
}

#[test]
fn what_a_record_does_not_say_stays_unknown() {
    let page = parse(&one_record(&json!({ "GranuleUR": NAME })));
    let [acquisition] = page.acquisitions.as_slice() else { panic!("{page:?}") };
    assert_eq!(acquisition.burst.to_string(), "174_372326_IW3");
    assert_eq!(acquisition.start.to_string(), "2018-08-15T15:16:42Z");
    let unknown = (&acquisition.platform, acquisition.orbit, acquisition.bytes, acquisition.centre);
    assert_eq!(unknown, (&None, None, None, None));
    assert!(acquisition.state.is_none() && acquisition.outline.is_none() && acquisition.ipf.is_none());
}

#[test]
fn drifting_fields_are_read_all_the_same() {
    let page = parse(&json!({ "hits": "1", "items": [{ "meta": { "native-id": NAME }, "umm": {
        "TemporalExtent": { "SingleDateTime": "2018-08-15T15:16:43" },
        "OrbitCalculatedSpatialDomains": [{ "OrbitNumber": "12276" }],
        "AdditionalAttributes": [
            { "Name": "GROUP_ID", "Values": ["S1B_IWDV_0400_0405_012276_174"] },
            { "Name": "BYTE_LENGTH", "Values": [141_000_000] },
            { "Name": "CENTER_LAT", "Values": [57.0] }, { "Name": "CENTER_LON", "Values": "-135.9" },
            { "Name": "SV_POSITION_PRE", "Values": ["1,2,three,2018-08-15T15:16:40"] },
            { "Name": "SOMETHING_NEW", "Values": [] }, 7,
        ],
    } }] }));
    assert_eq!(page.hits, Some(1));
    let [acquisition] = page.acquisitions.as_slice() else { panic!("{page:?}") };
    assert_eq!(acquisition.platform, Some(Platform::S1B));
    assert_eq!((acquisition.orbit, acquisition.bytes), (Some(12_276), Some(141_000_000)));
    assert_eq!(acquisition.centre, Some([-135.9, 57.0]));
    assert_eq!(acquisition.start.to_string(), "2018-08-15T15:16:43Z");
    assert!(acquisition.state.is_none());
}

#[test]
fn records_that_cannot_be_used_are_left_out_and_named() {
    let contradicting = json!({ "GranuleUR": NAME,
        "AdditionalAttributes": [{ "Name": "BURST_ID_FULL", "Values": ["064_136231_IW2"] }] });
    let page = parse(&json!({ "items": [
        { "umm": { "GranuleUR": "S1A_IW_SLC__1SDV_20180815" } }, { "umm": contradicting }, {}, 3, { "umm": { "GranuleUR": NAME } },
    ] }));
    assert_eq!((page.hits, page.acquisitions.len()), (None, 1));
    let reasons: Vec<_> = page.left_out.iter().map(|l| (l.name.as_str(), l.reason.as_str())).collect();
    assert_eq!(reasons.len(), 4);
    assert!(
        reasons[0].0 == "S1A_IW_SLC__1SDV_20180815" && reasons[0].1.contains("look like S1_"),
        "{reasons:?}"
    );
    assert!(reasons[1].0 == NAME && reasons[1].1.contains("064_136231_IW2"), "{reasons:?}");
    assert_eq!(reasons[2], ("?", "it has no name"));
}

#[test]
fn what_is_no_answer_is_refused_with_a_sentence() {
    let whole = one_record(&json!({ "GranuleUR": NAME })).to_string();
    let cut = &whole.as_bytes()[..whole.len() - 3];
    for (body, part) in [
        (&b""[..], "is empty"),
        (b" \n ", "is empty"),
        (b"<!DOCTYPE html><html>", "web page"),
        (cut, "breaks off after"),
        (
            br#"{"errors":["Parameter [x] was not\nrecognized."]}"#,
            "refused the search: Parameter [x] was not recognized.",
        ),
        (b"[", "breaks off after"),
        (
            br#"{"error":{"type":"ERROR","report":"fullBurstID: no such burst"}}"#,
            "refused the search: fullBurstID: no",
        ),
        (br#"{"features":7}"#, "not a list of granules"),
        (b"{}", "no \"items\""),
        (b"service unavailable", "not a list of granules"),
    ] {
        let error = CataloguePage::parse(body).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
    let enormous = vec![b' '; MAX_PAGE_BYTES].into_iter().chain(*b"{}").collect::<Vec<u8>>();
    assert_eq!(CataloguePage::parse(&enormous), Err(CatalogueError::TooLong(MAX_PAGE_BYTES + 2)));
}

/// The same record in the shapes of CMR and of ASF: equal but for what ASF does not tell.
#[test]
fn asfs_geojson_says_what_cmr_says_but_for_the_orbit_states() {
    let Some(page) = recorded_page() else { return };
    let Some(geojson) = recorded::json("burst_stack_174_372326_IW3_VV.geojson") else { return };
    let (theirs, ours) = (parse(&page).acquisitions, parse(&geojson).acquisitions);
    assert_eq!((theirs.len(), ours.len()), (166, 166));
    for (a, b) in theirs.into_iter().zip(ours) {
        assert_eq!(Acquisition { state: None, ..a }, b);
    }
}

/// The recorded file holds properties, metadata and geometry of each acquisition; a single one stands alone in another.
#[test]
fn a_list_of_whole_records_and_a_single_one_are_read_too() {
    let (Some(list), Some(one)) = (
        recorded::json("burst_stack_174_372326_IW3_VV_full.json"),
        recorded::json("burst_granule_174_372326_IW3_20180815_full.json"),
    ) else {
        return;
    };
    let all = parse(&list).acquisitions;
    assert_eq!(all, parse(&recorded_page().unwrap()).acquisitions);
    let [single] = parse(&one).acquisitions.try_into().unwrap();
    assert!(single.state.is_some());
    assert!(all.iter().any(|a| a.granule == single.granule && a.state == single.state));
}

#[test]
fn a_search_by_area_has_several_bursts_and_an_slc_is_left_out() {
    if let Some(search) = recorded::json("search_intersects_146_3131xx_IW2_HH_120.geojson") {
        let page = parse(&search);
        assert_eq!((page.acquisitions.len(), page.left_out.len()), (120, 0));
        assert!(page.acquisitions.iter().all(|a| a.bytes.is_some() && a.state.is_none()));
    }
    if let Some(slc) = recorded::json("Fairbanks_SLC_jsonlite2.json") {
        let page = parse(&slc);
        assert!(
            page.acquisitions.is_empty() && page.left_out[0].reason.contains("is not a burst acquisition")
        );
    }
}

/// DERIVED: the keys of a recorded jsonlite2 answer (of an SLC) with the values of a recorded burst of the same stack.
#[test]
fn jsonlite2_of_a_burst_is_read() {
    let page = parse(&json!({ "results": [{
        "bm": "IW", "d": "SENTINEL-1A", "f": null, "fd": "DESCENDING", "gid": "S1A_IWSV_0403_0408_002871_174",
        "gn": "S1_372326_IW3_20141017T151617_VV_3B42-BURST", "o": ["2871"], "p": 174, "pge": "002.72", "po": "VV",
        "s": 141.280_734, "st": "2014-10-17T15:16:18.260108", "pt": "BURST", "pb": 19, "tb": -1398,
        "wu": "POLYGON((-135.291731 56.886748,-135.229996 57.081936,-136.536267 57.200845,-135.291731 56.886748))",
        "s1b": { "fullBurstID": "174_372326_IW3", "relativeBurstID": 372_326, "subswath": "IW3" } }] }));
    let [acquisition] = page.acquisitions.as_slice() else { panic!("{page:?}") };
    assert_eq!(acquisition.burst.to_string(), "174_372326_IW3");
    assert_eq!((acquisition.platform.as_ref(), acquisition.orbit), (Some(&Platform::S1A), Some(2871)));
    assert_eq!(acquisition.start.to_string(), "2014-10-17T15:16:18.260108Z");
    assert!(acquisition.bytes.is_some_and(|b| b.abs_diff(144_671_472) < 1_000), "{:?}", acquisition.bytes);
    assert_eq!(
        (acquisition.ipf.as_deref(), acquisition.outline.as_ref().map(Vec::len)),
        (Some("002.72"), Some(4))
    );
    assert!(acquisition.state.is_none());
}

#[test]
fn the_second_way_is_asfs_service_or_the_catalogues_neighbour() {
    assert_eq!(second_way(CMR).as_deref(), Some(ASF));
    let local = "http://localhost:1/catalogue/search/granules.umm_json";
    assert_eq!(second_way(local).as_deref(), Some("http://localhost:1/catalogue/services/search/param"));
    assert_eq!(second_way("https://example.org/mirror"), None);
    let url = asf_query_url(ASF, "064_136231_IW2".parse().unwrap());
    assert!(url.contains("param?dataset=SLC-BURST&fullBurstID=064_136231_IW2&"), "{url}");
}

#[test]
fn a_search_that_finds_nothing_is_an_empty_page() {
    for body in ["[]", r#"{"results":[]}"#, r#"{"type":"FeatureCollection","features":[]}"#] {
        assert_eq!(CataloguePage::parse(body.as_bytes()), Ok(CataloguePage::default()));
    }
    assert_eq!(
        parse(&json!({ "hits": 0, "items": [] })),
        CataloguePage { hits: Some(0), ..CataloguePage::default() }
    );
}

#[test]
fn the_query_names_burst_polarization_and_order() {
    let burst = "064_136231_IW2".parse().unwrap();
    assert_eq!(
        query_url(CMR, burst, Some(Polarization::Vv), 9_999),
        "https://cmr.earthdata.nasa.gov/search/granules.umm_json?collection_concept_id=C2709161906-ASF\
         &attribute%5B%5D=string,BURST_ID_FULL,064_136231_IW2&attribute%5B%5D=string,POLARIZATION,VV\
         &page_size=2000&sort_key%5B%5D=start_date"
    );
    let url = query_url("http://localhost:1/search?provider=ASF", burst, None, 10);
    assert!(
        url.contains("?provider=ASF&collection")
            && !url.contains("POLARIZATION")
            && url.contains("page_size=10&")
    );
}

proptest! {
    #[test]
    fn never_panics_on_bytes(body in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = CataloguePage::parse(&body);
    }

    #[test]
    fn a_record_with_one_field_replaced_is_read_or_left_out(
        field in 0usize..6,
        strange in prop_oneof![
            Just(json!(null)), Just(json!(-1.5)), Just(json!([])), Just(json!({})), Just(json!([[{}]])), Just(json!("x")),
        ],
    ) {
        let fields = ["TemporalExtent", "AdditionalAttributes", "Platforms", "SpatialExtent", "PGEVersionClass",
            "OrbitCalculatedSpatialDomains"];
        let mut umm = json!({ "GranuleUR": NAME });
        umm[fields[field]] = strange;
        let page = parse(&one_record(&umm));
        prop_assert_eq!(page.acquisitions.len() + page.left_out.len(), 1);
    }
}
