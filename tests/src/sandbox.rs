//! The sandbox: GitHub, its stores and the catalogue.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::Command,
};

use anyhow::{Context, Result};
use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;

use crate::{built, root, service::Service};

/// What the sandbox says about itself when it is ready.
#[derive(Clone, Debug, Deserialize)]
pub struct Ready {
    /// GitHub's REST API.
    pub api: String,
    /// Origin of the stores for artifacts and logs.
    pub blobs: String,
    /// The catalogue's `granules.umm_json`.
    pub catalogue: String,
    /// The Unix socket for `gh`.
    pub socket: String,
    /// `owner/name`.
    pub repository: String,
    /// The credential of this start; it is the repository's owner.
    pub token: String,
    /// Where people sign in.
    pub web: String,
    /// The client by which they do.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// The App, where the sandbox was started with one.
    #[serde(default)]
    pub app: Option<App>,
}

/// A GitHub App, as its owner knows it.
#[derive(Clone, Debug, Deserialize)]
pub struct App {
    /// Its number.
    pub id: Value,
    /// Its private key, a PEM file.
    pub private_key: String,
}

/// A running sandbox over this repository's workflows.
pub struct Sandbox {
    /// The program.
    pub service: Service,
    /// Its addresses.
    pub ready: Ready,
}

impl Sandbox {
    /// Starts it with its data in a folder and these variables in its environment, and waits until it is ready.
    pub fn start(data: &Path, environment: &[(&str, &str)], arguments: &[&str]) -> Result<Self> {
        let mut command = Command::new(built("SANDBOX_BIN")?);
        command.arg("serve").arg("--repository-dir").arg(root()).arg("--data").arg(data);
        command.arg("--act").arg(built("ACT_BIN")?).arg("--processor").arg(built("PROCESSOR_BIN")?);
        command.args(arguments).envs(environment.iter().copied());
        let mut service = Service::start("the sandbox", &mut command)?;
        let mut line = String::new();
        BufReader::new(service.stdout()?).read_line(&mut line)?;
        let ready = serde_json::from_str(&line)
            .with_context(|| format!("the sandbox did not say that it is ready but {line:?}"))?;
        Ok(Self { service, ready })
    }

    /// Tells the sandbox to be otherwise: `faults`, `repository`, `people`, …
    pub async fn tell(&self, what: &str, how: &Value) -> Result<()> {
        let address = format!("{}/sandbox/{what}", self.ready.api);
        let request = reqwest::Client::new().post(address).bearer_auth(&self.ready.token).json(how);
        request.send().await?.error_for_status()?;
        Ok(())
    }

    /// Forgets all faults.
    pub async fn heal(&self) -> Result<()> {
        let address = format!("{}/sandbox/faults", self.ready.api);
        let request = reqwest::Client::new().delete(address).bearer_auth(&self.ready.token);
        request.send().await?.error_for_status()?;
        Ok(())
    }

    /// What GitHub says about something of the repository: `actions/runs/17`.
    pub async fn github(&self, method: Method, path: &str) -> Result<Value> {
        let address = format!("{}/repos/{}/{path}", self.ready.api, self.ready.repository);
        let request = reqwest::Client::new().request(method, address).bearer_auth(&self.ready.token);
        let answer = request.header("user-agent", "burstboard-tests").send().await?.error_for_status()?;
        let body = answer.bytes().await?;
        Ok(if body.is_empty() { Value::Null } else { serde_json::from_slice(&body)? })
    }

    /// What the sandbox has seen.
    pub async fn seen(&self) -> Result<Value> {
        let address = format!("{}/sandbox/seen", self.ready.api);
        let request = reqwest::Client::new().get(address).bearer_auth(&self.ready.token);
        Ok(request.send().await?.error_for_status()?.json().await?)
    }
}
