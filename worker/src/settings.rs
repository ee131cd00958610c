//! What the owner sets, read once a request and checked; a missing setting closes everything but the page.

use std::fmt;

use domain::api;
use url::Url;

use crate::origins::{OriginPattern, Origins, is_loopback};

/// Address of GitHub's API where the owner names no other.
const GITHUB_API: &str = "https://api.github.com";
/// The catalogue of bursts where the owner names no other.
const CATALOGUE: &str = "https://cmr.earthdata.nasa.gov/search/granules.umm_json";
/// Where GitHub keeps artifacts and logs: Azure's blob stores, and its own hosts for older logs.
const BLOB_ORIGINS: &str = "https://*.blob.core.windows.net,https://*.actions.githubusercontent.com";
/// Hosted jobs that run at the same time on GitHub's free plan.
const CONCURRENT_JOBS: u32 = 20;

/// A secret that is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The secret itself, for the one place that sends it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// The one repository, `owner/name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepositoryName {
    /// Owner's login.
    pub owner: String,
    /// Name.
    pub name: String,
}

impl RepositoryName {
    /// Reads `owner/name`; both may only have characters that GitHub allows, so that they are safe in a path.
    pub fn parse(text: &str) -> Option<Self> {
        let good = |part: &str| {
            !part.is_empty()
                && part.len() <= 100
                && !part.bytes().all(|b| b == b'.')
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
        };
        let (owner, name) = text.trim().split_once('/')?;
        (good(owner) && good(name)).then(|| Self { owner: owner.to_owned(), name: name.to_owned() })
    }
}

impl fmt::Display for RepositoryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.name)
    }
}

/// All settings, complete and checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The one repository.
    pub repository: RepositoryName,
    /// The credential.
    pub token: Secret,
    /// GitHub's API, without a slash at the end.
    pub api: Url,
    /// The branch that is dispatched.
    pub branch: String,
    /// Where redirects to artifacts and logs may point.
    pub blobs: Origins,
    /// What the page is told.
    pub page: PageSettings,
    /// Jobs that run at the same time on the owner's plan.
    pub concurrent_jobs: u32,
    /// Whether products come from the simulated engine.
    pub simulated: bool,
}

/// The settings that matter to the page's own requests; they work without a credential.
#[derive(Clone, Debug)]
pub struct PageSettings {
    /// The catalogue's `granules.umm_json`.
    pub catalogue: Url,
    /// Map tiles, if set.
    pub tiles: Option<api::Tiles>,
}

impl Default for PageSettings {
    fn default() -> Self {
        Self { catalogue: known(CATALOGUE), tiles: None }
    }
}

impl Settings {
    /// Reads the settings by name; the error lists every one that is missing or wrong, in sentences for the owner.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<String>> {
        let mut missing = Vec::new();
        let repository =
            needed(&get, &mut missing, "GITHUB_REPOSITORY", "owner/name of the repository", |text| {
                RepositoryName::parse(text)
            });
        let token =
            needed(&get, &mut missing, "GITHUB_TOKEN", "a fine-grained token for that repository", |text| {
                let text = text.trim();
                text.bytes().all(|b| b.is_ascii_graphic()).then(|| Secret(text.to_owned()))
            });
        let api = optional(&get, &mut missing, "GITHUB_API_URL", "an https address", GITHUB_API, |text| {
            secure_url(text.trim_end_matches('/'))
        });
        let branch = optional(&get, &mut missing, "GITHUB_REF", "the name of a branch", "main", |text| {
            let good = text.bytes().all(|b| b.is_ascii_graphic());
            good.then(|| text.to_owned())
        });
        let blobs = optional(
            &get,
            &mut missing,
            "BLOB_ORIGINS",
            "origins such as https://*.blob.core.windows.net, separated by commas",
            BLOB_ORIGINS,
            |text| text.split(',').map(OriginPattern::parse).collect::<Option<Vec<_>>>().map(Origins::new),
        );
        let jobs = CONCURRENT_JOBS.to_string();
        let concurrent_jobs =
            optional(&get, &mut missing, "CONCURRENT_JOBS", "a number from 1", &jobs, |text| {
                text.trim().parse().ok().filter(|n| *n >= 1)
            });
        let simulated = optional(&get, &mut missing, "SIMULATED", "true or false", "false", |text| {
            text.trim().parse().ok()
        });
        let page = PageSettings::read_into(&get, &mut missing);
        match (repository, token, api, branch, blobs, concurrent_jobs, simulated, missing.is_empty()) {
            (
                Some(repository),
                Some(token),
                Some(api),
                Some(branch),
                Some(blobs),
                Some(concurrent_jobs),
                Some(simulated),
                true,
            ) => Ok(Self { repository, token, api, branch, blobs, page, concurrent_jobs, simulated }),
            _ => Err(missing),
        }
    }

    /// Whether GitHub's API is on this computer.
    pub fn api_is_local(&self) -> bool {
        is_loopback(&self.api)
    }

    /// The repository as the page shows it.
    pub fn repository_for_page(&self) -> api::Repository {
        let RepositoryName { owner, name } = &self.repository;
        let mut site = self.api.clone();
        if self.api.host_str() == Some("api.github.com") {
            site = known("https://github.com");
        }
        site.set_path(&format!("/{owner}/{name}"));
        api::Repository { owner: owner.clone(), name: name.clone(), url: site.to_string() }
    }
}

impl PageSettings {
    /// Reads what the page needs; what is wrong is left out, since [`Settings::read`] reports it.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        Self::read_into(&get, &mut Vec::new())
    }

    fn read_into(get: &impl Fn(&str) -> Option<String>, missing: &mut Vec<String>) -> Self {
        let catalogue = optional(get, missing, "CATALOGUE_URL", "an https address", CATALOGUE, secure_url);
        let url = optional(get, missing, "TILES_URL", "an https address with {z}, {x} and {y}", "", |text| {
            let good = text.is_empty()
                || (["{z}", "{x}", "{y}"].iter().all(|part| text.contains(part))
                    && tile_origin(text).is_some());
            good.then(|| text.to_owned())
        });
        let tiles = url
            .filter(|url| !url.is_empty())
            .map(|url| api::Tiles { url, attribution: get("TILES_ATTRIBUTION").unwrap_or_default() });
        Self { catalogue: catalogue.unwrap_or_else(|| known(CATALOGUE)), tiles }
    }

    /// Origins that the page's pictures may come from, as a content security policy writes them.
    pub fn tile_source(&self) -> Option<String> {
        self.tiles.as_ref().and_then(|tiles| tile_origin(&tiles.url))
    }
}

/// The origin of a tile template as a policy source; `{s}` in front stands for any subdomain.
fn tile_origin(template: &str) -> Option<String> {
    let subdomains = template.contains("://{s}.");
    let url = secure_url(&template.replace("{s}.", "").replace(['{', '}'], ""))?;
    let origin = url.origin().ascii_serialization();
    Some(if subdomains { origin.replacen("://", "://*.", 1) } else { origin })
}

/// An address that may carry a credential: https, or plain http on this computer.
fn secure_url(text: &str) -> Option<Url> {
    let url = Url::parse(text.trim()).ok()?;
    let plain = url.username().is_empty() && url.password().is_none() && url.host_str().is_some();
    let secure = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
    (plain && secure).then_some(url)
}

fn known(address: &'static str) -> Url {
    #[expect(
        clippy::unwrap_used,
        reason = "only this file's own constants come here, and a test reads them all"
    )]
    Url::parse(address).unwrap()
}

fn set(get: &impl Fn(&str) -> Option<String>, name: &str) -> Option<String> {
    get(name).filter(|text| !text.trim().is_empty())
}

fn needed<T>(
    get: &impl Fn(&str) -> Option<String>,
    missing: &mut Vec<String>,
    name: &str,
    what: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Option<T> {
    let Some(text) = set(get, name) else {
        missing.push(format!("{name} is not set: give it {what}"));
        return None;
    };
    let value = parse(&text);
    if value.is_none() {
        missing.push(format!("{name} cannot be used: give it {what}"));
    }
    value
}

fn optional<T>(
    get: &impl Fn(&str) -> Option<String>,
    missing: &mut Vec<String>,
    name: &str,
    what: &str,
    default: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Option<T> {
    let value = parse(&set(get, name).unwrap_or_else(|| default.to_owned()));
    if value.is_none() {
        missing.push(format!("{name} cannot be used: give it {what} or leave it out"));
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Settings, Vec<String>> {
        Settings::read(|name| pairs.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned()))
    }

    const NEEDED: [(&str, &str); 2] = [("GITHUB_REPOSITORY", "o/r"), ("GITHUB_TOKEN", "t0ken")];

    #[test]
    fn two_settings_are_enough_and_mean_github() {
        let settings = read(&NEEDED).unwrap();
        assert_eq!(settings.repository_for_page().url, "https://github.com/o/r");
        assert_eq!(settings.page.catalogue.as_str(), CATALOGUE);
        assert_eq!(
            (settings.branch.as_str(), settings.concurrent_jobs, settings.simulated),
            ("main", 20, false)
        );
        assert!(!settings.api_is_local());
    }

    #[test]
    fn everything_missing_or_wrong_is_named_at_once() {
        let missing = read(&[
            ("GITHUB_REPOSITORY", "../x"),
            ("GITHUB_API_URL", "http://github.example"),
            ("BLOB_ORIGINS", "https://good.example,nonsense"),
            ("TILES_URL", "https://tiles.example/{z}"),
            ("CONCURRENT_JOBS", "0"),
        ])
        .unwrap_err();
        let names: Vec<&str> = missing.iter().filter_map(|m| m.split(' ').next()).collect();
        assert_eq!(
            names,
            [
                "GITHUB_REPOSITORY",
                "GITHUB_TOKEN",
                "GITHUB_API_URL",
                "BLOB_ORIGINS",
                "CONCURRENT_JOBS",
                "TILES_URL"
            ]
        );
    }

    #[test]
    fn the_token_is_never_printed() {
        assert!(!format!("{:?}", read(&NEEDED).unwrap()).contains("t0ken"));
    }

    #[test]
    fn tiles_with_subdomains_allow_all_of_them() {
        let tiles =
            |url| PageSettings::read(|name| (name == "TILES_URL").then(|| String::from(url))).tile_source();
        assert_eq!(tiles("https://{s}.tile.example/{z}/{x}/{y}.png").unwrap(), "https://*.tile.example");
        assert_eq!(tiles("https://tile.example:8443/{z}/{x}/{y}").unwrap(), "https://tile.example:8443");
        assert_eq!(tiles("javascript:{z}{x}{y}"), None);
    }
}
