//! What the style sheets promise.

const TOKENS: &str = include_str!("../assets/tokens.css");
const OTHERS: [(&str, &str); 5] = [
    ("base.css", include_str!("../assets/base.css")),
    ("frame.css", include_str!("../assets/frame.css")),
    ("map.css", include_str!("../assets/map.css")),
    ("stack.css", include_str!("../assets/stack.css")),
    ("run.css", include_str!("../assets/run.css")),
];

/// The declarations of the block that begins with `selector`.
fn block(selector: &str) -> Vec<&'static str> {
    let start = TOKENS.find(selector).unwrap() + selector.len();
    let body = TOKENS[start..].split_once('{').unwrap().1.split_once('}').unwrap().0;
    body.lines().map(str::trim).filter(|line| line.starts_with("--")).collect()
}

#[test]
fn a_theme_is_the_same_whether_the_system_or_a_person_chose_it() {
    for (system, chosen) in [
        (r#":root:not([data-theme="light"], [data-theme="contrast"])"#, r#":root[data-theme="dark"]"#),
        (r#":root:not([data-theme="light"], [data-theme="dark"])"#, r#":root[data-theme="contrast"]"#),
    ] {
        assert_eq!(block(system), block(chosen), "{chosen}");
        assert!(block(chosen).len() > 25);
    }
}

#[test]
fn only_the_token_file_names_colours() {
    for (file, css) in OTHERS {
        for line in css.lines() {
            let value = line.split_once(": ").map_or("", |(_, value)| value);
            let literal = value.contains('#') || value.contains("rgb(") || value.contains("hsl(");
            assert!(!literal, "{file}: {line}");
        }
    }
}

/// Relative luminance after WCAG 2.
fn luminance(hex: &str) -> f64 {
    let channel = |i: usize| {
        let c = f64::from(u8::from_str_radix(&hex[i..i + 2], 16).unwrap()) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

#[test]
fn text_and_states_can_be_read_on_every_surface() {
    for selector in [":root {", r#":root[data-theme="dark"]"#, r#":root[data-theme="contrast"]"#] {
        let tokens = block(selector.trim_end_matches(" {"));
        let colour = |name: &str| {
            let line = tokens.iter().find(|l| l.starts_with(&format!("--{name}:"))).unwrap();
            luminance(line.split_once(": ").unwrap().1.trim_end_matches(';'))
        };
        for (ink, least) in [
            ("ink", 7.0),
            ("ink-2", 7.0),
            ("ink-3", 4.5),
            ("accent", 4.5),
            ("axis", 4.5),
            ("queued", 4.5),
            ("running", 4.5),
            ("done", 4.5),
            ("failed", 4.5),
            ("cancelled", 4.5),
        ] {
            for surface in ["panel", "sunken", "raised"] {
                let (a, b) = (colour(ink), colour(surface));
                let ratio = (a.max(b) + 0.05) / (a.min(b) + 0.05);
                assert!(ratio >= least, "{selector} {ink} on {surface}: {ratio:.2}");
            }
        }
    }
}
