use std::{cell::RefCell, time::Duration};

use serde_json::{Value, json};

use super::{
    transport::{Answer, Transport},
    *,
};

/// A catalogue that gives prepared answers and remembers what it was asked.
#[derive(Default)]
struct Prepared {
    answers: RefCell<Vec<Result<Answer, String>>>,
    asked: RefCell<Vec<(String, Option<String>)>>,
    waited: RefCell<Vec<u64>>,
}

impl Prepared {
    fn new(answers: Vec<Result<Answer, String>>) -> Self {
        Self { answers: RefCell::new(answers), ..Self::default() }
    }
}

impl Transport for Prepared {
    fn get(&self, url: &str, search_after: Option<&str>) -> Result<Answer, String> {
        self.asked.borrow_mut().push((url.to_owned(), search_after.map(str::to_owned)));
        let mut answers = self.answers.borrow_mut();
        if answers.is_empty() { Err("nothing more was prepared".to_owned()) } else { answers.remove(0) }
    }

    fn wait(&self, time: Duration) {
        self.waited.borrow_mut().push(time.as_secs());
    }
}

fn granule(day: &str) -> String {
    format!("S1_372326_IW3_{day}T151603_VV_1A2B-BURST")
}

fn record(day: &str) -> Value {
    let time = format!("{}-{}-{}T15:16:03.000000Z", &day[..4], &day[4..6], &day[6..]);
    let attribute = |name: &str, value: &str| json!({"Name": name, "Values": [value]});
    json!({"meta": {"native-id": granule(day)}, "umm": {
        "GranuleUR": granule(day),
        "TemporalExtent": {"RangeDateTime": {"BeginningDateTime": time, "EndingDateTime": time}},
        "Platforms": [{"ShortName": "SENTINEL-1B"}],
        "AdditionalAttributes": [
            attribute("BURST_ID_FULL", "174_372326_IW3"), attribute("POLARIZATION", "VV"),
            attribute("AZIMUTH_TIME", &time), attribute("SUBSWATH_NAME", "IW3"),
        ],
    }})
}

fn page(days: &[&str], hits: u64, mark: Option<&str>) -> Answer {
    let body = json!({"hits": hits, "items": days.iter().map(|d| record(d)).collect::<Vec<_>>()});
    Answer {
        status: 200,
        search_after: mark.map(str::to_owned),
        body: body.to_string().into_bytes(),
        ..Answer::default()
    }
}

fn options() -> Options {
    Options {
        bursts: "174_372326_IW3".parse().unwrap(),
        polarization: Polarization::Vv,
        looks: Looks::default(),
        start: None,
        end: None,
        rule: Rule::default(),
        pairs: None,
        catalogue: "http://catalogue".to_owned(),
    }
}

fn names(chosen: &Chosen) -> Vec<String> {
    chosen.pairs.iter().map(|(name, _)| name.to_string()).collect()
}

#[test]
fn pages_are_read_to_the_end_and_dates_paired_with_the_next() {
    let catalogue = Prepared::new(vec![
        Ok(page(&["20180604", "20180616"], 3, Some("mark"))),
        Ok(page(&["20180628"], 3, None)),
    ]);
    let chosen = choose(&options(), &catalogue).unwrap();
    assert_eq!(names(&chosen), ["20180604_20180616", "20180616_20180628"]);
    assert_eq!(catalogue.asked.borrow()[1].1.as_deref(), Some("mark"));
    let matrix: Value = serde_json::from_str(&output::matrix(&chosen.pairs)).unwrap();
    assert_eq!(matrix["include"][0]["reference"], granule("20180604"));
    assert_eq!(matrix["include"][1]["name"], "20180616_20180628");
}

#[test]
fn a_network_in_parts_is_told() {
    let answer = || Prepared::new(vec![Ok(page(&["20180604", "20180616", "20190604", "20190616"], 4, None))]);
    let with = |rule: &str| choose(&Options { rule: rule.parse().unwrap(), ..options() }, &answer()).unwrap();
    assert!(with("n1.d48").notes.iter().any(|n| n.contains("in 2 parts")));
    assert_eq!(names(&with("n1.d48.j")), ["20180604_20180616", "20180616_20190604", "20190604_20190616"]);
}

#[test]
fn neighbours_are_asked_for_one_after_the_other_and_paired_alike() {
    let beside = |days: &[&str]| {
        let mut answer = page(days, days.len() as u64, None);
        let text = String::from_utf8(answer.body).unwrap();
        answer.body = text.replace("372326", "372327").replace("T151603", "T151606").into_bytes();
        Ok(answer)
    };
    let catalogue = Prepared::new(vec![
        Ok(page(&["20180604", "20180616", "20180628"], 3, None)),
        beside(&["20180604", "20180616"]),
    ]);
    let bursts = "174_372326_IW3 174_372327_IW3".parse().unwrap();
    let options = Options { bursts, ..options() };
    let chosen = choose(&options, &catalogue).unwrap();
    assert_eq!(
        names(&chosen),
        [
            "174_372326_IW3_20180604_20180616_VV_20x4",
            "174_372326_IW3_20180616_20180628_VV_20x4",
            "174_372327_IW3_20180604_20180616_VV_20x4",
        ]
    );
    assert!(catalogue.asked.borrow()[1].0.contains("174_372327_IW3"));
    assert!(
        chosen.notes.iter().any(|n| n.contains("174_372327_IW3 lacks passes") && n.contains("1 of the 2"))
    );
    let matrix: Value = serde_json::from_str(&output::matrix(&chosen.pairs)).unwrap();
    assert_eq!(matrix["include"][2]["reference"], "S1_372327_IW3_20180604T151606_VV_1A2B-BURST");
    let again: Vec<_> = chosen.pairs.iter().map(|(_, p)| [p.reference(), p.secondary()]).collect();
    let given = Options { pairs: Some(json!(again).to_string()), ..options };
    assert_eq!(choose(&given, &Prepared::default()).unwrap().pairs, chosen.pairs);
}

#[test]
fn a_busy_catalogue_is_asked_again_as_late_as_it_wants() {
    let busy = |status, retry_after| Ok(Answer { status, retry_after, ..Answer::default() });
    let catalogue = Prepared::new(vec![
        busy(503, None),
        busy(429, Some(7)),
        Err("connection reset".to_owned()),
        Ok(page(&["20180604", "20180616"], 2, None)),
    ]);
    assert_eq!(choose(&options(), &catalogue).unwrap().pairs.len(), 1);
    assert_eq!(*catalogue.waited.borrow(), [2, 7, 8]);
    let error = choose(&options(), &Prepared::default()).unwrap_err().to_string();
    assert!(error.contains("did not answer in 5 attempts"), "{error}");
}

#[test]
fn a_short_answer_is_told() {
    let catalogue = Prepared::new(vec![Ok(page(&["20180604", "20180616"], 166, None))]);
    let chosen = choose(&options(), &catalogue).unwrap();
    assert!(
        chosen.notes.iter().any(|n| n.contains("announced 166 acquisitions but sent 2")),
        "{:?}",
        chosen.notes
    );
}

#[test]
fn nothing_to_pair_and_too_much_are_refused() {
    let error = |days: &[&str], options: &Options| {
        choose(options, &Prepared::new(vec![Ok(page(days, days.len() as u64, None))]))
            .unwrap_err()
            .to_string()
    };
    assert!(error(&[], &options()).contains("no acquisition of burst 174_372326_IW3 in VV"));
    let june = Options { start: domain::timestamp::parse_day("2018-06-10"), ..options() };
    let sentence = error(&["20180604", "20180616"], &june);
    assert!(sentence.contains("1 usable of 2 dates") && sentence.contains("widen"), "{sentence}");
    let days: Vec<String> =
        (0..26).map(|i| format!("2017{:02}{:02}", i / 2 + 1 - i / 24, 1 + i % 2 * 12)).collect();
    let mut days: Vec<&str> = days.iter().map(String::as_str).collect();
    days.sort_unstable();
    days.dedup();
    let many = Options { rule: "n25".parse().unwrap(), ..options() };
    let sentence = error(&days, &many);
    assert!(sentence.contains("do not fit into one run"), "{sentence}");
    let strict = Options { rule: "n1.d6".parse().unwrap(), ..options() };
    let sentence = error(&["20180604", "20180616"], &strict);
    assert!(sentence.contains("n1.d6 proposes no pair of the 2 dates"), "{sentence}");
    let swapped = Options { end: domain::timestamp::parse_day("2018-06-01"), ..june };
    assert!(choose(&swapped, &Prepared::default()).unwrap_err().to_string().contains("swap them"));
}

#[test]
fn given_pairs_are_checked_and_nothing_is_searched() {
    let given = |json: String| {
        let options = Options { pairs: Some(json), ..options() };
        let catalogue = Prepared::default();
        let result = choose(&options, &catalogue);
        assert!(catalogue.asked.borrow().is_empty());
        result
    };
    let chosen = given(json!([[granule("20180604"), granule("20180616")]]).to_string()).unwrap();
    assert_eq!(names(&chosen), ["20180604_20180616"]);
    let twice =
        json!([[granule("20180604"), granule("20180616")], [granule("20180604"), granule("20180616")]]);
    let other = "S1_136231_IW2_20200604T022312_VV_7C85-BURST";
    let later = "S1_136231_IW2_20200616T022313_VV_5D11-BURST";
    for (json, part) in [
        ("[]".to_owned(), "no pair"),
        ("nonsense".to_owned(), "JSON list"),
        (json!([[granule("20180616"), granule("20180604")]]).to_string(), "swap them"),
        (twice.to_string(), "there twice"),
        (json!([[other, later]]).to_string(), "does not show burst"),
        (
            json!([[granule("20180604").replace("VV", "VH"), granule("20180616").replace("VV", "VH")]])
                .to_string(),
            "VV or HH",
        ),
    ] {
        let error = given(json).unwrap_err();
        assert!(matches!(error, PairsError::Arguments(_)) && error.to_string().contains(part), "{error}");
    }
}

#[test]
fn what_the_catalogue_says_is_passed_on() {
    let body = json!({"errors": ["Parameter [x] was not recognized."]}).to_string().into_bytes();
    let catalogue = Prepared::new(vec![Ok(Answer { status: 400, body, ..Answer::default() })]);
    let error = format!("{:#}", anyhow::Error::from(choose(&options(), &catalogue).unwrap_err()));
    assert!(error.contains("was not recognized"), "{error}");
    assert!(catalogue.waited.borrow().is_empty());
}
