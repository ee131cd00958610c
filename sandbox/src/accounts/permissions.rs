//! What an app may do in the repository.

use serde_json::{Map, Value, json};

use super::access::Area;

/// How far a permission reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Not at all.
    None,
    /// Looking.
    Read,
    /// Changing.
    Write,
}

/// The permissions of an app or of one of its tokens. `metadata: read` is always among them, as on GitHub.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permissions {
    /// Runs, jobs, artifacts, workflows.
    pub actions: Level,
    /// Files.
    pub contents: Level,
}

impl Permissions {
    /// What the app was given when it was installed.
    pub const ALL: Self = Self { actions: Level::Write, contents: Level::Read };

    /// How far they reach in one area.
    pub const fn level(self, area: Area) -> Level {
        match area {
            Area::Actions => self.actions,
            Area::Contents => self.contents,
            Area::Metadata => Level::Read,
        }
    }

    /// The part of them that a request for a token names. `None`: it names more than there is.
    pub fn narrowed(self, wanted: &Map<String, Value>) -> Option<Self> {
        let mut narrow = Self { actions: Level::None, contents: Level::None };
        for (name, level) in wanted {
            let level = match level.as_str()? {
                "read" => Level::Read,
                "write" => Level::Write,
                _ => return None,
            };
            let (field, most) = match name.as_str() {
                "actions" => (Some(&mut narrow.actions), self.actions),
                "contents" => (Some(&mut narrow.contents), self.contents),
                "metadata" => (None, Level::Read),
                _ => return None,
            };
            if level > most {
                return None;
            }
            if let Some(field) = field {
                *field = level;
            }
        }
        Some(narrow)
    }

    /// GitHub's object.
    pub fn json(self) -> Value {
        let mut words = json!({"metadata": "read"});
        for (name, level) in [("actions", self.actions), ("contents", self.contents)] {
            match level {
                Level::None => {}
                Level::Read => words[name] = json!("read"),
                Level::Write => words[name] = json!("write"),
            }
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_gets_what_it_names_and_never_more_than_the_app_has() {
        let narrowed = |wanted: Value| Permissions::ALL.narrowed(wanted.as_object().unwrap());
        let reading = narrowed(json!({"actions": "read"})).unwrap();
        assert_eq!(reading.json(), json!({"actions": "read", "metadata": "read"}));
        assert_eq!(narrowed(json!({"actions": "write", "contents": "read"})), Some(Permissions::ALL));
        for more in [
            json!({"contents": "write"}),
            json!({"issues": "read"}),
            json!({"metadata": "write"}),
            json!({"actions": "admin"}),
            json!({"actions": 1}),
        ] {
            assert_eq!(narrowed(more.clone()), None, "{more}");
        }
    }
}
