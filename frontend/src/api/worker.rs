//! The Worker's routes, one function each.

use domain::{
    api::{Config, Launched, Log, Runs},
    launch::{BatchId, LaunchRequest},
    preview::Bundle,
    run::RunView,
};
use gloo_net::http::{Request, Response};
use serde::de::DeserializeOwned;
use web_sys::AbortSignal;

use super::Fault;

const SERVER: &str = "The server";

/// `GET /api/v1/config`.
pub(crate) async fn config() -> Result<Config, Fault> {
    get("/api/v1/config", None).await
}

/// `GET /api/v1/runs`.
pub(crate) async fn runs() -> Result<Runs, Fault> {
    get("/api/v1/runs", None).await
}

/// `GET /api/v1/runs/{run}`.
pub(crate) async fn run(run: u64, signal: Option<&AbortSignal>) -> Result<RunView, Fault> {
    get(&format!("/api/v1/runs/{run}"), signal).await
}

/// `GET /api/v1/batches/{batch}`.
pub(crate) async fn batch(batch: &BatchId) -> Result<Runs, Fault> {
    get(&format!("/api/v1/batches/{batch}"), None).await
}

/// `GET /api/v1/runs/{run}/jobs/{job}/log`.
pub(crate) async fn log(run: u64, job: u64) -> Result<Log, Fault> {
    get(&format!("/api/v1/runs/{run}/jobs/{job}/log"), None).await
}

/// `POST /api/v1/launches`.
pub(crate) async fn launch(request: &LaunchRequest) -> Result<Launched, Fault> {
    let request = Request::post("/api/v1/launches").json(request).map_err(|e| Fault::garbled(SERVER, &e))?;
    let response = checked(request.send().await.map_err(|e| Fault::unreachable(SERVER, &e))?).await?;
    response.json().await.map_err(|e| Fault::garbled(SERVER, &e))
}

/// `POST /api/v1/runs/{run}/cancel`.
pub(crate) async fn cancel(run: u64) -> Result<(), Fault> {
    post(&format!("/api/v1/runs/{run}/cancel")).await
}

/// `POST /api/v1/runs/{run}/rerun-failed`.
pub(crate) async fn rerun_failed(run: u64) -> Result<(), Fault> {
    post(&format!("/api/v1/runs/{run}/rerun-failed")).await
}

/// `POST /api/v1/runs/{run}/jobs/{job}/rerun`.
pub(crate) async fn rerun_job(run: u64, job: u64) -> Result<(), Fault> {
    post(&format!("/api/v1/runs/{run}/jobs/{job}/rerun")).await
}

/// `GET /api/v1/previews/{id}`, read and checked.
pub(crate) async fn preview(artifact: u64) -> Result<Bundle, Fault> {
    let request = Request::get(&format!("/api/v1/previews/{artifact}"));
    let response = checked(request.send().await.map_err(|e| Fault::unreachable(SERVER, &e))?).await?;
    let bytes = response.binary().await.map_err(|e| Fault::unreachable(SERVER, &e))?;
    Bundle::read(&bytes)
        .map_err(|e| Fault::new("The preview cannot be shown", super::capital(&e.to_string())))
}

/// Where a product is downloaded from: `GET /api/v1/artifacts/{id}/download`.
pub(crate) fn download_address(artifact: u64) -> String {
    format!("/api/v1/artifacts/{artifact}/download")
}

async fn get<T: DeserializeOwned>(address: &str, signal: Option<&AbortSignal>) -> Result<T, Fault> {
    let request = Request::get(address).abort_signal(signal);
    let response = checked(request.send().await.map_err(|e| Fault::unreachable(SERVER, &e))?).await?;
    response.json().await.map_err(|e| Fault::garbled(SERVER, &e))
}

async fn post(address: &str) -> Result<(), Fault> {
    checked(Request::post(address).send().await.map_err(|e| Fault::unreachable(SERVER, &e))?)
        .await
        .map(|_| ())
}

async fn checked(response: Response) -> Result<Response, Fault> {
    if response.ok() {
        return Ok(response);
    }
    let body = response.text().await.unwrap_or_default();
    Err(Fault::from_answer(SERVER, response.status(), &body))
}
