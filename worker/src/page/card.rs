//! What chat programs read of a link to a run: a title, a sentence, and where the picture is.

/// The tags for a run's page. `token` is the share link's, checked before: it has no character that means anything in
/// HTML.
pub fn tags(origin: &str, run: u64, token: Option<&str>) -> String {
    let share = token.map(|token| format!("?share={token}")).unwrap_or_default();
    [
        ("og:type", "website".to_owned()),
        ("og:site_name", "Burstboard".to_owned()),
        ("og:title", format!("Interferograms of run {run}")),
        (
            "og:description",
            "Sentinel-1 bursts, processed by GitHub Actions: every pair with its preview.".to_owned(),
        ),
        ("og:url", format!("{origin}/run/{run}{share}")),
        ("og:image", format!("{origin}/api/v1/cards/{run}{share}")),
        ("og:image:alt", "Wrapped phase of the first pair".to_owned()),
    ]
    .map(|(name, content)| format!("<meta property=\"{name}\" content=\"{content}\">"))
    .concat()
        + "<meta name=\"twitter:card\" content=\"summary_large_image\">"
}

/// HTML with tags at the end of its head.
pub fn with_tags(html: &str, tags: &str) -> String {
    html.replacen("</head>", &format!("{tags}</head>"), 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_names_its_picture_with_the_links_token() {
        let tags = tags("https://b.example", 7, Some("k1.x.y"));
        assert!(tags.contains("content=\"https://b.example/api/v1/cards/7?share=k1.x.y\""), "{tags}");
        assert_eq!(with_tags("<head></head><p></head>", "<meta>"), "<head><meta></head><p></head>");
    }
}
