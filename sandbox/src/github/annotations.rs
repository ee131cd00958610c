//! What jobs want people to see. A job's check run has the job's id.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, Query, State},
};
use serde_json::{Value, json};

use super::{App, door::Caller, error::GithubError, jobs, paging::Paging, shapes::Shapes};

pub(crate) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(job): Path<i64>,
    Query(paging): Query<Paging>,
) -> Result<Json<Value>, GithubError> {
    let (job, run) = jobs::find(&app, job)?;
    let html = Shapes::new(&app, &caller).html_url();
    let (_, page) = paging.cut(job.annotations);
    let items = page.into_iter().map(|note| {
        let path = note.path.unwrap_or_else(|| ".github".to_owned());
        let line = note.line.unwrap_or(1);
        json!({
            "path": path, "blob_href": format!("{html}/blob/{}/{path}", run.sha), "start_line": line, "end_line": line,
            "start_column": null, "end_column": null, "annotation_level": note.level,
            "title": note.title.unwrap_or_default(), "message": note.message, "raw_details": "",
        })
    });
    Ok(Json(items.collect()))
}
