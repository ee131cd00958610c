//! Every answer against GitHub's own description of it.

use std::{collections::HashMap, path::PathBuf, sync::OnceLock};

use serde_json::{Value, json};

/// What the descriptions leave out: their own objects, errors that are described nowhere, and GraphQL.
const NOT_DESCRIBED: [&str; 2] = ["/graphql", "/sandbox"];

/// Fails the test when the answer is not what GitHub describes. Without the descriptions it does nothing and says so.
pub(crate) fn check(version: &str, method: &str, path: &str, status: u16, body: &[u8]) {
    let Some(description) = description(version) else { return };
    // The addresses in `Link` headers name the repository by its id.
    let path = path.replace("/repositories/5200000001", "/repos/local/burstboard");
    let path = path.split('?').next().unwrap_or_default();
    if NOT_DESCRIBED.iter().any(|prefix| path.starts_with(prefix))
        || matches!(status, 304 | 401 | 410 | 500..)
    {
        return;
    }
    let Some((template, operation)) = operation(description, method, path) else {
        assert!(status == 404, "{method} {path} is not in GitHub's description");
        return;
    };
    let responses = &operation["responses"];
    let described = responses.get(status.to_string()).map(|response| resolve(description, response));
    let Some(response) = described else {
        // Error statuses are described unevenly; all have GitHub's one shape.
        assert!(status >= 400, "{method} {template} answered {status}, which is not described");
        let error: Value = serde_json::from_slice(body).unwrap_or_default();
        assert!(error["message"].is_string() && error["documentation_url"].is_string(), "{error}");
        return;
    };
    let Some(schema) = response.pointer("/content/application~1json/schema") else { return };
    let value: Value =
        serde_json::from_slice(body).unwrap_or_else(|e| panic!("{method} {template} {status}: {e}"));
    let whole = json!({"allOf": [schema], "components": description["components"]});
    let validator = jsonschema::options().should_validate_formats(true).build(&whole).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).take(5).collect();
    assert!(
        errors.is_empty(),
        "{method} {template} {status} is not what GitHub describes:\n{}",
        errors.join("\n")
    );
}

fn description(version: &str) -> Option<&'static Value> {
    static ALL: OnceLock<HashMap<String, Value>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/github");
        let mut all = HashMap::new();
        for version in ["2022-11-28", "2026-03-10"] {
            match std::fs::read(folder.join(format!("github-actions-openapi.{version}.json"))) {
                Ok(text) => {
                    drop(all.insert(version.to_owned(), modern(serde_json::from_slice(&text).unwrap())));
                }
                Err(_) => eprintln!("left out: GitHub's description {version} is not there"),
            }
        }
        all
    });
    all.get(version)
}

/// The operation whose template fits the path; one with fewer placeholders wins.
fn operation<'a>(description: &'a Value, method: &str, path: &str) -> Option<(&'a str, &'a Value)> {
    let parts: Vec<&str> = path.split('/').collect();
    let fits = |template: &str| {
        let wanted: Vec<&str> = template.split('/').collect();
        // The path of a file is one parameter with slashes.
        let long_enough = parts.len() > wanted.len() && wanted.last() == Some(&"{path}");
        (wanted.len() == parts.len() || long_enough)
            && wanted.iter().zip(&parts).all(|(w, p)| w.starts_with('{') || w == p)
    };
    let paths = description["paths"].as_object()?;
    let (template, operations) = paths
        .iter()
        .filter(|(template, _)| fits(template))
        .min_by_key(|(template, _)| template.matches('{').count())?;
    Some((template, operations.get(method.to_lowercase())?))
}

fn resolve<'a>(description: &'a Value, value: &'a Value) -> &'a Value {
    match value.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix('#')) {
        Some(pointer) => description.pointer(pointer).unwrap(),
        None => value,
    }
}

/// OpenAPI 3.0's schemas in the words of JSON Schema: `nullable` becomes a type or a value of its own.
fn modern(mut value: Value) -> Value {
    match &mut value {
        Value::Object(map) => {
            for child in map.values_mut() {
                *child = modern(child.take());
            }
            map.remove("discriminator");
            if map.remove("nullable") != Some(Value::Bool(true)) {
                return value;
            }
            if let Some(Value::Array(values)) = map.get_mut("enum") {
                values.push(Value::Null);
            }
            match map.get("type").cloned() {
                Some(Value::String(one)) => drop(map.insert("type".to_owned(), json!([one, "null"]))),
                _ => return json!({"anyOf": [value, {"type": "null"}]}),
            }
            value
        }
        Value::Array(items) => {
            for item in items {
                *item = modern(item.take());
            }
            value
        }
        _ => value,
    }
}
