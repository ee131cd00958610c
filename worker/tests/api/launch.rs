//! Launching.

use insta::assert_json_snapshot;
use serde_json::{Value, json};

use crate::world::{ORIGIN, local};

pub(crate) fn granule(day: u32) -> String {
    format!("S1_372326_IW3_201806{day:02}T151600_VV_ABCD-BURST")
}

/// Two pairs of June 2018 over Mount Edgecumbe.
pub(crate) fn request() -> Value {
    json!({
        "burst": "174_372326_IW3", "polarization": "VV", "looks": "20x4", "water_mask": false, "name": "Edgecumbe",
        "pairs": [[granule(4), granule(16)], [granule(16), granule(28)]],
        "platforms": {granule(4): "SENTINEL-1B", granule(16): "SENTINEL-1B", granule(28): "SENTINEL-1B"},
        "batch": "k3v9x2ab",
    })
}

#[tokio::test]
async fn a_launch_starts_one_run_and_tells_its_number() {
    let world = local();
    let answer = world.send("/api/v1/launches", &request()).await;
    assert_eq!((answer.status, answer.header("content-type")), (201, "application/json"));
    assert_json_snapshot!("launched", answer.json());
    assert_json_snapshot!("dispatched", *world.github.changes.borrow());
}

#[tokio::test]
async fn the_same_launch_sent_twice_is_one_run() {
    let world = local();
    let first = world.send("/api/v1/launches", &request()).await;
    let second = world.send("/api/v1/launches", &request()).await;
    assert_eq!((second.status, second.json()), (201, first.json()));
    assert_eq!(world.github.changes.borrow().len(), 1);
}

#[tokio::test]
async fn a_run_whose_number_is_not_told_is_found_by_its_mark() {
    for lose in [false, true] {
        let world = local();
        world.github.tells_no_id.set(!lose);
        world.github.loses_answer.set(lose);
        world.github.lists_late.set(3);
        let answer = world.send("/api/v1/launches", &request()).await;
        assert_eq!((answer.status, &answer.json()["runs"][0]["run"]), (201, &json!(crate::github::FIRST)));
        assert_eq!(world.github.changes.borrow().len(), 1);
        assert!(world.clock.0.borrow().as_secs() >= 3, "it waits between two looks");
    }
}

#[tokio::test]
async fn a_launch_that_nobody_can_confirm_is_not_sent_twice() {
    let world = local();
    world.github.loses_dispatch.set(true);
    let answer = world.send("/api/v1/launches", &request()).await;
    assert_eq!((answer.status, answer.header("retry-after")), (502, "60"));
    assert_json_snapshot!("launch_uncertain", answer.json());
    assert_eq!(world.github.changes.borrow().len(), 1);
}

/// What each wrong launch is told; the table of the first path's promises.
#[tokio::test]
async fn wrong_input_is_refused_before_anything_starts() {
    let world = local();
    let mut told = Vec::new();
    let with = |field: &str, value: Value| {
        let mut request = request();
        request[field] = value;
        request
    };
    let pair = |a: String, b: String| json!([[a, b]]);
    let vh = |day| granule(day).replace("_VV_", "_VH_");
    for (what, request) in [
        ("an unknown burst", with("burst", json!("174_1_IW3"))),
        ("no burst identifier at all", with("burst", json!("Mount Edgecumbe"))),
        ("a secondary older than the reference", with("pairs", pair(granule(16), granule(4)))),
        ("two different bursts", with("pairs", pair(granule(4), granule(16).replace("372326", "372327")))),
        ("VH", with("polarization", json!("VH"))),
        ("granules in VH", with("pairs", pair(vh(4), vh(16)))),
        ("no pair", with("pairs", json!([]))),
        ("the same pair twice", with("pairs", json!([[granule(4), granule(16)], [granule(4), granule(16)]]))),
        ("a name that artifacts may not have", with("name", json!("summer/2018"))),
        ("300 pairs", with("pairs", json!(vec![[granule(4), granule(16)]; 300]))),
        ("another platform", with("platforms", json!({granule(4): "SENTINEL-1E"}))),
        ("unknown looks", with("looks", json!("1x1"))),
        ("no batch", with("batch", json!(""))),
        ("pairs that are none", with("pairs", json!("all"))),
        ("a field that nobody knows", with("workflow", json!("ci.yml"))),
    ] {
        let answer = world.send("/api/v1/launches", &request).await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (422, "application/problem+json"),
            "{what}"
        );
        told.push(json!({"what": what, "answer": answer.json()}));
    }
    assert_json_snapshot!("launch_refusals", told);
    assert_eq!(*world.github.changes.borrow(), Vec::<String>::new());
}

#[tokio::test]
async fn what_is_not_json_is_no_launch() {
    let world = local();
    let cookie = world.session("writer", None);
    let own = [("cookie", cookie.as_str()), ("origin", ORIGIN)];
    let json = [own[0], own[1], ("content-type", "application/json; charset=utf-8")];
    for body in ["", "burst=174", "{\"burst\":", "\u{feff}"] {
        let answer = world.ask("POST", "/api/v1/launches", &json, body).await;
        assert_eq!((answer.status, &answer.json()["type"]), (400, &json!("not-json")), "{body:?}");
    }
    let form = [own[0], own[1], ("content-type", "application/x-www-form-urlencoded")];
    let answer = world.ask("POST", "/api/v1/launches", &form, "{}").await;
    assert_eq!(answer.status, 415);
    assert_json_snapshot!("not_declared_as_json", answer.json());
    assert_json_snapshot!("not_json", world.ask("POST", "/api/v1/launches", &json, "burst=174").await.json());
}

#[tokio::test]
async fn a_name_that_was_made_to_point_here_does_not_make_its_page_our_own() {
    let world = local();
    for path in ["/api/v1/launches", "/api/v1/sign-out"] {
        let answer = world.send(&format!("http://rebound.example:8787{path}"), &request()).await;
        assert_eq!(answer.status, 403);
    }
    let answer = world.look("http://rebound.example:8787/api/v1/sign-in").await;
    assert_eq!((answer.status, answer.header("location")), (403, ""));
    assert_eq!(*world.github.changes.borrow(), Vec::<String>::new());
}

#[tokio::test]
async fn another_sites_page_cannot_use_the_visitor() {
    let world = local();
    let cookie = world.session("writer", None);
    let ask = async |headers: &[(&str, &str)]| {
        let known = [("cookie", cookie.as_str()), ("content-type", "application/json")];
        let headers = [known.as_slice(), headers].concat();
        world.ask("POST", "/api/v1/launches", &headers, &request().to_string()).await
    };
    for foreign in [
        [("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")],
        [("origin", "null"), ("sec-fetch-site", "same-origin")],
        [("origin", "http://127.0.0.1:9999"), ("sec-fetch-site", "same-origin")],
        [("origin", ORIGIN), ("sec-fetch-site", "cross-site")],
        [("origin", ORIGIN), ("sec-fetch-site", "same-site")],
        [("origin", ORIGIN), ("sec-fetch-site", "none")],
    ] {
        let answer = ask(&foreign).await;
        assert_eq!(answer.status, 403, "{foreign:?}");
        assert_json_snapshot!("other_site", answer.json());
    }
    let nameless = ask(&[]).await;
    assert_eq!(nameless.status, 403);
    assert_json_snapshot!("no_origin", nameless.json());
    assert_eq!(*world.github.changes.borrow(), Vec::<String>::new());
    // A program in a terminal has no sec-fetch-site, and no cookie that others could use.
    assert_eq!(ask(&[("origin", ORIGIN)]).await.status, 201);
}
