//! The engine's command line, as a vector: nothing of it ever passes through a shell.

use std::path::{Path, PathBuf};

use domain::engine::IMAGE;

use super::Request;

/// The home folder inside the container. It is the image's own, so that its login shell finds its environment; what
/// stands there is ours, see [`PROFILE`].
const CONTAINER_HOME: &str = "/home/conda";
/// What the image's entry point needs from a login shell's profile. The engine runs as the user of this job and not as
/// the image's, so that what it writes can be read and removed, and that user has no profile of its own.
pub const PROFILE: &str = ". /opt/conda/etc/profile.d/conda.sh\nconda activate hyp3-isce2\n";

/// A program with its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandLine {
    /// Program, looked up on the PATH.
    pub program: String,
    /// Arguments.
    pub arguments: Vec<String>,
    /// Folder to run in, where the product will stand.
    pub folder: PathBuf,
}

/// The arguments of the engine itself (hyp3-isce2 2.1 to 3.0).
fn engine_arguments(request: &Request) -> Vec<String> {
    let options = [
        ("++process", "insar_tops_burst".to_owned()),
        ("--reference", request.pair.reference().to_string()),
        ("--secondary", request.pair.secondary().to_string()),
        ("--looks", request.looks.to_string()),
        ("--apply-water-mask", request.water_mask.to_string()),
    ];
    options.into_iter().flat_map(|(name, value)| [name.to_owned(), value]).collect()
}

/// The pinned image. `container` names it so that it can be stopped; `user` is `uid:gid` of this job. Credentials
/// are handed over by name only, so that no list of processes shows them.
pub fn container(request: &Request, work: &Path, container: &str, user: &str) -> CommandLine {
    let fixed = [
        "run",
        "--rm",
        "--name",
        container,
        "--cidfile",
        &id_file(work).display().to_string(),
        "--user",
        user,
        "--volume",
        &format!("{}:{CONTAINER_HOME}", work.display()),
        "--workdir",
        CONTAINER_HOME,
        "--env",
        "EARTHDATA_USERNAME",
        "--env",
        "EARTHDATA_PASSWORD",
        "--env",
        &format!("HOME={CONTAINER_HOME}"),
        // A user without an entry in the image's list of users still needs a name.
        "--env",
        "USER=conda",
        IMAGE,
    ];
    let arguments = fixed.into_iter().map(str::to_owned).chain(engine_arguments(request)).collect();
    CommandLine { program: "docker".to_owned(), arguments, folder: work.to_owned() }
}

/// Where docker writes the container's id. Beside the work folder and not in it, since docker wants to create it.
pub fn id_file(work: &Path) -> PathBuf {
    work.with_extension("container")
}

/// An installed engine.
pub fn local(request: &Request, work: &Path) -> CommandLine {
    let arguments =
        ["-um", "hyp3_isce2"].into_iter().map(str::to_owned).chain(engine_arguments(request)).collect();
    CommandLine { program: "python".to_owned(), arguments, folder: work.to_owned() }
}

/// Whether a variable of this job stays away from the engine: GitHub's own and anything that looks like a credential
/// other than the engine's.
pub fn is_withheld(variable: &str) -> bool {
    let own = ["EARTHDATA_USERNAME", "EARTHDATA_PASSWORD"];
    let prefixes = ["GITHUB_", "ACTIONS_", "INPUT_", "RUNNER_", "AWS_", "NPM_"];
    let words = ["TOKEN", "SECRET", "PASSWORD", "CREDENTIAL", "API_KEY"];
    let upper = variable.to_ascii_uppercase();
    !own.contains(&variable)
        && (prefixes.iter().any(|p| upper.starts_with(p)) || words.iter().any(|w| upper.contains(w)))
}

#[cfg(test)]
mod tests {
    use domain::{Looks, Pair};

    use super::*;

    fn request() -> Request {
        let reference = "S1_136231_IW2_20200604T022312_VV_7C85-BURST".parse().unwrap();
        let secondary = "S1_136231_IW2_20200616T022313_VV_5D11-BURST".parse().unwrap();
        Request { pair: Pair::new(reference, secondary).unwrap(), looks: Looks::L10x2, water_mask: true }
    }

    #[test]
    fn the_engine_gets_the_pair_as_separate_arguments() {
        let expected = [
            "-um",
            "hyp3_isce2",
            "++process",
            "insar_tops_burst",
            "--reference",
            "S1_136231_IW2_20200604T022312_VV_7C85-BURST",
            "--secondary",
            "S1_136231_IW2_20200616T022313_VV_5D11-BURST",
            "--looks",
            "10x2",
            "--apply-water-mask",
            "true",
        ];
        assert_eq!(local(&request(), Path::new("w")).arguments, expected);
    }

    #[test]
    fn the_container_gets_credentials_by_name_and_the_pinned_image() {
        let line = container(&request(), Path::new("/tmp/w"), "burstboard-1", "1001:127");
        let joined = line.arguments.join(" ");
        assert!(joined.contains("--env EARTHDATA_USERNAME --env EARTHDATA_PASSWORD"), "{joined}");
        assert!(joined.contains("ghcr.io/asfhyp3/hyp3-isce2:3.0.2 ++process insar_tops_burst"), "{joined}");
        assert!(joined.contains("--volume /tmp/w:/home/conda"), "{joined}");
    }

    #[test]
    fn other_credentials_stay_here() {
        for name in
            ["GITHUB_TOKEN", "ACTIONS_RUNTIME_TOKEN", "MY_SECRET", "ESA_PASSWORD", "AWS_ACCESS_KEY_ID"]
        {
            assert!(is_withheld(name), "{name}");
        }
        for name in ["PATH", "HOME", "CONDA_PREFIX", "EARTHDATA_PASSWORD", "DOCKER_HOST"] {
            assert!(!is_withheld(name), "{name}");
        }
    }
}
