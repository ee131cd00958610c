//! What the owner sets, read once a request and checked; a missing setting closes everything but the page.

mod reader;
mod values;

use domain::api;
use url::Url;

pub use values::{Credential, Logins, PageSettings, RepositoryName, Secret, is_login};
use {
    reader::Reader,
    values::{secure_origin, secure_url, tile_origin},
};

use crate::{
    github::app_key::AppKey,
    keys::Keys,
    origins::{OriginPattern, Origins, is_loopback},
};

/// Address of GitHub's API where the owner names no other.
const GITHUB_API: &str = "https://api.github.com";
/// Where people sign in where the owner names no other place.
const GITHUB_WEB: &str = "https://github.com";
/// The catalogue of bursts where the owner names no other.
const CATALOGUE: &str = "https://cmr.earthdata.nasa.gov/search/granules.umm_json";
/// Where GitHub keeps artifacts and logs: Azure's blob stores, and its own hosts for older logs.
const BLOB_ORIGINS: &str = "https://*.blob.core.windows.net,https://*.actions.githubusercontent.com";
/// Hosted jobs that run at the same time on GitHub's free plan.
const CONCURRENT_JOBS: u32 = 20;
/// Jobs that may be launched in a day where the owner says nothing: eight full runs.
const JOBS_PER_DAY: u32 = 2_048;
/// Requests that one visitor may make in a minute: a run of 256 pairs with all its previews, and some more.
const REQUESTS_PER_MINUTE: u32 = 600;
/// What the dearest request takes of that: with less, nobody could ever sign in.
pub const DEAREST: u32 = 10;

/// All settings, complete and checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The one repository.
    pub repository: RepositoryName,
    /// With what GitHub is asked.
    pub credential: Credential,
    /// The client by which people sign in.
    pub client_id: String,
    /// Its secret.
    pub client_secret: Secret,
    /// Keys of cookies and links.
    pub keys: Keys,
    /// The page's own origin; without one the page may only be on this computer.
    pub origin: Option<String>,
    /// GitHub's API, without a slash at the end.
    pub api: Url,
    /// GitHub's pages, where people sign in.
    pub web: Url,
    /// The branch that is dispatched.
    pub branch: String,
    /// Where redirects to artifacts and logs may point.
    pub blobs: Origins,
    /// What the page is told.
    pub page: PageSettings,
    /// Jobs that run at the same time on the owner's plan.
    pub concurrent_jobs: u32,
    /// Jobs that may be launched in a day.
    pub jobs_per_day: u32,
    /// Requests that one visitor may make in a minute.
    pub requests_per_minute: u32,
    /// Whether products come from the simulated engine.
    pub simulated: bool,
}

impl Default for PageSettings {
    fn default() -> Self {
        Self { catalogue: known(CATALOGUE), tiles: None }
    }
}

impl Settings {
    /// Reads the settings by name; the error lists every one that is missing or wrong, in sentences for the owner.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<String>> {
        let mut reader = Reader::new(get);
        match Self::complete(&mut reader) {
            Some(settings) if reader.missing.is_empty() => Ok(settings),
            _ => Err(reader.missing),
        }
    }

    /// Every setting is read before the first missing one ends it, so that all of them are named at once.
    fn complete<G: Fn(&str) -> Option<String>>(reader: &mut Reader<G>) -> Option<Self> {
        let repository =
            reader.needed("GITHUB_REPOSITORY", "owner/name of the repository", RepositoryName::parse);
        let credential = credential(reader);
        let client_id = reader.needed(
            "GITHUB_CLIENT_ID",
            "the client id of the OAuth or GitHub App by which people sign in",
            |text| Secret::parse(text).map(|id| id.expose().to_owned()),
        );
        let client_secret = reader.needed("GITHUB_CLIENT_SECRET", "that App's client secret", Secret::parse);
        let keys = reader.needed(
            "SEAL_KEYS",
            "a name and 32 random bytes, as `k1:` and the output of `openssl rand -base64 32`",
            Keys::parse,
        );
        let origin =
            reader.optional("PAGE_ORIGIN", "the page's origin, such as https://b.example", "", |text| {
                if text.is_empty() { Some(None) } else { secure_origin(text).map(Some) }
            });
        let address = |text: &str| secure_url(text.trim_end_matches('/'));
        let api = reader.optional("GITHUB_API_URL", "an https address", GITHUB_API, address);
        let web = reader.optional("GITHUB_WEB_URL", "an https address", GITHUB_WEB, address);
        let branch = reader.optional("GITHUB_REF", "the name of a branch", "main", |text| {
            let good = text.bytes().all(|b| b.is_ascii_graphic());
            good.then(|| text.to_owned())
        });
        let blobs = reader.optional(
            "BLOB_ORIGINS",
            "origins such as https://*.blob.core.windows.net, separated by commas",
            BLOB_ORIGINS,
            |text| text.split(',').map(OriginPattern::parse).collect::<Option<Vec<_>>>().map(Origins::new),
        );
        let concurrent_jobs = number(reader, "CONCURRENT_JOBS", 1, CONCURRENT_JOBS);
        let jobs_per_day = number(reader, "JOBS_PER_DAY", 0, JOBS_PER_DAY);
        let requests_per_minute = number(reader, "REQUESTS_PER_MINUTE", DEAREST, REQUESTS_PER_MINUTE);
        let simulated =
            reader.optional("SIMULATED", "true or false", "false", |text| text.trim().parse().ok());
        let page = PageSettings::read_into(reader);
        Some(Self {
            repository: repository?,
            credential: credential?,
            client_id: client_id?,
            client_secret: client_secret?,
            keys: keys?,
            origin: origin?,
            api: api?,
            web: web?,
            branch: branch?,
            blobs: blobs?,
            page,
            concurrent_jobs: concurrent_jobs?,
            jobs_per_day: jobs_per_day?,
            requests_per_minute: requests_per_minute?,
            simulated: simulated?,
        })
    }

    /// The page's own origin, if `address` is one of its addresses.
    ///
    /// Where the owner names no origin the page is on this computer, and reached by one of this computer's names: that
    /// keeps out pages that had their own name resolved to 127.0.0.1.
    pub fn own_origin(&self, address: &Url) -> Option<String> {
        let origin = address.origin().ascii_serialization();
        match &self.origin {
            Some(own) => (origin == *own).then_some(origin),
            None => is_loopback(address).then_some(origin),
        }
    }

    /// The repository as the page shows it.
    pub fn repository_for_page(&self) -> api::Repository {
        let RepositoryName { owner, name } = &self.repository;
        let mut site = self.web.clone();
        site.set_path(&format!("/{owner}/{name}"));
        api::Repository { owner: owner.clone(), name: name.clone(), url: site.to_string() }
    }
}

/// A GitHub App where one is named, else a token and the list of those who may launch with it.
fn credential<G: Fn(&str) -> Option<String>>(reader: &mut Reader<G>) -> Option<Credential> {
    if reader.text("GITHUB_APP_ID").is_some() {
        let id = reader.needed("GITHUB_APP_ID", "the App's number or client id", |text| {
            let id = text.trim();
            id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.').then(|| id.to_owned())
        });
        let key = reader.needed(
            "GITHUB_APP_PRIVATE_KEY",
            "the App's private key, the whole PEM file",
            AppKey::parse,
        );
        return Some(Credential::App { id: id?, key: key? });
    }
    let token = reader.needed("GITHUB_TOKEN", "a fine-grained token for that repository", Secret::parse);
    let launchers = reader.needed(
        "LAUNCHERS",
        "GitHub's names of those who may launch, separated by commas",
        Logins::parse,
    );
    Some(Credential::Token { token: token?, launchers: launchers? })
}

fn number<G: Fn(&str) -> Option<String>>(
    reader: &mut Reader<G>,
    name: &str,
    least: u32,
    default: u32,
) -> Option<u32> {
    reader.optional(name, &format!("a number from {least}"), &default.to_string(), |text| {
        text.trim().parse().ok().filter(|n| *n >= least)
    })
}

impl PageSettings {
    /// Reads what the page needs; what is wrong is left out, since [`Settings::read`] reports it.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        Self::read_into(&mut Reader::new(get))
    }

    fn read_into<G: Fn(&str) -> Option<String>>(reader: &mut Reader<G>) -> Self {
        let catalogue = reader.optional("CATALOGUE_URL", "an https address", CATALOGUE, secure_url);
        let url = reader.optional("TILES_URL", "an https address with {z}, {x} and {y}", "", |text| {
            let good = text.is_empty()
                || (["{z}", "{x}", "{y}"].iter().all(|part| text.contains(part))
                    && tile_origin(text).is_some());
            good.then(|| text.to_owned())
        });
        let attribution = || reader.text("TILES_ATTRIBUTION").unwrap_or_default();
        let tiles =
            url.filter(|url| !url.is_empty()).map(|url| api::Tiles { url, attribution: attribution() });
        Self { catalogue: catalogue.unwrap_or_else(|| known(CATALOGUE)), tiles }
    }
}

fn known(address: &'static str) -> Url {
    #[expect(
        clippy::unwrap_used,
        reason = "only this file's own constants come here, and a test reads them all"
    )]
    Url::parse(address).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Settings, Vec<String>> {
        Settings::read(|name| pairs.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned()))
    }

    const NEEDED: [(&str, &str); 6] = [
        ("GITHUB_REPOSITORY", "o/r"),
        ("GITHUB_TOKEN", "t0ken"),
        ("LAUNCHERS", "ada"),
        ("GITHUB_CLIENT_ID", "Iv1.1"),
        ("GITHUB_CLIENT_SECRET", "c1ient"),
        ("SEAL_KEYS", "a:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
    ];

    #[test]
    fn six_settings_are_enough_and_mean_github() {
        let settings = read(&NEEDED).unwrap();
        assert_eq!(settings.repository_for_page().url, "https://github.com/o/r");
        assert_eq!(settings.page.catalogue.as_str(), CATALOGUE);
        assert_eq!(
            (settings.branch.as_str(), settings.concurrent_jobs, settings.simulated),
            ("main", 20, false)
        );
        assert!(matches!(settings.credential, Credential::Token { .. }));
        assert_eq!((settings.api.as_str(), settings.jobs_per_day), ("https://api.github.com/", JOBS_PER_DAY));
    }

    #[test]
    fn everything_missing_or_wrong_is_named_at_once() {
        let missing = read(&[
            ("GITHUB_REPOSITORY", "../x"),
            ("GITHUB_API_URL", "http://github.example"),
            ("BLOB_ORIGINS", "https://good.example,nonsense"),
            ("TILES_URL", "https://tiles.example/{z}"),
            ("CONCURRENT_JOBS", "0"),
            ("REQUESTS_PER_MINUTE", "9"),
            ("SEAL_KEYS", "k1:short"),
            ("PAGE_ORIGIN", "http://b.example"),
        ])
        .unwrap_err();
        let names: Vec<&str> = missing.iter().filter_map(|m| m.split(' ').next()).collect();
        assert_eq!(
            names,
            [
                "GITHUB_REPOSITORY",
                "GITHUB_TOKEN",
                "LAUNCHERS",
                "GITHUB_CLIENT_ID",
                "GITHUB_CLIENT_SECRET",
                "SEAL_KEYS",
                "PAGE_ORIGIN",
                "GITHUB_API_URL",
                "BLOB_ORIGINS",
                "CONCURRENT_JOBS",
                "REQUESTS_PER_MINUTE",
                "TILES_URL"
            ]
        );
    }

    #[test]
    fn secrets_are_never_printed() {
        let printed = format!("{:?}", read(&NEEDED).unwrap());
        assert!(!["t0ken", "c1ient", "AAAA"].iter().any(|secret| printed.contains(secret)), "{printed}");
    }

    #[test]
    fn the_page_has_the_origin_that_the_owner_names_or_is_on_this_computer() {
        let own = |origin: &str, address: &str| {
            let settings = read(&[NEEDED.as_slice(), &[("PAGE_ORIGIN", origin)]].concat()).unwrap();
            settings.own_origin(&Url::parse(address).unwrap()).is_some()
        };
        assert!(own("https://b.example", "https://b.example/run/1"));
        assert!(!own("https://b.example", "https://other.example/"));
        assert!(!own("https://b.example", "http://b.example/"));
        assert!(own("", "http://127.0.0.1:8765/") && own("", "http://localhost:1/"));
        assert!(!own("", "https://b.example/") && !own("", "http://rebound.example:8765/"));
    }

    #[test]
    fn an_app_needs_its_key_and_no_token() {
        let app = |more: &[(&'static str, &'static str)]| {
            let rest = NEEDED.iter().copied().filter(|(n, _)| !["GITHUB_TOKEN", "LAUNCHERS"].contains(n));
            read(&rest.chain([("GITHUB_APP_ID", "123")]).chain(more.iter().copied()).collect::<Vec<_>>())
        };
        assert_eq!(app(&[]).unwrap_err().len(), 1);
        assert_eq!(app(&[("GITHUB_APP_PRIVATE_KEY", "no key")]).unwrap_err().len(), 1);
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
