//! The preview against rasterio, numpy and Pillow, an oracle that shares no code with ours: the same statistics, the same
//! averages, in the same place. It needs a Python with these three, given by `BURSTBOARD_ORACLE_PYTHON` or set up with
//! `python3 -m venv target/oracle && target/oracle/bin/pip install rasterio numpy pillow asf_search pystac[validation]`.

mod support;

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use domain::{Looks, Pair};
use processor::{
    engine::Choice,
    interferogram::{self, Options},
    job::Job,
    preview,
};

fn python() -> Option<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/oracle/bin/python");
    let named = std::env::var_os("BURSTBOARD_ORACLE_PYTHON").map(PathBuf::from);
    named.into_iter().chain([own]).find(|path| path.exists())
}

/// Makes and previews a product, and lets Python judge.
fn judge(reference: &str, secondary: &str, looks: Looks, water_mask: bool) {
    let Some(python) = python() else {
        return eprintln!(
            "left out: no Python with rasterio, numpy and pillow (see processor/tests/oracle.rs)"
        );
    };
    let folder = tempfile::tempdir().unwrap();
    let pair = Pair::new(reference.parse().unwrap(), secondary.parse().unwrap()).unwrap();
    let options = Options { pair, looks, water_mask, out: folder.path().to_owned() };
    interferogram::run(&options, Choice::Simulated).unwrap();
    let bundle = preview::make(folder.path(), Some("pair"), &folder.path().join("preview")).unwrap().bundle;
    let product = Job::read(folder.path()).unwrap().unwrap().product.unwrap();
    compare(&python, &folder.path().join(product), &bundle);
}

fn compare(python: &Path, product: &Path, bundle: &Path) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle.py");
    let output = Command::new(python).arg(script).arg(product).arg(bundle).output().unwrap();
    eprintln!("{}", String::from_utf8_lossy(&output.stdout));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn recorded_pairs() {
    let Some(python) = python() else { return eprintln!("left out: no Python, see above") };
    let folder = tempfile::tempdir().unwrap();
    for pair in support::recorded_pairs().iter().step_by(10) {
        let product = support::recorded_product(folder.path(), pair);
        let made = preview::make(&product, Some(pair), folder.path()).unwrap();
        compare(&python, &product, &made.bundle);
    }
}

#[test]
fn a_pair_in_the_far_north() {
    let [a, b] = ["20180710", "20180722"].map(|day| format!("S1_372326_IW3_{day}T151603_VV_1A2B-BURST"));
    judge(&a, &b, Looks::L20x4, false);
}

#[test]
fn a_pair_at_40_metres_with_water_masked() {
    let [a, b] = ["20180616", "20180628"].map(|day| format!("S1_372326_IW3_{day}T151603_VV_1A2B-BURST"));
    judge(&a, &b, Looks::L10x2, true);
}

#[test]
fn a_pair_in_the_south() {
    let [a, b] = ["20240413", "20240425"].map(|day| format!("S1_313154_IW2_{day}T175653_HH_5F70-BURST"));
    judge(&a, &b, Looks::L20x4, false);
}
