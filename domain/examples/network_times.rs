//! How long rules and health of 500 acquisitions take on this machine: `cargo run --release -p burstboard-domain
//! --example network_times`. The budget is 16 ms for both.

#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "it prints what it timed, natively")]

use std::{error::Error, time::Instant};

use domain::{
    Network, Polarization, Stack,
    network::{Edits, Measures, Rule},
};

/// A date every six days, with the orbits wandering by some hundred metres.
fn stack() -> Result<Stack, Box<dyn Error>> {
    let burst = "174_372326_IW3".parse()?;
    let mut day = time::macros::date!(2016 - 01 - 02);
    let mut all = Vec::new();
    for n in 0..500 {
        let name = format!("S1_372326_IW3_{}T151600_VV_ABCD-BURST", domain::timestamp::compact_day_text(day));
        let granule: domain::GranuleName = name.parse()?;
        let node = granule.time();
        let offset = 120.0 * (f64::from(n) * 1.3).sin() + 60.0 * (f64::from(n) * 0.37).cos();
        let state = |seconds: i64| domain::StateVector {
            time: node.plus_seconds(seconds),
            position: [
                -3_000_000.0 + offset,
                -2_600_000.0 + 0.3 * offset,
                5_900_000.0 - 7_000.0 * seconds as f64,
            ],
            velocity: [0.0, 0.0, -7_000.0],
        };
        all.push(domain::Acquisition {
            burst,
            start: node,
            platform: None,
            orbit: None,
            bytes: None,
            ipf: None,
            state: Some(domain::StateVectors { ascending_node: node, pre: state(0), post: state(10) }),
            centre: None,
            outline: None,
            granule,
        });
        day = day.checked_add(time::Duration::days(6)).ok_or("the calendar ends")?;
    }
    Ok(Stack::new(burst, Polarization::Vv, all))
}

fn main() -> Result<(), Box<dyn Error>> {
    let stack = stack()?;
    for text in [
        "n3.d48.b200",
        "n10",
        "n3.d48.b200.j",
        "t",
        "m",
        "d60.b200",
        "t.m.d100.b200.w0701-36-3.y12-3.j",
        "all",
    ] {
        let rule: Rule = text.parse()?;
        let mut times: Vec<[f64; 3]> = Vec::new();
        let mut found = (0, 0);
        for _ in 0..9 {
            let begin = Instant::now();
            let network = Network::new(&stack, &rule, Edits::default());
            let proposed = begin.elapsed();
            let health = network.health();
            let judged = begin.elapsed();
            let measures = Measures::of(&network, &stack, rule.model);
            let measured = begin.elapsed();
            found = (measures.pairs.len(), health.triplets);
            times.push([proposed, judged, measured].map(|t| t.as_secs_f64() * 1e3));
        }
        times.sort_by(|a, b| a[2].total_cmp(&b[2]));
        let [proposed, judged, measured] = times[4];
        println!(
            "{text:34} {:6} pairs {:8} triplets: rule {proposed:5.2} ms, with health {judged:5.2} ms, with measures {measured:5.2} ms",
            found.0, found.1
        );
    }
    Ok(())
}
