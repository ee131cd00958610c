//! What was typed into the search field: a burst, an acquisition, a place, or an area.

use domain::{Area, BurstId, GranuleName, decimal};

/// What a person looks for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Found {
    /// A burst, in any of its spellings.
    Burst(BurstId),
    /// An acquisition; it names its burst.
    Granule(GranuleName),
    /// Longitude and latitude in degrees.
    Place([f64; 2]),
    /// An area that was pasted.
    Area(Area),
}

/// Reads the field; the error is a sentence.
pub(crate) fn parse(text: &str) -> Result<Found, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("Type a burst such as 174_372326_IW3, an acquisition, or latitude, longitude".to_owned());
    }
    if text.contains(['(', '{']) {
        return text.parse().map(Found::Area).map_err(|e: domain::area::AreaError| sentence(&e));
    }
    let named = BurstId::within(text);
    if text.ends_with("-BURST") || (text.starts_with("S1_") && named.is_none()) {
        let granule: GranuleName = text.parse().map_err(|e| sentence(&e))?;
        return Ok(Found::Granule(granule));
    }
    if let Some(place) = place(text) {
        return place.map(Found::Place);
    }
    // A product's name speaks of its burst.
    named.unwrap_or_else(|| text.parse()).map(Found::Burst).map_err(|e| sentence(&e))
}

fn sentence(error: &impl ToString) -> String {
    let text = error.to_string();
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |first| std::iter::once(first.to_ascii_uppercase()).chain(chars).collect())
}

/// `57.05, -135.75`, `57.05 -135.75` or `57.05 N 135.75 W`; `None` where the text is no two numbers.
fn place(text: &str) -> Option<Result<[f64; 2], String>> {
    let spaced: String = text
        .chars()
        .flat_map(|c| match c {
            ',' | ';' | '°' => vec![' '],
            'N' | 'S' | 'E' | 'W' | 'n' | 's' | 'e' | 'w' => vec![' ', c.to_ascii_uppercase(), ' '],
            '−' => vec!['-'],
            c => vec![c],
        })
        .collect();
    let mut numbers: Vec<f64> = Vec::new();
    for word in spaced.split_whitespace() {
        match (word, numbers.as_mut_slice()) {
            ("N", [_]) | ("E", [_, _]) => {}
            ("S", [latitude]) => *latitude = -*latitude,
            ("W", [_, longitude]) => *longitude = -*longitude,
            _ => numbers.push(decimal::parse(word)?),
        }
    }
    let [latitude, longitude] = numbers.try_into().ok()?;
    Some(match (latitude.abs() <= 90.0, longitude.abs() <= 180.0) {
        (true, true) => Ok([longitude, latitude]),
        (false, _) => {
            Err(format!("Latitude {latitude} does not exist: write latitude first, from -90 to 90"))
        }
        (_, false) => Err(format!("Longitude {longitude} does not exist: write it from -180 to 180")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bursts_acquisitions_and_places_are_told_apart() {
        for text in ["t174_372326_iw3", "372326-IW3", "S1_372326_IW3_20180604_20180616_VV_INT80_663F"] {
            assert_eq!(parse(text), Ok(Found::Burst("174_372326_IW3".parse().unwrap())), "{text}");
        }
        assert!(matches!(parse("POLYGON((-136 57, -135 57, -135 58, -136 57))"), Ok(Found::Area(_))));
        assert!(matches!(parse("S1_372326_IW3_20141017T151617_VV_3B42-BURST"), Ok(Found::Granule(_))));
        for text in
            ["57.05, -135.75", "57.05 -135.75", "57.05 N 135.75 W", "57.05°N, 135.75°W", "57.05;−135.75"]
        {
            assert_eq!(parse(text), Ok(Found::Place([-135.75, 57.05])), "{text}");
        }
    }

    #[test]
    fn what_is_none_of_them_is_answered_with_what_to_type() {
        assert!(parse("").unwrap_err().contains("174_372326_IW3"));
        assert!(parse("sitka").unwrap_err().contains("such as"));
        assert!(parse("135.75, 57.05").unwrap_err().contains("latitude first"));
        assert!(parse("10, 190").unwrap_err().contains("-180 to 180"));
        assert!(parse("372326").unwrap_err().contains("372326_IW2"));
        assert!(parse("POLYGON((0 0, 1 1").unwrap_err().contains("breaks off"));
        assert!(parse("S1_1").unwrap_err().contains("names look like"));
    }
}
