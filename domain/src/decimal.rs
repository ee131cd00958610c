//! Decimal numbers in text that people and catalogues write.

/// Reads `57.05`, `-135.75`, `+7`, `.5` or `1e3`; `None` for anything else. It goes through the JSON reader, which the
/// page carries anyway, since the standard library's own brings tables of 14 kB; the last bit may differ.
pub fn parse(text: &str) -> Option<f64> {
    let text = text.trim();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1.0, digits),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    // JSON knows no leading zeros but one, and no bare point.
    let digits = match digits.trim_start_matches('0') {
        rest if rest.starts_with(|c: char| c.is_ascii_digit()) => rest.to_owned(),
        rest if rest.len() < digits.len() || rest.starts_with('.') => format!("0{rest}"),
        _ => return None,
    };
    serde_json::from_str::<f64>(&digits).ok().filter(|n| n.is_finite()).map(|n| sign * n)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn numbers_are_read_and_nothing_else_is() {
        for (text, number) in [
            ("57.05", 57.05),
            ("-135.75", -135.75),
            ("+7", 7.0),
            (".5", 0.5),
            ("007.5", 7.5),
            (" 0 ", 0.0),
            ("1e3", 1e3),
        ] {
            assert_eq!(parse(text), Some(number), "{text}");
        }
        for text in ["", "-", "--1", "1,2", "nan", "inf", "0x10", "1 2", "1e999"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
