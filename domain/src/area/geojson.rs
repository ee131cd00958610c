//! GeoJSON (RFC 7946), as far as it can say an area.

use serde_json::Value;

use super::{AreaError, MOST_CORNERS};

type Ring = Vec<[f64; 2]>;

/// The polygons of a text, each with its rings.
pub(super) fn read(text: &str) -> Result<Vec<Vec<Ring>>, AreaError> {
    let value: Value = serde_json::from_str(text).map_err(|error| match error.is_eof() {
        true => broken("it breaks off before its end"),
        false => broken(&error.to_string()),
    })?;
    // The older edition let a file name its reference system.
    let system = &value["crs"]["properties"]["name"];
    if let Some(name) = system.as_str().filter(|name| !name.ends_with("CRS84") && !name.ends_with("4326")) {
        return Err(AreaError::System(name.chars().take(40).collect()));
    }
    let mut found = Found::default();
    found.take(&value)?;
    Ok(found.polygons)
}

fn broken(reason: &str) -> AreaError {
    AreaError::Broken { kind: "GeoJSON", reason: reason.to_owned() }
}

#[derive(Default)]
struct Found {
    polygons: Vec<Vec<Ring>>,
    corners: usize,
}

impl Found {
    fn take(&mut self, value: &Value) -> Result<(), AreaError> {
        let parts =
            |name: &str| value[name].as_array().ok_or_else(|| broken(&format!("its \"{name}\" is no list")));
        match value["type"].as_str() {
            Some("FeatureCollection") => parts("features")?.iter().try_for_each(|part| self.take(part)),
            Some("GeometryCollection") => parts("geometries")?.iter().try_for_each(|part| self.take(part)),
            Some("Feature") => match &value["geometry"] {
                Value::Null => Ok(()),
                geometry => self.take(geometry),
            },
            Some("Polygon") => self.polygon(parts("coordinates")?),
            Some("MultiPolygon") => parts("coordinates")?.iter().try_for_each(|part| {
                self.polygon(part.as_array().ok_or_else(|| broken("one of its polygons is no list"))?)
            }),
            Some(other @ ("Point" | "MultiPoint" | "LineString" | "MultiLineString")) => {
                Err(AreaError::NoSurface(other.to_owned()))
            }
            Some(other) => {
                let other: String = other.chars().take(20).collect();
                Err(broken(&format!("\"{other}\" is no type that it knows")))
            }
            None => Err(broken("it has no \"type\"")),
        }
    }

    fn polygon(&mut self, rings: &[Value]) -> Result<(), AreaError> {
        let rings: Result<Vec<Ring>, AreaError> = rings.iter().map(|ring| self.ring(ring)).collect();
        self.polygons.push(rings?);
        Ok(())
    }

    fn ring(&mut self, ring: &Value) -> Result<Ring, AreaError> {
        let corners = ring.as_array().ok_or_else(|| broken("one of its rings is no list"))?;
        self.corners += corners.len();
        if self.corners > MOST_CORNERS {
            return Err(AreaError::TooManyCorners);
        }
        let corner = |place: &Value| Some([place[0].as_f64()?, place[1].as_f64()?]);
        corners
            .iter()
            .map(|place| {
                corner(place).ok_or_else(|| broken("one of its corners is no longitude and latitude"))
            })
            .collect()
    }
}
