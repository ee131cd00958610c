//! The catalogue as the page and the processor ask it.

use crate::support::Sandbox;

#[tokio::test]
async fn a_bursts_stack_comes_in_pages_that_any_origin_may_read() {
    let Some(sandbox) = Sandbox::start() else { return };
    let query = "?collection_concept_id=C2709161906-ASF&attribute[]=string,BURST_ID_FULL,174_372326_IW3&attribute[]=string,POLARIZATION,VV&sort_key[]=start_date&page_size=100";
    let address = format!("{}{query}", sandbox.says("catalogue"));
    let first = sandbox.fetch(&address, &[("origin", "http://127.0.0.1:1")]).await;
    assert_eq!(
        (first.status, first.header("cmr-hits"), first.header("access-control-allow-origin")),
        (200, "166", "*")
    );
    assert!(first.header("access-control-expose-headers").contains("CMR-Search-After"));
    let after = first.header("cmr-search-after").to_owned();
    let second = sandbox.fetch(&address, &[("cmr-search-after", &after)]).await;
    let (first, second) = (first.json(), second.json());
    assert_eq!(
        (first["items"].as_array().unwrap().len(), second["items"].as_array().unwrap().len()),
        (100, 66)
    );
    assert_ne!(first["items"][99], second["items"][0]);

    let other = sandbox.fetch(&address.replace("174_372326_IW3", "064_136231_IW2"), &[]).await.json();
    assert_eq!((other["hits"].as_i64(), other["items"].as_array().unwrap().len()), (Some(0), 0));
    let wrong = sandbox.fetch(&format!("{}?nonsense=1", sandbox.says("catalogue")), &[]).await;
    assert_eq!((wrong.status, wrong.header("access-control-allow-origin")), (400, "*"));
    assert_eq!(wrong.json()["errors"][0], "Parameter [nonsense] was not recognized.");
}
