//! Rules against asf_search's `SBASNetwork`, an oracle that shares no code with ours, on the recorded stack: the same
//! pairs, but for what is written down here. It needs a Python with asf_search, given by `BURSTBOARD_ORACLE_PYTHON` or
//! set up with `python3 -m venv target/oracle && target/oracle/bin/pip install asf_search`. It takes a minute, most of
//! it asf_search's.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
};

use domain::{
    PairName, Polarization, Stack, baseline,
    catalogue::CataloguePage,
    network::{Bridges, Rule},
};
use serde_json::{Value, json};

fn python() -> Option<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/oracle/bin/python");
    let named = std::env::var_os("BURSTBOARD_ORACLE_PYTHON").map(PathBuf::from);
    let has = |python: &PathBuf| {
        let import = Command::new(python).args(["-c", "import asf_search.SBASNetwork"]).output();
        import.is_ok_and(|output| output.status.success())
    };
    named.into_iter().chain([own]).find(has)
}

fn recorded() -> Option<PathBuf> {
    let path = "../../shared/data/asf/burst_stack_174_372326_IW3_VV_full.json";
    Some(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).filter(|path| path.exists())
}

fn stack(records: &Path) -> Stack {
    let records: Value = serde_json::from_str(&std::fs::read_to_string(records).unwrap()).unwrap();
    let page = CataloguePage::parse(json!({ "items": records }).to_string().as_bytes()).unwrap();
    Stack::new("174_372326_IW3".parse().unwrap(), Polarization::Vv, page.acquisitions)
}

/// Limits of days and metres, and bridges of up to so many years around a day of the year; the window is that of days.
struct Case {
    days: u32,
    metres: u32,
    target: &'static str,
    years: u32,
}

const CASES: [Case; 4] = [
    Case { days: 48, metres: 200, target: "0701", years: 0 },
    Case { days: 36, metres: 400, target: "0701", years: 1 },
    Case { days: 24, metres: 60, target: "0901", years: 2 },
    Case { days: 36, metres: 100, target: "0101", years: 1 },
];

impl Case {
    fn rule(&self) -> Rule {
        let bridges = Bridges { target: self.target.parse().unwrap(), window: self.days, years: self.years };
        Rule {
            max_days: Some(self.days),
            max_metres: Some(self.metres),
            bridges: Some(bridges),
            ..Rule::all()
        }
    }

    /// Whether asf_search, which counts from midnight of the target day in the reference's own year to the reference's
    /// moment and rounds down to days, sees the reference otherwise than we, who count whole days to the nearest one.
    fn sees_otherwise(&self, stack: &Stack, pair: PairName) -> bool {
        let target: domain::network::YearDay = self.target.parse().unwrap();
        let midnight = target.in_year(pair.reference.year()).unwrap();
        let whole = (midnight - pair.reference).whole_days();
        let moment = stack.on(pair.reference).unwrap().start.unix().rem_euclid(86_400);
        let theirs = (whole * 86_400 - moment).div_euclid(86_400).abs();
        let half = |days: i64| 2 * days <= i64::from(self.days);
        half(theirs) != half(target.days_from(pair.reference))
    }
}

/// What asf_search answers: for each case, its pairs with their baselines.
fn asked(python: &Path, records: &Path) -> Vec<BTreeMap<PairName, f64>> {
    let folder = tempfile::tempdir().unwrap();
    let cases = folder.path().join("cases.json");
    let list = CASES.map(|c| {
        let target = format!("{}-{}", &c.target[..2], &c.target[2..]);
        json!({"days": c.days, "metres": c.metres, "target": target, "years": c.years})
    });
    std::fs::write(&cases, json!(list).to_string()).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/networks.py");
    let output = Command::new(python).arg(script).arg(records).arg(cases).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let answers: Vec<Vec<(domain::GranuleName, domain::GranuleName, f64)>> =
        serde_json::from_slice(&output.stdout).unwrap();
    let named = |(a, b, metres): (domain::GranuleName, domain::GranuleName, f64)| {
        (PairName { reference: a.date(), secondary: b.date() }, metres)
    };
    answers.into_iter().map(|pairs| pairs.into_iter().map(named).collect()).collect()
}

#[test]
fn rules_propose_what_asf_search_proposes() {
    let Some(records) = recorded() else {
        return println!("left out: no recorded stack beside the repository");
    };
    let Some(python) = python() else {
        return println!("left out: no Python with asf_search (see processor/tests/networks.rs)");
    };
    let stack = stack(&records);
    for (case, theirs) in CASES.iter().zip(asked(&python, &records)) {
        let ours = case.rule().propose(&stack);
        let (mut same, mut explained) = (0, 0);
        for pair in ours.iter().chain(theirs.keys().filter(|pair| !ours.contains(pair))) {
            if ours.contains(pair) && theirs.contains_key(pair) {
                same += 1;
                continue;
            }
            let bridge = (pair.secondary - pair.reference).whole_days() > i64::from(case.days);
            assert!(bridge && case.sees_otherwise(&stack, *pair), "{}: {pair}", case.rule());
            explained += 1;
        }
        for (pair, metres) in &theirs {
            let [a, b] = [pair.reference, pair.secondary].map(|day| stack.on(day).unwrap());
            let own = baseline::perpendicular_metres(a, b).unwrap();
            assert!((own - metres).abs() <= 0.5 + 1e-6, "{pair}: {own} {metres}");
        }
        println!("{}: {same} pairs alike, {explained} bridges counted by another day", case.rule());
        assert!(same > 100);
    }
}
