//! `processor bursts`, `footprint` and `stack` on the built program: what people in a terminal see.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    path::PathBuf,
    process::{Command, Output},
    thread,
};

use serde_json::{Value, json};

const BURST: &str = "174_372326_IW3";

fn processor(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_processor"))
        .env_remove("GITHUB_ACTIONS")
        .env_remove("CATALOGUE_URL")
        .args(arguments)
        .output()
        .unwrap()
}

fn stdout(arguments: &[&str]) -> String {
    let output = processor(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The exit code and the last line on stderr.
fn refusal(arguments: &[&str]) -> (Option<i32>, String) {
    let output = processor(arguments);
    let last = String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or_default().to_owned();
    (output.status.code(), last)
}

fn recorded(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/asf").join(name);
    if !path.exists() {
        eprintln!("left out: the recorded {name} is not there");
        return None;
    }
    Some(path)
}

#[test]
fn bursts_at_a_place_come_as_table_lines_and_features() {
    let table = stdout(&["bursts", "--at", "-135.75,57.05"]);
    assert!(table.lines().any(|l| l.starts_with(BURST) && l.contains("descending")), "{table}");
    let csv = stdout(&["bursts", "--at", "-135.75,57.05", "--format", "csv"]);
    assert_eq!(csv.lines().count(), table.lines().count());
    assert!(csv.contains("174_372326_IW3,174,372326,IW3,descending,-135.9"), "{csv}");
    let features: Value =
        serde_json::from_str(&stdout(&["bursts", "--at=-135.75,57.05", "--format", "geojson"])).unwrap();
    let features = features["features"].as_array().unwrap();
    assert_eq!(features.len() + 1, table.lines().count());
    assert!(features.iter().all(|f| f["geometry"]["coordinates"][0].as_array().unwrap().len() == 7));
    assert!(features.iter().any(|f| f["id"] == BURST && f["properties"]["pass"] == "DESCENDING"));
}

#[test]
fn bursts_of_boxes_and_areas_go_over_the_antimeridian() {
    let lines = |arguments: &[&str]| stdout(arguments).lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    let over = lines(&["bursts", "--bbox", "179.5,-17,-179.5,-16.5"]);
    assert_eq!(over, lines(&["bursts", "--bbox", "-180.5,-17,-179.5,-16.5"]));
    assert!(over.len() > 10 && over.is_sorted());
    let area = "POLYGON((179.5 -17, -179.5 -17, -179.5 -16.5, 179.5 -16.5, 179.5 -17))";
    let covers = lines(&["bursts", "--area", area]);
    assert!(covers.iter().all(|line| line.ends_with('%')), "{covers:?}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("area.geojson");
    let ring = json!([[179.5, -17.0], [180.5, -17.0], [180.5, -16.5], [179.5, -16.5], [179.5, -17.0]]);
    fs::write(&file, json!({ "type": "Polygon", "coordinates": [ring] }).to_string()).unwrap();
    assert_eq!(covers, lines(&["bursts", "--area", file.to_str().unwrap()]));
}

#[test]
fn a_footprint_is_found_by_any_spelling_of_its_burst() {
    let expected = stdout(&["footprint", "064_136231_IW2", "--format", "geojson"]);
    for spelling in ["t064_136231_iw2", "T064-136231-IW2", "136231_IW2", "S1_136231_IW2"] {
        assert_eq!(stdout(&["footprint", spelling, "--format", "geojson"]), expected, "{spelling}");
    }
    let feature: Value = serde_json::from_str(&expected).unwrap();
    assert_eq!(feature["features"][0]["id"], "064_136231_IW2");
    assert!(stdout(&["footprint", "136231_IW2"]).contains("descending"));
}

#[test]
fn what_cannot_be_asked_is_refused_with_what_to_change() {
    let hole = "POLYGON((0 0, 4 0, 4 4, 0 0), (2 1, 3 1, 3 2, 2 1))";
    let cases: [(&[&str], i32, &str); 14] = [
        (&["bursts"], 2, "say where: --at LON,LAT"),
        (&["bursts", "--at", "57.05"], 2, "such as -135.75,57.05"),
        (&["bursts", "--at", "57.05,-135.75"], 2, "write longitude first"),
        (&["bursts", "--at", "0,89.9"], 1, "no Sentinel-1 IW burst lies there"),
        (&["bursts", "--bbox", "0,10,1,9"], 2, "south lies north"),
        (&["bursts", "--bbox", "0,1,2"], 2, "west, south, east and north"),
        (&["bursts", "--bbox=-180,-90,180,90"], 1, "more than 150000 bursts"),
        (&["bursts", "--area", hole], 2, "has a hole"),
        (&["bursts", "--area", "POLYGON((0 0, 4 4, 4 0, 0 4, 0 0))"], 2, "crosses itself"),
        (&["bursts", "--area", "no-such-file.wkt"], 2, "cannot be read"),
        (&["footprint", "999_372326_IW3"], 2, "1 to 175"),
        (&["footprint", "372326"], 2, "add it, such as 372326_IW2"),
        (&["stack", "nowhere"], 2, "such as 174_372326_IW3"),
        (&["stack", BURST, "--start", "2019-01-01", "--end", "2018-01-01"], 2, "swap them"),
    ];
    for (arguments, code, part) in cases {
        let (found, last) = refusal(arguments);
        assert_eq!(found, Some(code), "{arguments:?}: {last}");
        assert!(last.contains(part), "{arguments:?}: {last}");
    }
}

#[test]
fn the_recorded_baselines_are_printed_as_asf_has_them() {
    let Some(file) = recorded("burst_stack_174_372326_IW3_VV_full.json") else { return };
    let records: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    let table: Value = serde_json::from_str(&stdout(&[
        "stack",
        BURST,
        "--reference",
        "2018-08-15",
        "--format",
        "json",
        "--from",
        file.to_str().unwrap(),
    ]))
    .unwrap();
    let rows = table["acquisitions"].as_array().unwrap();
    assert_eq!(rows.len(), 166);
    for row in rows {
        let same = |r: &&Value| r["properties"]["sceneName"] == row["granule"];
        let theirs = &records.as_array().unwrap().iter().find(same).unwrap()["properties"];
        let apart = row["perpendicularBaselineMetres"].as_f64().unwrap()
            - theirs["perpendicularBaseline"].as_f64().unwrap();
        assert!(apart.abs() <= 0.55, "{row} {theirs}");
        assert_eq!(row["days"], theirs["temporalBaseline"]);
        assert_eq!(row["orbit"], theirs["orbit"]);
        assert_eq!(row["bytes"], theirs["bytes"]);
        assert_eq!(row["platform"], theirs["platform"]);
    }
    assert_eq!(table["gaps"].as_array().unwrap().len(), 35);
}

#[test]
fn without_orbit_states_baselines_are_unknown_and_never_zero() {
    let Some(file) = recorded("burst_stack_174_372326_IW3_VV.geojson") else { return };
    let file = file.to_str().unwrap();
    let arguments = ["stack", BURST, "--from", file, "--start", "2018-06-01", "--end", "2018-09-01"];
    let text = stdout(&arguments);
    assert_eq!(
        text.lines().filter(|l| l.contains(" unknown ") && l.contains("S1_372326")).count(),
        8,
        "{text}"
    );
    assert!(text.contains("8 of 8 perpendicular baselines are unknown"), "{text}");
    let csv = stdout(&[&arguments[..], &["--format", "csv"]].concat());
    assert!(csv.lines().nth(1).unwrap().contains(",,"), "{csv}");
    let json: Value =
        serde_json::from_str(&stdout(&[&arguments[..], &["--format", "json"]].concat())).unwrap();
    assert!(
        json["acquisitions"].as_array().unwrap().iter().all(|a| a["perpendicularBaselineMetres"].is_null())
    );
    // Other bursts' records in one file are not this burst's.
    let (code, last) = refusal(&["stack", "064_136231_IW2", "--from", file]);
    assert!(code == Some(1) && last.contains("no acquisition of 064_136231_IW2"), "{last}");
}

/// A file in a folder, by its path.
fn saved(folder: &std::path::Path, name: &str, body: &[u8]) -> String {
    let path = folder.join(name);
    fs::write(&path, body).unwrap();
    path.to_str().unwrap().to_owned()
}

/// DERIVED: names, platforms and days as they could stand in a catalogue of 2026; nothing of it was recorded.
#[test]
fn one_day_pairs_and_satellites_that_the_engine_does_not_know_are_told() {
    let item = |day: &str, platform: &str| {
        json!({ "umm": { "GranuleUR": format!("S1_372326_IW3_{day}T151600_VV_ABCD-BURST"),
            "Platforms": [{ "ShortName": platform }] } })
    };
    let folder = tempfile::tempdir().unwrap();
    let page = json!({ "hits": 6, "items": [
        item("20260505", "SENTINEL-1C"), item("20260506", "SENTINEL-1D"), item("20260612", "SENTINEL-1E"),
        item("20210104", "SENTINEL-1B"), { "umm": { "GranuleUR": "S1A_IW_SLC__1SDV" } },
    ] });
    let file = saved(folder.path(), "page.json", page.to_string().as_bytes());
    let text = stdout(&["stack", BURST, "--from", &file]);
    for part in [
        "2026-05-05  S1C",
        "2026-05-06  S1D",
        "cannot process SENTINEL-1E",
        "gap 2021-01-04 to 2026-05-05",
        "Left out S1A_IW_SLC__1SDV",
        "announced 6 acquisitions but sent 5",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains(" 0 m"), "{text}");
}

#[test]
fn files_that_are_no_answer_are_named_with_what_they_are() {
    let folder = tempfile::tempdir().unwrap();
    for (body, part) in [
        (&b"<!DOCTYPE html><html>"[..], "web page"),
        (b"", "is empty"),
        (br#"{"hits": 2, "items": [{"umm":"#, "breaks off after"),
        (br#"{"error":{"type":"ERROR","report":"dataset: no such set"}}"#, "refused the search: dataset"),
        (b"PK\x03\x04", "not a list of granules"),
    ] {
        let file = saved(folder.path(), "answer.json", body);
        let (code, last) = refusal(&["stack", BURST, "--from", &file]);
        assert!(code == Some(1) && last.contains(part) && last.contains("answer.json"), "{part}: {last}");
    }
    let enormous = folder.path().join("enormous.json");
    fs::File::create(&enormous).unwrap().set_len(3_000_000_000).unwrap();
    let (code, last) = refusal(&["stack", BURST, "--from", enormous.to_str().unwrap()]);
    assert!(code == Some(1) && last.contains("3000000000 bytes"), "{last}");
    let (_, last) = refusal(&["stack", BURST, "--from", "missing.json"]);
    assert!(last.contains("missing.json cannot be read"), "{last}");
}

#[test]
fn the_live_catalogue_is_asked_page_by_page() {
    let page = |day: u32| {
        json!({ "hits": 3, "items": [{ "umm":
            { "GranuleUR": format!("S1_372326_IW3_202001{day:02}T151600_VV_ABCD-BURST") } }] })
        .to_string()
    };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/granules.umm_json", listener.local_addr().unwrap());
    let serve = thread::spawn(move || {
        let answers = [(503, "", page(1)), (200, "a", page(1)), (200, "b", page(13)), (200, "", page(25))];
        answers.map(|(status, mark, body)| {
            let (mut stream, _) = listener.accept().unwrap();
            let lines = BufReader::new(stream.try_clone().unwrap()).lines().map(Result::unwrap);
            let asked = lines.take_while(|l| !l.is_empty()).collect::<Vec<_>>().join("\n");
            let mark = if mark.is_empty() { String::new() } else { format!("CMR-Search-After: {mark}\r\n") };
            let length = body.len();
            let head = format!("HTTP/1.1 {status} X\r\nContent-Length: {length}\r\nRetry-After: 0\r\n{mark}");
            write!(stream, "{head}Connection: close\r\n\r\n{body}").unwrap();
            asked.to_lowercase()
        })
    });
    let csv = stdout(&["stack", BURST, "--format", "csv", "--pol", "vv", "--catalogue", &address]);
    assert_eq!(csv.lines().count(), 4, "{csv}");
    let asked = serve.join().unwrap();
    assert!(asked[1].contains("burst_id_full,174_372326_iw3") && !asked[1].contains("search-after"));
    assert!(asked[2].contains("cmr-search-after: a") && asked[3].contains("cmr-search-after: b"));
}
