//! What visitors are told when GitHub does not do as asked.

use burstboard_worker::github::GitHubError;
use insta::assert_json_snapshot;
use serde_json::json;

use crate::world::local;

#[tokio::test]
async fn each_fault_of_github_has_its_own_sentence() {
    let mut told = Vec::new();
    for fault in [
        GitHubError::NoAnswer,
        GitHubError::Unauthorized,
        GitHubError::Forbidden,
        GitHubError::NotFound,
        GitHubError::Conflict,
        GitHubError::Gone,
        GitHubError::Refused,
        GitHubError::RateLimited { retry_after: 90 },
        GitHubError::Unavailable { status: 503, retry_after: None },
        GitHubError::Unreadable("x"),
    ] {
        let world = local();
        world.github.fault.set(Some(fault));
        let answer = world.look("/api/v1/runs").await;
        let problem = answer.json();
        assert_eq!(problem["status"], answer.status, "{fault:?}");
        let wait = problem.get("retry_after").map(ToString::to_string).unwrap_or_default();
        assert_eq!(answer.header("retry-after"), wait, "{fault:?}");
        told.push(json!({"fault": format!("{fault:?}"), "answer": problem}));
    }
    assert_json_snapshot!("faults", told);
}
