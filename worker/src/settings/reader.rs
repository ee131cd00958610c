//! Reading settings by name, and gathering what is wrong with them.

/// Reads settings; every one that is missing or wrong becomes a sentence for the owner.
pub(super) struct Reader<G> {
    get: G,
    /// The sentences.
    pub(super) missing: Vec<String>,
}

impl<G: Fn(&str) -> Option<String>> Reader<G> {
    pub(super) const fn new(get: G) -> Self {
        Self { get, missing: Vec::new() }
    }

    /// A setting's text; empty counts as not set.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        (self.get)(name).filter(|text| !text.trim().is_empty())
    }

    /// A setting that has to be there.
    pub(super) fn needed<T>(
        &mut self,
        name: &str,
        what: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let Some(text) = self.text(name) else {
            self.missing.push(format!("{name} is not set: give it {what}"));
            return None;
        };
        let value = parse(&text);
        if value.is_none() {
            self.missing.push(format!("{name} cannot be used: give it {what}"));
        }
        value
    }

    /// A setting that has a default.
    pub(super) fn optional<T>(
        &mut self,
        name: &str,
        what: &str,
        default: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let value = parse(&self.text(name).unwrap_or_else(|| default.to_owned()));
        if value.is_none() {
            self.missing.push(format!("{name} cannot be used: give it {what} or leave it out"));
        }
        value
    }
}
