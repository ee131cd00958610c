//! Gives changed inputs to everything that reads foreign bytes until the time is up, and counts them:
//! `cargo run --release -p burstboard-processor --example fuzz -- SECONDS [SEED]`. The ordinary tests run the same for a
//! second. Mutation without coverage; a panic ends it, and its seed is in the last line. With `--seeds DIR` it writes
//! what inputs are made from, for `cargo xtask fuzz`, which is guided by coverage.

#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a program for a terminal")]

#[path = "../tests/support/fuzz.rs"]
mod fuzz;
#[path = "../tests/support/mod.rs"]
mod support;

use std::{
    env, fs,
    path::Path,
    time::{Duration, Instant},
};

fn main() {
    let words: Vec<String> = env::args().skip(1).collect();
    if let [flag, folder] = words.as_slice()
        && flag == "--seeds"
    {
        return write_seeds(Path::new(folder));
    }
    let mut arguments = words.iter().filter_map(|a| a.parse::<u64>().ok());
    let patience = Duration::from_secs(arguments.next().unwrap_or(60));
    let (first, begin) = (arguments.next().unwrap_or(1), Instant::now());
    let mut total: Option<fuzz::Counts> = None;
    let mut seed = first;
    while begin.elapsed() < patience {
        println!("seed {seed}");
        let counts = fuzz::run(seed, 50);
        let total = total.get_or_insert(counts.map(|(name, _, _)| (name, 0, 0)));
        for (sum, more) in total.iter_mut().zip(counts) {
            (sum.1, sum.2) = (sum.1 + more.1, sum.2 + more.2);
        }
        seed += 1;
    }
    for (target, inputs, good) in total.iter().flatten() {
        println!("{target}: {inputs} inputs, {good} of them taken, no panic");
    }
}

fn write_seeds(folder: &Path) {
    let readers = fuzz::Readers::new();
    for target in fuzz::Target::ALL {
        let own = folder.join(target.name());
        fs::create_dir_all(&own).expect("the folder can be made");
        for (index, seed) in readers.seeds(target).iter().enumerate() {
            fs::write(own.join(format!("seed-{index:02}")), seed).expect("a seed can be written");
        }
    }
}
