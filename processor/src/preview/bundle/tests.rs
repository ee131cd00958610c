use domain::{
    Looks, Pair,
    preview::{Bundle, manifest::CheckCode},
};

use super::*;
use crate::{
    engine::Choice,
    interferogram::{self, Options},
};

fn options(reference: &str, secondary: &str, out: &Path) -> Options {
    let name = |day: &str| format!("S1_372326_IW3_{day}T151603_VV_1A2B-BURST").parse().unwrap();
    let pair = Pair::new(name(reference), name(secondary)).unwrap();
    Options { pair, looks: Looks::L20x4, water_mask: false, out: out.to_owned() }
}

fn preview(reference: &str, secondary: &str) -> Bundle {
    let folder = tempfile::tempdir().unwrap();
    let options = options(reference, secondary, folder.path());
    interferogram::run(&options, Choice::Simulated).unwrap();
    let name = options.pair.name().to_string();
    let path = make(folder.path(), Some(&name), &folder.path().join("preview")).unwrap().bundle;
    assert_eq!(path.file_name().unwrap().to_string_lossy(), format!("{name}.preview.zip"));
    let bytes = fs::read(path).unwrap();
    println!("{name}: {} bytes", bytes.len());
    assert!(bytes.len() < 500_000, "{}", bytes.len());
    Bundle::read(&bytes).unwrap()
}

fn codes(bundle: &Bundle) -> Vec<CheckCode> {
    bundle.manifest().checks.iter().map(|c| c.code).collect()
}

#[test]
fn a_good_pair_has_pictures_numbers_and_no_findings() {
    let bundle = preview("20180604", "20180616");
    let manifest = bundle.manifest();
    assert!(manifest.is_done() && manifest.engine.simulated);
    assert_eq!(manifest.pair.bursts[0].to_string(), "174_372326_IW3");
    assert_eq!((manifest.pair.days, manifest.pair.water_mask), (Some(12), Some(false)));
    let grid = manifest.grid.unwrap();
    assert!(grid.width().max(grid.height()) <= 640 && grid.width() >= 530, "{grid:?}");
    // Mount Edgecumbe lies on the quick-look.
    assert!(grid.pixel_at([-135.75, 57.05]).is_some());
    assert_eq!(manifest.layers.len(), 3);
    let statistics = manifest.statistics.clone().unwrap();
    assert!(statistics.valid_share > 0.99);
    let coherence = statistics.coherence.unwrap();
    assert!((0.05..0.95).contains(&coherence.median));
    assert_eq!(manifest.missing, Vec::<String>::new());
    assert_eq!(codes(&bundle), []);
    assert!(bundle.thumb().is_some() && bundle.log().unwrap().contains("SIMULATED"));
    assert!(manifest.attribution[0].contains("Simulated"));
}

#[test]
fn flaws_on_purpose_are_found_and_named() {
    for (pair, flaw, code) in [
        (["20180616", "20180628"], "whole turn", CheckCode::UnwrappingJump),
        (["20180803", "20180815"], "lost most", CheckCode::LowCoherence),
        (["20180722", "20180803"], "badly aligned", CheckCode::StrongRamp),
    ] {
        let bundle = preview(pair[0], pair[1]);
        let manifest = bundle.manifest();
        assert!(manifest.engine.flaws.iter().any(|f| f.contains(flaw)), "{:?}", manifest.engine.flaws);
        assert!(codes(&bundle).contains(&code), "{pair:?} {:?} {:?}", manifest.checks, manifest.statistics);
    }
}

#[test]
fn a_failed_job_has_a_bundle_that_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let options = options("20180604", "20180616", folder.path());
    let job = Job {
        reference: options.pair.reference().clone(),
        secondary: options.pair.secondary().clone(),
        looks: Looks::L20x4,
        water_mask: true,
        engine: EngineInfo {
            name: "hyp3-isce2".into(),
            version: "3.0.2".into(),
            simulated: false,
            flaws: vec![],
        },
        outcome: Outcome::Failed { reason: "The archive did not deliver the data.".into(), hint: None },
        product: None,
        attempts: 3,
        seconds: 412.0,
        peak_memory: None,
        finished: None,
    };
    job.write(folder.path()).unwrap();
    fs::write(folder.path().join(job::LOG), "x\n".repeat(40_000) + "HTTPError: 503 Server Error\n").unwrap();
    let path = make(folder.path(), None, folder.path()).unwrap().bundle;
    let bundle = Bundle::read(&fs::read(path).unwrap()).unwrap();
    assert!(!bundle.manifest().is_done() && bundle.thumb().is_none());
    assert_eq!(bundle.manifest().run.attempts, Some(3));
    assert_eq!(bundle.manifest().pair.reference[0], job.reference);
    let log = bundle.log().unwrap();
    assert!(log.len() <= LOG_BYTES && log.ends_with("503 Server Error\n") && log.starts_with("x\n"));
    assert!(bundle.manifest().attribution.iter().any(|a| a.contains("Copernicus Sentinel data 2018")));
}

#[test]
fn a_missing_or_broken_product_is_told_and_never_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    let read = |folder: &Path| {
        Bundle::read(&fs::read(make(folder, Some("a_pair"), folder).unwrap().bundle).unwrap()).unwrap()
    };
    let reason = |bundle: &Bundle| match &bundle.manifest().outcome {
        Outcome::Failed { reason, .. } => reason.clone(),
        Outcome::Done => String::new(),
    };
    assert!(reason(&read(folder.path())).contains("There is no product"));
    let name = "S1_372326_IW3_20180604_20180616_VV_INT80_0000";
    let product = folder.path().join(name);
    fs::create_dir(&product).unwrap();
    assert!(reason(&read(folder.path())).contains("none of its layers can be read"));
    fs::write(product.join(format!("{name}_corr.tif")), b"II*\0nonsense").unwrap();
    let sentence = reason(&read(folder.path()));
    assert!(sentence.contains("corr.tif: is no TIFF"), "{sentence}");
    fs::write(folder.path().join(job::FILE), b"{").unwrap();
    assert!(read(folder.path()).manifest().missing[0].contains("job.json"));
    for name in ["", "../x", "a/b", ".x"] {
        assert!(make(folder.path(), Some(name), folder.path()).is_err(), "{name}");
    }
}

#[test]
fn one_layer_is_enough_and_the_others_are_missed() {
    let folder = tempfile::tempdir().unwrap();
    interferogram::run(&options("20180604", "20180616", folder.path()), Choice::Simulated).unwrap();
    let product = Job::read(folder.path()).unwrap().unwrap().product.unwrap();
    for suffix in ["wrapped_phase", "corr"] {
        fs::remove_file(folder.path().join(&product).join(format!("{product}_{suffix}.tif"))).unwrap();
    }
    fs::remove_file(folder.path().join(job::FILE)).unwrap();
    let bundle =
        Bundle::read(&fs::read(make(folder.path(), Some("p"), folder.path()).unwrap().bundle).unwrap())
            .unwrap();
    let manifest = bundle.manifest();
    assert!(manifest.is_done() && manifest.engine.simulated, "{:?}", manifest.outcome);
    assert_eq!(
        manifest.layers.iter().map(|l| l.kind).collect::<Vec<_>>(),
        [LayerKind::Wrapped, LayerKind::Unwrapped]
    );
    assert_eq!(manifest.missing.len(), 3);
    assert!(manifest.missing[2].contains("wrapped again"));
    assert_eq!(manifest.pair.looks, Some(Looks::L20x4));
}
