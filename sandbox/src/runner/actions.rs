//! Stand-ins for actions from elsewhere, so that nothing is fetched.
//!
//! A workflow names actions by repository and commit; `act` is told which folder to read instead. What has no stand-in
//! gets one that fails when it is run, and says so.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

/// Folders of our own by repository and path inside it.
const OURS: [(&str, &str, &str); 4] = [
    ("actions/checkout", "", include_str!("../../actions/checkout/action.yml")),
    ("actions/upload-artifact", "", include_str!("../../actions/upload-artifact/action.yml")),
    ("actions/cache", "restore", include_str!("../../actions/cache/restore/action.yml")),
    ("actions/cache", "save", include_str!("../../actions/cache/save/action.yml")),
];

/// An action from elsewhere: `actions/cache/restore@ref`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remote {
    /// `actions/cache`
    pub repository: String,
    /// `restore`, or empty.
    pub path: String,
    /// Commit, tag or branch.
    pub reference: String,
}

impl Remote {
    /// Reads the value of a `uses`; local actions and container images give `None`.
    pub fn read(uses: &str) -> Option<Self> {
        let (name, reference) = uses.split_once('@')?;
        let mut parts = name.splitn(3, '/');
        let (owner, repository) = (parts.next()?, parts.next()?);
        let safe = |text: &str| {
            !text.is_empty()
                && !text.starts_with('.')
                && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
        };
        let path = parts.next().unwrap_or_default();
        let fits = safe(owner) && safe(repository) && (path.is_empty() || path.split('/').all(safe));
        let reference_fits = !reference.is_empty() && reference.split('/').all(safe);
        (fits && reference_fits).then(|| Self {
            repository: format!("{owner}/{repository}"),
            path: path.to_owned(),
            reference: reference.to_owned(),
        })
    }
}

/// All actions from elsewhere that the workflow `slice` uses, by itself or through actions of the repository in `tree`.
pub fn used(slice: &Value, tree: &Path) -> BTreeSet<Remote> {
    let mut found = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut open = uses(slice);
    while let Some(one) = open.pop() {
        if !seen.insert(one.clone()) {
            continue;
        }
        if let Some(local) = one.strip_prefix("./") {
            let file = ["action.yml", "action.yaml"]
                .iter()
                .find_map(|n| fs::read_to_string(tree.join(local).join(n)).ok());
            let action: Option<Value> = file.and_then(|text| serde_norway::from_str(&text).ok());
            open.extend(action.as_ref().map(uses).unwrap_or_default());
        } else {
            found.extend(Remote::read(&one));
        }
    }
    found
}

fn uses(value: &Value) -> Vec<String> {
    match value {
        Value::Object(map) => map
            .iter()
            .flat_map(|(key, value)| match value {
                Value::String(text) if key == "uses" => vec![text.clone()],
                other => uses(other),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(uses).collect(),
        _ => Vec::new(),
    }
}

/// Writes the stand-ins for `remotes` below `folder` and gives `act`'s arguments that point to them.
pub fn arguments(remotes: &BTreeSet<Remote>, folder: &Path) -> io::Result<Vec<String>> {
    let mut arguments = BTreeSet::new();
    for remote in remotes {
        let target =
            folder.join(remote.repository.replace('/', "-")).join(remote.reference.replace('/', "-"));
        write(remote, &target)?;
        arguments.insert(format!("{}@{}={}", remote.repository, remote.reference, target.display()));
    }
    Ok(arguments.into_iter().flat_map(|mapping| ["--local-repository".to_owned(), mapping]).collect())
}

fn write(remote: &Remote, target: &Path) -> io::Result<()> {
    let ours =
        OURS.iter().find(|(repository, path, _)| *repository == remote.repository && *path == remote.path);
    let text = ours.map_or_else(|| missing(remote), |(_, _, text)| (*text).to_owned());
    let place: PathBuf = target.join(&remote.path);
    fs::create_dir_all(&place)?;
    fs::write(place.join("action.yml"), text)
}

fn missing(remote: &Remote) -> String {
    let name = [remote.repository.as_str(), remote.path.as_str()].join("/");
    let sentence = format!(
        "The sandbox has no stand-in for the action {}, and it fetches nothing. Leave the step out where BURSTBOARD_SANDBOX is 1, or add a stand-in under sandbox/actions.",
        name.trim_end_matches('/')
    );
    let step =
        json!({"shell": "bash", "env": {"SENTENCE": sentence}, "run": "echo \"::error::$SENTENCE\"; exit 1"});
    json!({"name": "No stand-in", "description": "Fails", "runs": {"using": "composite", "steps": [step]}})
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_actions_through_the_repositorys_own() {
        let tree = tempfile::tempdir().unwrap();
        let action = tree.path().join(".github/actions/tool");
        fs::create_dir_all(&action).unwrap();
        fs::write(
            action.join("action.yml"),
            "runs: {steps: [{uses: actions/cache/restore@abc}, {uses: ./.github/actions/tool}]}",
        )
        .unwrap();
        let slice = json!({"jobs": {"a": {"steps": [{"uses": "./.github/actions/tool"}, {"uses": "foo/bar@v1"}, {"uses": "docker://x"}]}}});
        let found = used(&slice, tree.path());
        assert_eq!(
            found.iter().map(|r| r.repository.as_str()).collect::<Vec<_>>(),
            ["actions/cache", "foo/bar"]
        );

        let arguments = arguments(&found, tree.path()).unwrap();
        assert_eq!(arguments.len(), 4);
        let unknown = fs::read_to_string(tree.path().join("foo-bar/v1/action.yml")).unwrap();
        assert!(unknown.contains("no stand-in for the action foo/bar,"));
    }

    #[test]
    fn names_that_would_leave_the_folder_are_not_actions() {
        for bad in ["../x/y@v1", "a/../../b@v1", "a/b@../../v", "a/b", "a/b@"] {
            assert_eq!(Remote::read(bad), None, "{bad}");
        }
    }
}
