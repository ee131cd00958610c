//! The blob store behind the redirects.

use serde_json::json;

use crate::support::Sandbox;

#[tokio::test]
async fn blobs_come_in_parts_and_refuse_credentials_and_changed_addresses() {
    let Some(sandbox) = Sandbox::start() else { return };
    let run = sandbox.dispatch("single-job.yml", json!({"workflow_name": "pair"})).await;
    sandbox.ended(run).await;
    let artifacts = sandbox.artifacts(run).await;
    let preview = artifacts.iter().find(|a| a["name"] == "pair.preview.zip").unwrap();
    let redirect = sandbox.get(&format!("/actions/artifacts/{}/zip", preview["id"])).await;
    let address = redirect.header("location").to_owned();
    assert!(address.starts_with(&sandbox.says("blobs")), "{address}");

    let whole = sandbox.fetch(&address, &[]).await;
    assert_eq!((whole.status, whole.header("content-type")), (200, "application/zip"));
    assert_eq!(whole.header("content-disposition"), "attachment; filename=\"pair.preview.zip\"");
    assert_eq!(whole.bytes.len() as u64, preview["size_in_bytes"].as_u64().unwrap());

    let part = sandbox.fetch(&address, &[("range", "bytes=2-3")]).await;
    let total = whole.bytes.len();
    assert_eq!((part.status, part.bytes.as_slice()), (206, &whole.bytes[2..4]));
    assert_eq!(part.header("content-range"), format!("bytes 2-3/{total}"));
    let beyond = sandbox.fetch(&address, &[("range", "bytes=9999-")]).await;
    assert_eq!((beyond.status, beyond.header("content-range")), (416, format!("bytes */{total}").as_str()));

    for (headers, address) in [
        (&[("authorization", "Bearer x")][..], address.clone()),
        (&[("cookie", "a=b")][..], address.clone()),
        (&[][..], address.replace("sig=", "sig=0")),
        (&[][..], address.replace("artifact/", "log/")),
    ] {
        let refused = sandbox.fetch(&address, headers).await;
        assert_eq!((refused.status, refused.header("x-ms-error-code")), (403, "AuthenticationFailed"));
        assert!(refused.text().contains("<Error><Code>AuthenticationFailed</Code>"), "{}", refused.text());
    }

    sandbox.fault(json!({"path": "/actions-results/", "harm": "truncate"})).await;
    let broken = sandbox.client().get(&address).send().await.unwrap();
    assert!(broken.bytes().await.is_err(), "a truncated blob must not look whole");
}

#[tokio::test]
async fn products_are_zips_and_single_files_come_as_they_are() {
    let Some(sandbox) = Sandbox::start() else { return };
    let run = sandbox.dispatch("single-job.yml", json!({"workflow_name": "pair", "reference": "R"})).await;
    sandbox.ended(run).await;
    let named = sandbox.get(&format!("/actions/runs/{run}/artifacts?name=pair")).await.json();
    assert_eq!(named["total_count"], 1);
    let product = &named["artifacts"][0];
    let bytes = sandbox.download(product).await.bytes;
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    assert_eq!(
        zip.file_names().map(|name| name.unwrap().into_owned()).collect::<Vec<_>>(),
        ["S1_x_INT80_ABCD/log.txt"]
    );
    let text = std::io::read_to_string(zip.by_index(0).unwrap()).unwrap();
    assert_eq!(text, "pair R false attempt 1\n");

    let preview = &sandbox.get(&format!("/actions/runs/{run}/artifacts?name=pair.preview.zip")).await.json()
        ["artifacts"][0];
    let address = format!("{}/sandbox/artifacts/{}/expire", sandbox.says("api"), preview["id"]);
    let expire = sandbox.client().post(address).bearer_auth(sandbox.says("token")).send().await.unwrap();
    assert_eq!(expire.status(), 204);
    let gone = sandbox.get(&format!("/actions/artifacts/{}/zip", preview["id"])).await;
    assert_eq!((gone.status, gone.message().as_str()), (410, "Artifact has expired"));
    assert_eq!(sandbox.get(&format!("/actions/artifacts/{}", preview["id"])).await.json()["expired"], true);

    let id = &product["id"];
    assert_eq!(
        sandbox.call(reqwest::Method::DELETE, &format!("/actions/artifacts/{id}"), None).await.status,
        204
    );
    assert_eq!(sandbox.get(&format!("/actions/artifacts/{id}")).await.status, 404);
}
