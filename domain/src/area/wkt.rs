//! Well-known text, as far as it can say an area.

use super::{AreaError, MOST_CORNERS};
use crate::decimal;

type Ring = Vec<[f64; 2]>;

/// The polygons of a text, each with its rings.
pub(super) fn read(text: &str) -> Result<Vec<Vec<Ring>>, AreaError> {
    let text = without_system(text)?;
    let end = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    let kind = word.to_ascii_uppercase();
    let mut reader = Reader { rest, corners: 0 };
    let polygons = match kind.as_str() {
        "POLYGON" => vec![reader.after_dimension()?.polygon()?],
        "MULTIPOLYGON" => reader.after_dimension()?.list(Reader::polygon)?,
        "POINT" | "MULTIPOINT" | "LINESTRING" | "MULTILINESTRING" | "LINEARRING" => {
            return Err(AreaError::NoSurface(kind));
        }
        "CIRCULARSTRING" | "CURVEPOLYGON" | "GEOMETRYCOLLECTION" | "TRIANGLE" | "TIN" => {
            return Err(broken(format!("{kind} is not read, POLYGON and MULTIPOLYGON are")));
        }
        _ => return Err(AreaError::Form(text.chars().take(40).collect())),
    };
    match reader.rest.trim() {
        "" | ";" => Ok(polygons),
        more => Err(broken(format!("\"{}\" stands after its end", first_words(more)))),
    }
}

/// PostGIS writes the reference system in front: `SRID=4326;POLYGON(…)`.
fn without_system(text: &str) -> Result<&str, AreaError> {
    let Some((system, rest)) = text.split_once(';').filter(|(s, _)| s.len() >= 5 && s.is_char_boundary(5))
    else {
        return Ok(text);
    };
    let (name, code) = system.split_at(5);
    match (name.eq_ignore_ascii_case("SRID="), code.trim()) {
        (false, _) => Ok(text),
        (true, "4326" | "4979") => Ok(rest.trim_start()),
        (true, other) => Err(AreaError::System(other.chars().take(20).collect())),
    }
}

fn broken(reason: String) -> AreaError {
    AreaError::Broken { kind: "WKT", reason }
}

fn first_words(text: &str) -> String {
    text.chars().take(20).collect()
}

struct Reader<'a> {
    rest: &'a str,
    corners: usize,
}

impl Reader<'_> {
    /// `Z`, `M` or `ZM` may stand between the word and the parenthesis; heights and measures are left out.
    fn after_dimension(&mut self) -> Result<&mut Self, AreaError> {
        let rest = self.rest.trim_start();
        self.rest = rest.trim_start_matches(|c: char| matches!(c.to_ascii_uppercase(), 'Z' | 'M'));
        if self.rest.trim_start().get(..5).is_some_and(|w| w.eq_ignore_ascii_case("EMPTY")) {
            return Err(AreaError::Empty);
        }
        Ok(self)
    }

    /// Takes one of the marks that may come next.
    fn mark(&mut self, allowed: &[char]) -> Result<char, AreaError> {
        let rest = self.rest.trim_start();
        let mut chars = rest.chars();
        match chars.next() {
            Some(found) if allowed.contains(&found) => {
                self.rest = chars.as_str();
                Ok(found)
            }
            None => Err(broken("it breaks off: a closing parenthesis is missing".to_owned())),
            Some(_) => Err(broken(format!(
                "\"{}\" stands where {} should",
                first_words(rest),
                allowed.iter().map(|c| format!("\"{c}\"")).collect::<Vec<_>>().join(" or ")
            ))),
        }
    }

    /// `(one, one, …)`
    fn list<T>(&mut self, one: impl Fn(&mut Self) -> Result<T, AreaError>) -> Result<Vec<T>, AreaError> {
        self.mark(&['('])?;
        let mut all = Vec::new();
        loop {
            all.push(one(self)?);
            if self.mark(&[',', ')'])? == ')' {
                return Ok(all);
            }
        }
    }

    fn polygon(&mut self) -> Result<Vec<Ring>, AreaError> {
        self.list(|reader| reader.list(Self::corner))
    }

    fn corner(&mut self) -> Result<[f64; 2], AreaError> {
        self.corners += 1;
        if self.corners > MOST_CORNERS {
            return Err(AreaError::TooManyCorners);
        }
        let end = self.rest.find([',', ')', '(']).unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        let numbers: Option<Vec<f64>> = text.split_whitespace().map(decimal::parse).collect();
        match numbers.as_deref() {
            Some([x, y] | [x, y, _] | [x, y, _, _]) => Ok([*x, *y]),
            _ => Err(broken(format!("\"{}\" is no longitude and latitude", first_words(text.trim())))),
        }
    }
}
