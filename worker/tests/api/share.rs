//! Share links of a private repository.

use insta::assert_json_snapshot;
use serde_json::{Value, json};

use crate::world::{Read, World, local};

/// A private repository with two runs of one batch and one of another, each with a preview and a product.
struct Private {
    world: World,
    runs: [u64; 3],
    previews: [u64; 3],
}

fn private() -> Private {
    let mut world = local();
    world.github.private = true;
    let titles = ["b [k3v9x2ab/1]", "b [k3v9x2ab/2]", "b [0ther1/1]"];
    let runs = titles.map(|title| world.github.add_run("batch-job.yml", title, "completed", Some("success")));
    let previews = runs.map(|run| {
        let preview = world.github.add_artifact(run, "20180604_20180616.preview.zip", 3);
        let address = world.github.locations.borrow()[&preview].clone();
        world.store.files.borrow_mut().insert(address, b"PK3".to_vec());
        preview
    });
    Private { world, runs, previews }
}

impl Private {
    async fn made(&self, scope: &str) -> Value {
        let answer = self.world.send("/api/v1/links", &json!({"scope": scope, "days": 7})).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()
    }

    async fn opened(&self, path: &str) -> Read {
        let token = path.split_once("?share=").unwrap().1;
        self.world.send_with("", "/api/v1/share", &json!({"token": token})).await
    }

    /// The cookie of somebody who opened a link.
    async fn guest(&self, path: &str) -> String {
        let answer = self.opened(path).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.header("set-cookie").split(';').next().unwrap().to_owned()
    }

    async fn status(&self, cookie: &str, path: &str) -> u16 {
        self.world.ask("GET", path, &[("cookie", cookie)], "").await.status
    }

    async fn sees(&self, cookie: &str) -> String {
        let mut seen = String::new();
        for (run, preview) in self.runs.iter().zip(self.previews) {
            let run = self.status(cookie, &format!("/api/v1/runs/{run}")).await;
            let preview = self.status(cookie, &format!("/api/v1/previews/{preview}")).await;
            assert_eq!(run, preview);
            seen.push(if run == 200 { '+' } else { '-' });
        }
        seen
    }
}

#[tokio::test]
async fn a_link_opens_what_it_names_and_nothing_else() {
    let private = private();
    let run = private.made(&format!("run:{}", private.runs[0])).await;
    let batch = private.made("batch:k3v9x2ab").await;
    assert_eq!(private.sees("").await, "---");
    let guest = private.guest(run["path"].as_str().unwrap()).await;
    assert_eq!(private.sees(&guest).await, "+--");
    let of_batch = private.guest(batch["path"].as_str().unwrap()).await;
    assert_eq!(private.sees(&of_batch).await, "++-");
    assert_eq!(private.status(&of_batch, "/api/v1/batches/k3v9x2ab").await, 200);
    for path in ["/api/v1/runs", "/api/v1/batches/0ther1", "/api/v1/links", "/api/v1/launching"] {
        assert_eq!(private.status(&of_batch, path).await, 401, "{path}");
    }
    let job = private.world.github.add_job(private.runs[0], "x / hyp3-isce2", "completed", None, &[]);
    assert_eq!(
        private.status(&guest, &format!("/api/v1/runs/{}/jobs/{job}/log", private.runs[0])).await,
        401
    );
    let cancel = format!("/api/v1/runs/{}/cancel", private.runs[0]);
    assert_eq!(private.world.send_with(&guest, &cancel, &json!({})).await.status, 401);
}

#[tokio::test]
async fn what_nobody_may_see_costs_github_nothing() {
    let private = private();
    private.status("", "/api/v1/runs").await;
    private.world.github.tokens.borrow_mut().clear();
    for path in
        ["/api/v1/runs/1", "/api/v1/previews/2", "/api/v1/artifacts/3/download", "/api/v1/batches/n0ne11"]
    {
        assert_eq!(private.status("__Host-share=forged~k1.x.y", path).await, 401, "{path}");
    }
    assert_eq!(*private.world.github.tokens.borrow(), Vec::<String>::new());
}

#[tokio::test]
async fn previews_of_a_private_repository_are_kept_by_the_visitor_alone() {
    let private = private();
    let path = format!("/api/v1/previews/{}", private.previews[0]);
    let answer = private.world.see("reader", &path).await;
    assert_eq!(answer.header("cache-control"), "private, max-age=31536000, immutable");
    let known = [("if-none-match", answer.header("etag"))];
    assert_eq!(private.world.ask("GET", &path, &known, "").await.status, 401);
}

#[tokio::test]
async fn a_link_is_over_when_its_time_is_or_when_it_is_revoked() {
    let private = private();
    let links = [private.made("batch:k3v9x2ab").await, private.made("batch:k3v9x2ab").await];
    let path = |at: usize| links[at]["path"].as_str().unwrap();
    let guests = [private.guest(path(0)).await, private.guest(path(1)).await];
    let id = links[0]["link"]["id"].as_str().unwrap();
    let revoke = format!("/api/v1/links/{id}/revoke");
    assert_eq!(private.world.send_as("reader", &revoke, &json!({})).await.status, 403);
    assert_eq!(private.world.send(&revoke, &json!({})).await.status, 202);
    assert_eq!(private.world.send(&revoke, &json!({})).await.status, 404);
    assert_eq!(
        (private.sees(&guests[0]).await.as_str(), private.sees(&guests[1]).await.as_str()),
        ("---", "++-")
    );
    let refused = private.opened(path(0)).await;
    assert_eq!((refused.status, refused.header("set-cookie")), (403, ""));
    assert_json_snapshot!("link_over", refused.json());
    private.world.clock.pass(7 * 86_400);
    assert_eq!(private.sees(&guests[1]).await, "---");
    assert_eq!(private.opened(path(1)).await.status, 403);
    assert_eq!(private.opened(&format!("{}x", path(1))).await.status, 403);
}

#[tokio::test]
async fn makers_see_their_links_and_maintainers_all_of_them() {
    let private = private();
    private.made("batch:k3v9x2ab").await;
    let body = json!({"scope": "batch:0ther1", "days": 1});
    assert_eq!(private.world.send_as("maintainer", "/api/v1/links", &body).await.status, 201);
    let own = private.world.see("writer", "/api/v1/links").await;
    assert_json_snapshot!("links", own.json());
    assert!(!own.text().contains("share="), "the link itself is shown once");
    let all = private.world.see("maintainer", "/api/v1/links").await.json();
    assert_eq!(all["links"].as_array().map(Vec::len), Some(2));
    assert_eq!(private.world.see("reader", "/api/v1/links").await.status, 403);
}

#[tokio::test]
async fn wrong_links_are_not_made() {
    let private = private();
    let run = format!("run:{}", private.runs[0]);
    for (body, status) in [
        (json!({"scope": run, "days": 0}), 422),
        (json!({"scope": run, "days": 91}), 422),
        (json!({"scope": "repo:1", "days": 7}), 422),
        (json!({"scope": "run:1", "days": 7}), 404),
        (json!({"scope": "batch:n0ne11", "days": 7}), 404),
        (json!({"scope": run, "days": 7, "login": "local"}), 422),
    ] {
        assert_eq!(private.world.send("/api/v1/links", &body).await.status, status, "{body}");
    }
    let body = json!({"scope": run, "days": 7});
    assert_eq!(private.world.send_as("reader", "/api/v1/links", &body).await.status, 403);
    assert_eq!(private.world.send_with("", "/api/v1/links", &body).await.status, 401);
}

#[tokio::test]
async fn a_links_page_names_its_picture_to_those_who_may_see_the_run() {
    let mut private = private();
    private.world.disk.0.insert("/index.html", "<html><head></head></html>");
    let run = private.runs[0];
    let made = private.made(&format!("run:{run}")).await;
    let link = made["path"].as_str().unwrap();
    let page = private.world.look(link).await;
    let picture = format!("/api/v1/cards/{run}?share={}", link.split_once("?share=").unwrap().1);
    assert!(page.text().contains(&format!("content=\"http://127.0.0.1:8787{picture}\"")), "{}", page.text());
    // The preview here is no bundle: the door is what is tried.
    assert_eq!(private.world.look(&picture).await.status, 404);
    for path in
        [format!("/run/{run}"), format!("/run/{run}?share=\"><script>"), link.replace(&run.to_string(), "1")]
    {
        let page = private.world.look(&path).await;
        assert_eq!((page.status, page.text().contains("og:")), (200, false), "{path}");
    }
    assert_eq!(private.status("", &format!("/api/v1/cards/{run}")).await, 401);
    let with_cookie = private.world.see("writer", &format!("/run/{run}")).await;
    assert!(!with_cookie.text().contains("og:"), "a person needs no card");
}

#[tokio::test]
async fn a_stranger_does_not_learn_the_name_of_a_private_repository() {
    let private = private();
    let stranger = private.world.look("/api/v1/config").await;
    assert!(!stranger.text().contains("local/burstboard"), "{}", stranger.text());
    assert_eq!(stranger.json()["repository"], Value::Null);
    assert_eq!(
        private.world.see("reader", "/api/v1/config").await.json()["repository"]["name"],
        "burstboard"
    );
    assert_eq!(private.world.see("writer", "/api/v1/config").await.json()["sharing"], json!({"by": "link"}));
}
