//! The window's icon while a run is watched: a ring that closes.

/// An SVG as an address: `share` of a ring in a colour of the style sheets.
pub(crate) fn ring(share: f64, colour: &str) -> String {
    let colour = colour.trim().replace('#', "%23");
    let done = share.clamp(0.0, 1.0) * 100.0;
    // The rest of the ring is the same colour, fainter: it is seen on light and dark tab bars.
    format!(
        "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'>\
         <g fill='none' stroke='{colour}' stroke-width='6' transform='rotate(-90 16 16)'>\
         <circle cx='16' cy='16' r='12' opacity='.3'/>\
         <circle cx='16' cy='16' r='12' pathLength='100' stroke-dasharray='{done:.0} 100'/></g></svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::ring;

    #[test]
    fn the_ring_closes_and_its_colour_survives_in_an_address() {
        let address = ring(0.5, " #00775f");
        assert!(address.contains("%2300775f") && !address.contains('#'));
        assert!(address.contains("stroke-dasharray='50 100'"));
        assert!(ring(7.0, "red").contains("'100 100'"));
    }
}
