use super::*;

fn granule(day: u32) -> String {
    format!("S1_372326_IW3_201806{day:02}T151600_VV_ABCD-BURST")
}

fn request() -> LaunchRequest {
    LaunchRequest {
        burst: "174_372326_IW3".into(),
        polarization: "VV".into(),
        looks: "20x4".into(),
        pairs: vec![[granule(4), granule(16)], [granule(16), granule(28)]],
        batch: "k3v9x2ab".into(),
        ..LaunchRequest::default()
    }
}

fn finding(change: impl FnOnce(&mut LaunchRequest)) -> String {
    let mut request = request();
    change(&mut request);
    Launch::parse(&request).unwrap_err()[0].detail.clone()
}

#[test]
fn a_good_request_becomes_a_launch_with_its_dispatch_inputs() {
    let launch = Launch::parse(&LaunchRequest { name: " Summer ".into(), ..request() }).unwrap();
    assert_eq!(launch.pairs.len(), 2);
    let inputs = dispatch_inputs(&launch, 1).unwrap();
    assert_eq!(inputs["workflow_name"], "Summer");
    assert_eq!(inputs["apply_water_mask"], "false");
    assert!(inputs["pairs"].starts_with("[[\"S1_372326_IW3_20180604T151600_VV_ABCD-BURST\""));
}

#[test]
fn wrong_input_is_refused_with_what_to_change() {
    assert!(finding(|r| r.burst = "174_1_IW3".into()).contains("not on track 174"));
    assert!(finding(|r| r.pairs[0].reverse()).contains("swap them"));
    assert!(
        finding(|r| r.pairs[0][1] = r.pairs[0][1].replace("372326", "372327")).contains("same burst twice")
    );
    assert!(finding(|r| r.polarization = "VH".into()).contains("VV or HH"));
    assert!(finding(|r| r.pairs.clear()).contains("choose at least one"));
    assert!(finding(|r| r.pairs[1] = r.pairs[0].clone()).contains("twice"));
    assert!(finding(|r| r.name = "a/b".into()).contains("'/'"));
    assert!(finding(|r| r.name = "a [b]".into()).contains("brackets"));
    assert!(finding(|r| r.looks = "1x1".into()).contains("choose 20x4"));
    assert!(finding(|r| r.batch = "../..".into()).contains("6 to 24"));
    assert!(finding(|r| r.pairs = vec![r.pairs[0].clone(); 300]).contains("take 44 pairs out"));
    let stranger = finding(|r| {
        r.platforms.insert(granule(4), "SENTINEL-1E".into());
    });
    assert!(stranger.contains("SENTINEL-1E"), "{stranger}");
}

#[test]
fn neighbours_are_launched_together() {
    let beside = |day| granule(day).replace("372326", "372327");
    let mut request = request();
    request.burst = "174_372326_IW3 174_372327_IW3".into();
    request.pairs = vec![[beside(4), beside(16)], [granule(4), granule(16)]];
    let launch = Launch::parse(&request).unwrap();
    assert_eq!(dispatch_inputs(&launch, 1).unwrap()["burstId"], request.burst);
    let names: Vec<String> =
        launch.pairs.iter().map(|p| JobName::of(p, &launch.bursts, launch.looks).to_string()).collect();
    assert_eq!(
        names,
        ["174_372326_IW3_20180604_20180616_VV_20x4", "174_372327_IW3_20180604_20180616_VV_20x4"]
    );
    request.pairs.push([beside(4), beside(16)]);
    assert!(Launch::parse(&request).unwrap_err()[0].detail.contains("twice"));
    request.pairs = vec![[granule(4).replace("IW3", "IW2"), granule(16).replace("IW3", "IW2")]];
    assert!(Launch::parse(&request).unwrap_err()[0].detail.contains("one of these"));
    request.burst = "174_372326_IW3 064_136231_IW2".into();
    assert!(Launch::parse(&request).unwrap_err()[0].detail.contains("too far"));
}

#[test]
fn findings_are_many_but_not_endless() {
    let mut request = request();
    request.pairs = vec![["x".into(), "y".into()]; 200];
    assert_eq!(Launch::parse(&request).unwrap_err().len(), MAX_FINDINGS);
}

#[test]
fn the_largest_run_fits_the_limit_on_inputs() {
    let day = |n: i32| {
        let date = time::Date::from_julian_day(2_457_000 + 12 * n).unwrap();
        format!("S1_372326_IW3_{}T151600_VV_ABCD-BURST", crate::timestamp::compact_day_text(date))
    };
    let pairs = (0..256).map(|n| [day(n), day(n + 1)]).collect();
    let launch = Launch::parse(&LaunchRequest { pairs, ..request() }).unwrap();
    let chars: usize = dispatch_inputs(&launch, 1).unwrap().values().map(String::len).sum();
    assert!(chars < MAX_INPUT_CHARS, "{chars}");
}

#[test]
fn a_title_carries_its_batch() {
    let (front, mark) = BatchPart::split_title("174_372326_IW3 Summer [k3v9x2ab/2]");
    assert_eq!(front, "174_372326_IW3 Summer");
    assert_eq!(mark.unwrap().to_string(), "[k3v9x2ab/2]");
    for plain in ["174_372326_IW3", "a [b]", "[x/1]", "[k3v9x2ab/0]", "]"] {
        assert_eq!(BatchPart::split_title(plain), (plain, None));
    }
}
