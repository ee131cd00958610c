//! `strategy.matrix` expanded into its legs.

use serde_json::{Map, Value};

/// Most legs one matrix may have, as on GitHub.
pub const MOST_LEGS: usize = 256;

/// The values of one leg.
pub type Leg = Map<String, Value>;

/// Expands a matrix whose expressions are filled already. The error is a sentence.
pub fn legs(matrix: &Value) -> Result<Vec<Leg>, String> {
    let Value::Object(matrix) = matrix else { return Err("the matrix is not an object".to_owned()) };
    let mut legs = Vec::new();
    for (name, values) in matrix.iter().filter(|(name, _)| !matches!(name.as_str(), "include" | "exclude")) {
        let Value::Array(values) = values else { return Err(format!("the matrix's {name} is not a list")) };
        if values.is_empty() {
            return Err(format!("the matrix's {name} has no values"));
        }
        legs = multiply(legs, name, values);
        if legs.len() > MOST_LEGS {
            return Err(too_many());
        }
    }
    let excluded = objects(matrix, "exclude")?;
    legs.retain(|leg| !excluded.iter().any(|out| out.iter().all(|(key, value)| leg.get(key) == Some(value))));
    let original = legs.clone();
    for extra in objects(matrix, "include")? {
        include(&mut legs, &original, extra);
    }
    match legs.len() {
        0 => Err("the matrix has no legs".to_owned()),
        n if n > MOST_LEGS => Err(too_many()),
        _ => Ok(legs),
    }
}

fn too_many() -> String {
    format!("the matrix has more than {MOST_LEGS} legs, which is the most one matrix may have")
}

fn multiply(legs: Vec<Leg>, name: &str, values: &[Value]) -> Vec<Leg> {
    let legs = if legs.is_empty() { vec![Leg::new()] } else { legs };
    legs.iter()
        .flat_map(|leg| {
            values.iter().map(move |value| {
                let mut leg = leg.clone();
                leg.insert(name.to_owned(), value.clone());
                leg
            })
        })
        .collect()
}

fn objects(matrix: &Map<String, Value>, name: &str) -> Result<Vec<Leg>, String> {
    match matrix.get(name) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(items)) => items
            .iter()
            .map(|item| {
                item.as_object()
                    .cloned()
                    .ok_or_else(|| format!("the matrix's {name} has an entry that is not an object"))
            })
            .collect(),
        Some(_) => Err(format!("the matrix's {name} is not a list")),
    }
}

/// An entry of `include` is added to every original leg whose own values it would not overwrite, else it is a new leg.
fn include(legs: &mut Vec<Leg>, original: &[Leg], extra: Leg) {
    let mut added = false;
    for (leg, first) in legs.iter_mut().zip(original) {
        if first.iter().all(|(key, value)| extra.get(key).is_none_or(|other| other == value)) {
            leg.extend(extra.clone());
            added = true;
        }
    }
    if !added {
        legs.push(extra);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_of_pairs_is_one_leg_a_pair() {
        let found = legs(&json!({"include": [{"name": "a"}, {"name": "b"}]})).unwrap();
        assert_eq!(json!(found), json!([{"name": "a"}, {"name": "b"}]));
    }

    #[test]
    fn vectors_multiply_excludes_leave_and_includes_join() {
        let found = legs(&json!({
            "os": ["l", "w"], "n": [1, 2], "exclude": [{"os": "w", "n": 1}],
            "include": [{"n": 2, "extra": true}, {"os": "m"}]
        }))
        .unwrap();
        assert_eq!(
            json!(found),
            json!([{"n": 1, "os": "l"}, {"n": 2, "os": "l", "extra": true}, {"n": 2, "os": "w", "extra": true}, {"os": "m"}])
        );
    }

    #[test]
    fn nothing_and_too_much_are_errors() {
        assert!(legs(&json!({"include": []})).is_err());
        let many: Vec<_> = (0..257).map(|n| json!({"name": n})).collect();
        assert!(legs(&json!({"include": many})).unwrap_err().contains("256"));
    }
}
