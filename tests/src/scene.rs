//! A run that has ended, with which every route has something to answer about.

use anyhow::{Context, Result, ensure};
use burstboard_worker::route::Line;
use domain::run::State;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::{
    Api, Stack,
    api::Answer,
    launch::{granules, request},
};

/// A job and a link that are not there: for changes whose refusal shows that the door was passed.
const NO_JOB: u64 = 1;
const NO_LINK: &str = "n0such";

/// A run and what belongs to it.
pub struct Scene {
    /// The run.
    pub run: u64,
    /// A pair's job.
    pub job: u64,
    /// That pair's product.
    pub product: u64,
    /// That pair's preview.
    pub preview: u64,
    /// The run's batch.
    pub batch: String,
    /// The token of a link to the run.
    pub link: String,
}

impl Scene {
    /// Launches so many pairs, waits for their end and shares the run.
    pub async fn play(stack: &Stack, writer: &Api, pairs: usize, batch: &str) -> Result<Self> {
        let run = writer.launch(&request(&granules(stack, pairs + 1).await?, batch)).await?;
        let seen = writer.watch(run, |view| view.run.state.is_final()).await?;
        let view = seen.last().context("nothing was seen")?;
        ensure!(view.run.state == State::Done, "{view:#?}");
        let pair = view.pairs.first().context("no pair")?;
        Ok(Self {
            run,
            job: pair.job.context("no job")?,
            product: pair.product.as_ref().context("no product")?.id,
            preview: pair.preview.as_ref().context("no preview")?.id,
            batch: batch.to_owned(),
            link: share(writer, &format!("run:{run}")).await?.1,
        })
    }

    /// A route's address in this scene.
    pub fn path(&self, line: &Line) -> String {
        // A job that ended well would run again, too.
        let job = if line.method == "GET" { self.job } else { NO_JOB };
        let id = match line.path {
            path if path.contains("/artifacts/") => self.product.to_string(),
            path if path.contains("/previews/") => self.preview.to_string(),
            _ => NO_LINK.to_owned(),
        };
        line.path
            .replace("{run}", &self.run.to_string())
            .replace("{job}", &job.to_string())
            .replace("{batch}", &self.batch)
            .replace("{id}", &id)
    }

    /// A body that gets past the door and changes nothing.
    pub fn body(&self, line: &Line) -> Value {
        match line.path {
            "/api/v1/links" => json!({"scope": format!("run:{}", self.run), "days": 0}),
            "/api/v1/share" => json!({"token": self.link}),
            _ => json!({}),
        }
    }

    /// The request for a route, as the page would make it.
    pub fn request(&self, api: &Api, line: &Line) -> RequestBuilder {
        let path = self.path(line);
        if line.method == "GET" {
            api.request(Method::GET, &path)
        } else {
            api.own_post(&path).json(&self.body(line))
        }
    }

    /// Asks for a route and reads the answer.
    pub async fn ask(&self, api: &Api, line: &Line) -> Result<Answer> {
        api.send(self.request(api, line)).await
    }
}

/// Makes a link; gives its id and its token.
pub async fn share(api: &Api, scope: &str) -> Result<(String, String)> {
    let made = api.post_json("/api/v1/links", &json!({"scope": scope, "days": 1})).await?;
    ensure!(made.status == 201, "no link: {}", made.json()?);
    let made = made.json()?;
    let id = made["link"]["id"].as_str().with_context(|| format!("no id: {made}"))?;
    let (_, token) = made["path"].as_str().and_then(|path| path.split_once("?share=")).context("no token")?;
    Ok((id.to_owned(), token.to_owned()))
}
