//! Addresses and methods that are none.

use insta::assert_json_snapshot;
use serde_json::json;

use crate::world::local;

#[tokio::test]
async fn an_address_that_is_none_is_a_problem() {
    let answer = local().look("/api/v1/everything").await;
    assert_eq!((answer.status, answer.header("content-type")), (404, "application/problem+json"));
    assert_json_snapshot!("no_such_address", answer.json());
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_one() {
    let answer = local().look("/api/v1/launches").await;
    assert_eq!((answer.status, answer.header("allow")), (405, "POST"));
    assert_json_snapshot!("wrong_method", answer.json());
    assert_eq!(local().send("/api/v1/config", &json!({})).await.status, 405);
    assert_eq!(local().send("/run/1", &json!({})).await.status, 405);
}

#[tokio::test]
async fn head_is_get_without_a_body() {
    let answer = local().ask("HEAD", "/api/v1/config", &[], "").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    assert_eq!(answer.body.unwrap().len(), 0);
}
