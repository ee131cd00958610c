//! The Worker's routes, one function each.

use domain::{
    access::Scope,
    api::{
        Config, Health, Launched, Launching, Links, Log, MadeLink, NewLink, Opened, Runs, SetLaunching, Token,
    },
    launch::{BatchId, LaunchRequest},
    preview::Bundle,
    run::RunView,
};
use gloo_net::http::{Request, Response};
use serde::{Serialize, de::DeserializeOwned};
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
    send("/api/v1/launches", request).await
}

/// `GET /api/v1/health`; those who look after the deployment are told what is wrong, which also has status 503.
pub(crate) async fn health() -> Result<Health, Fault> {
    let request = Request::get("/api/v1/health").send().await;
    let response = request.map_err(|e| Fault::unreachable(SERVER, &e))?;
    response.json().await.map_err(|e| Fault::garbled(SERVER, &e))
}

/// `POST /api/v1/sign-out`.
pub(crate) async fn sign_out() -> Result<(), Fault> {
    post("/api/v1/sign-out").await
}

/// `GET /api/v1/launching`.
pub(crate) async fn launching() -> Result<Launching, Fault> {
    get("/api/v1/launching", None).await
}

/// `POST /api/v1/launching`.
pub(crate) async fn set_launching(open: bool) -> Result<Launching, Fault> {
    send("/api/v1/launching", &SetLaunching { open }).await
}

/// `GET /api/v1/links`.
pub(crate) async fn links() -> Result<Links, Fault> {
    get("/api/v1/links", None).await
}

/// `POST /api/v1/links`.
pub(crate) async fn make_link(scope: Scope, days: u32) -> Result<MadeLink, Fault> {
    send("/api/v1/links", &NewLink { scope, days }).await
}

/// `POST /api/v1/links/{id}/revoke`.
pub(crate) async fn revoke_link(id: &str) -> Result<(), Fault> {
    post(&format!("/api/v1/links/{id}/revoke")).await
}

/// `POST /api/v1/share`: swaps a link's token for a cookie.
pub(crate) async fn open_link(token: String) -> Result<Opened, Fault> {
    send("/api/v1/share", &Token { token }).await
}

/// Where signing in begins; it ends at `back`, a path of the page.
pub(crate) fn sign_in_address(back: &str) -> String {
    format!("/api/v1/sign-in?return={}", String::from(js_sys::encode_uri_component(back)))
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

/// Every change is sent as JSON: other sites' forms cannot do that.
async fn send<T: DeserializeOwned>(address: &str, body: &impl Serialize) -> Result<T, Fault> {
    let response = sent(address, body).await?;
    response.json().await.map_err(|e| Fault::garbled(SERVER, &e))
}

async fn post(address: &str) -> Result<(), Fault> {
    #[derive(Serialize)]
    struct Nothing {}
    sent(address, &Nothing {}).await.map(|_| ())
}

async fn sent(address: &str, body: &impl Serialize) -> Result<Response, Fault> {
    let request = Request::post(address).json(body).map_err(|e| Fault::garbled(SERVER, &e))?;
    checked(request.send().await.map_err(|e| Fault::unreachable(SERVER, &e))?).await
}

async fn checked(response: Response) -> Result<Response, Fault> {
    if response.ok() {
        return Ok(response);
    }
    let body = response.text().await.unwrap_or_default();
    Err(Fault::from_answer(SERVER, response.status(), &body))
}
