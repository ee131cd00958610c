//! Everything that reads foreign bytes, fed by libFuzzer, which keeps what reaches new code. One program; the variable
//! `TARGET` names the reader. `cargo xtask fuzz` builds it with instrumentation, on the stable compiler, and runs it.
#![no_main]

#[path = "../tests/support/fuzz.rs"]
mod fuzz;
#[path = "../tests/support/mod.rs"]
mod support;

use std::sync::LazyLock;

use fuzz::{Readers, Target};
use libfuzzer_sys::fuzz_target;

static READERS: LazyLock<(Readers, Target)> = LazyLock::new(|| {
    let name = std::env::var("TARGET").unwrap_or_default();
    let target = Target::ALL.into_iter().find(|target| target.name() == name);
    (Readers::new(), target.expect("TARGET names a reader"))
});

fuzz_target!(|bytes: &[u8]| {
    let (readers, target) = &*READERS;
    readers.take(*target, bytes);
});
