//! A dispatch's inputs against what the workflow declares, with GitHub's words for what is wrong.

use serde_json::{Map, Value};

use super::{
    document::{Input, Kind, Workflow},
    expression::text_of,
};

/// Most inputs a dispatch may have.
pub const MOST_INPUTS: usize = 25;
/// Most characters that all inputs may have together.
pub const MOST_CHARACTERS: usize = 65_535;

/// Why a dispatch is refused: GitHub's message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InputError(String);

/// The inputs of a run as `github.event.inputs` has them: all declared ones, as text.
pub fn dispatched(workflow: &Workflow, given: &Map<String, Value>) -> Result<Map<String, Value>, InputError> {
    let fail = |message: String| Err(InputError(message));
    let Some(declared) = &workflow.dispatch else {
        return fail("Workflow does not have 'workflow_dispatch' trigger".to_owned());
    };
    if given.len() > MOST_INPUTS {
        return fail(format!(
            "Invalid request.\n\nNo more than {MOST_INPUTS} properties are allowed; {} were supplied.",
            given.len()
        ));
    }
    let unknown: Vec<&String> =
        given.keys().filter(|name| declared.iter().all(|input| input.name != **name)).collect();
    if !unknown.is_empty() {
        return fail(format!(
            "Unexpected inputs provided: {}",
            Value::from_iter(unknown.into_iter().cloned())
        ));
    }
    if given.values().map(|value| text_of(value).chars().count()).sum::<usize>() > MOST_CHARACTERS {
        return fail("inputs are too large.".to_owned());
    }
    declared
        .iter()
        .map(|input| {
            let value = given.get(&input.name).or(input.default.as_ref()).map(text_of).unwrap_or_default();
            check(input, &value).map(|()| (input.name.clone(), Value::String(value)))
        })
        .collect()
}

fn check(input: &Input, value: &str) -> Result<(), InputError> {
    let name = &input.name;
    if value.is_empty() {
        return if input.required {
            Err(InputError(format!("Required input '{name}' not provided")))
        } else {
            Ok(())
        };
    }
    let fits = match &input.kind {
        Kind::Text => true,
        Kind::Boolean => matches!(value, "true" | "false"),
        Kind::Number => value.parse::<f64>().is_ok_and(f64::is_finite),
        Kind::Choice(options) => options.iter().any(|option| option == value),
    };
    match (&input.kind, fits) {
        (_, true) => Ok(()),
        (Kind::Choice(_), _) => Err(InputError(format!(
            "Provided value '{value}' for input '{name}' not in the list of allowed values"
        ))),
        (Kind::Boolean, _) => {
            Err(InputError(format!("Provided value '{value}' for input '{name}' not of type 'boolean'")))
        }
        _ => Err(InputError(format!("Provided value '{value}' for input '{name}' not of type 'number'"))),
    }
}

/// The `inputs` context: texts take the type that their input declares.
pub fn typed(declared: &[Input], values: &Map<String, Value>) -> Map<String, Value> {
    declared
        .iter()
        .map(|input| {
            let value = values.get(&input.name).or(input.default.as_ref()).cloned().unwrap_or_default();
            let text = text_of(&value);
            let value = match input.kind {
                Kind::Boolean => Value::Bool(text == "true"),
                Kind::Number => text
                    .parse::<f64>()
                    .ok()
                    .and_then(serde_json::Number::from_f64)
                    .map_or(value, Value::Number),
                Kind::Text | Kind::Choice(_) => Value::String(text),
            };
            (input.name.clone(), value)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check_dispatch(given: Value) -> Result<Map<String, Value>, String> {
        let text = "on:\n  workflow_dispatch:\n    inputs:\n      burst: {required: true, type: string}\n      looks: {type: choice, options: [20x4, 5x1], default: 20x4}\n      mask: {type: boolean, default: false}\n      note: {type: string}\njobs: {a: {}}\n";
        let workflow = Workflow::read("x", text).unwrap();
        let Value::Object(given) = given else { panic!("an object") };
        dispatched(&workflow, &given).map_err(|e| e.to_string())
    }

    #[test]
    fn defaults_fill_what_is_not_given_and_everything_is_text() {
        let inputs = check_dispatch(json!({"burst": "174_372326_IW3", "mask": true})).unwrap();
        assert_eq!(
            Value::Object(inputs),
            json!({"burst": "174_372326_IW3", "looks": "20x4", "mask": "true", "note": ""})
        );
    }

    #[test]
    fn refuses_what_github_refuses() {
        let many: Map<String, Value> = (0..26).map(|n| (format!("i{n}"), json!("x"))).collect();
        for (given, message) in [
            (json!({}), "Required input 'burst' not provided"),
            (json!({"burst": ""}), "Required input 'burst' not provided"),
            (json!({"burst": "b", "x": "1"}), "Unexpected inputs provided: [\"x\"]"),
            (
                json!({"burst": "b", "looks": "1x1"}),
                "Provided value '1x1' for input 'looks' not in the list of allowed values",
            ),
            (
                json!({"burst": "b", "mask": "yes"}),
                "Provided value 'yes' for input 'mask' not of type 'boolean'",
            ),
            (json!({"burst": "b".repeat(65_536)}), "inputs are too large."),
            (
                Value::Object(many),
                "Invalid request.\n\nNo more than 25 properties are allowed; 26 were supplied.",
            ),
        ] {
            assert_eq!(check_dispatch(given).unwrap_err(), message);
        }
    }
}
