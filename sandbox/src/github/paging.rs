//! Pages of lists: `per_page`, `page` and the `Link` header.

use axum::{
    Json,
    http::header,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{door::Caller, shapes::REPOSITORY_ID};

/// Most results that a filtered list gives, as on GitHub.
pub(crate) const MOST_FILTERED: i64 = 1000;

/// Which page.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Paging {
    per_page: Option<String>,
    page: Option<String>,
}

impl Paging {
    /// From a query's fields.
    pub(crate) fn new(per_page: Option<String>, page: Option<String>) -> Self {
        Self { per_page, page }
    }

    /// How many a page; what is not a number counts as not given, as on GitHub.
    pub(crate) fn size(&self) -> i64 {
        self.per_page.as_ref().and_then(|n| n.parse().ok()).filter(|n| *n > 0).unwrap_or(30).min(100)
    }

    fn page(&self) -> i64 {
        self.page.as_ref().and_then(|n| n.parse().ok()).filter(|n| *n > 0).unwrap_or(1)
    }

    /// Where the page begins.
    pub(crate) fn offset(&self) -> i64 {
        (self.page() - 1).saturating_mul(self.size())
    }

    /// The part of `all` that is on this page.
    pub(crate) fn cut<T>(&self, all: Vec<T>) -> (i64, Vec<T>) {
        let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
        let (skip, take) = (usize::try_from(self.offset()), usize::try_from(self.size()));
        (total, all.into_iter().skip(skip.unwrap_or(usize::MAX)).take(take.unwrap_or(0)).collect())
    }

    /// The answer `{total_count, name: items}` with its links.
    pub(crate) fn answer(&self, caller: &Caller, total: i64, name: &str, items: Vec<Value>) -> Response {
        let body = Json(json!({"total_count": total, name: Value::Array(items)}));
        match self.links(caller, total) {
            Some(links) => ([(header::LINK, links)], body).into_response(),
            None => body.into_response(),
        }
    }

    /// GitHub's links go to `/repositories/{id}/…`, whatever address was asked.
    fn links(&self, caller: &Caller, total: i64) -> Option<String> {
        let last = (total + self.size() - 1) / self.size();
        let now = self.page();
        let mut wanted = Vec::new();
        if now > 1 {
            wanted.push(("prev", (now - 1).min(last.max(1))));
        }
        if now < last {
            wanted.extend([("next", now + 1), ("last", last)]);
        }
        if now > 1 {
            wanted.push(("first", 1));
        }
        let path = caller.path.strip_prefix("/r")?;
        let others: Vec<(String, String)> = url::form_urlencoded::parse(caller.query.as_bytes())
            .into_owned()
            .filter(|(key, _)| key != "page")
            .collect();
        let link = |(relation, page): (&str, i64)| {
            let query = url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs(&others)
                .append_pair("page", &page.to_string())
                .finish();
            format!("<{}/repositories/{REPOSITORY_ID}{path}?{query}>; rel=\"{relation}\"", caller.base)
        };
        (!wanted.is_empty()).then(|| wanted.into_iter().map(link).collect::<Vec<_>>().join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(per_page: &str, page: &str, total: i64) -> Option<String> {
        let caller = Caller {
            base: "http://x".into(),
            path: "/r/actions/runs".into(),
            query: format!("event=a%20b&per_page={per_page}&page={page}"),
            ..Caller::default()
        };
        Paging { per_page: Some(per_page.into()), page: Some(page.into()) }.links(&caller, total)
    }

    #[test]
    fn links_name_the_repository_by_its_id_and_keep_the_query() {
        let first = links("2", "1", 5).unwrap();
        let base = format!("http://x/repositories/{REPOSITORY_ID}/actions/runs?event=a+b&per_page=2&page=");
        assert_eq!(first, format!("<{base}2>; rel=\"next\", <{base}3>; rel=\"last\""));
        assert_eq!(links("2", "3", 5).unwrap(), format!("<{base}2>; rel=\"prev\", <{base}1>; rel=\"first\""));
        assert_eq!(links("5", "1", 5), None);
    }

    #[test]
    fn sizes_are_thirty_by_default_and_a_hundred_at_most() {
        let size = |text: &str| Paging { per_page: Some(text.into()), page: None }.size();
        assert_eq!(
            (Paging::default().size(), size("7"), size("500"), size("x"), size("0")),
            (30, 7, 100, 30, 30)
        );
    }
}
