//! Reading TopoJSON: shared arcs of whole-number steps become rings of degrees.

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::{Point, Ring};

/// Corners on the antimeridian are moved out by this many degrees, so that the halves of a land that straddles it
/// overlap and no seam shows between them.
const OVERLAP: f64 = 0.05;

#[derive(Deserialize)]
struct Topology {
    transform: Transform,
    arcs: Vec<Vec<[i64; 2]>>,
    objects: Objects,
}

#[derive(Deserialize)]
struct Transform {
    scale: Point,
    translate: Point,
}

#[derive(Deserialize)]
struct Objects {
    land: Geometry,
}

#[derive(Deserialize)]
#[serde(tag = "type")]
enum Geometry {
    GeometryCollection { geometries: Vec<Geometry> },
    MultiPolygon { arcs: Vec<Vec<Vec<i64>>> },
    Polygon { arcs: Vec<Vec<i64>> },
}

/// All rings, outer ones and holes alike, of the object `land` of a TopoJSON text.
pub fn rings(json: &str) -> Result<Vec<Ring>> {
    let topology: Topology = serde_json::from_str(json).context("not the TopoJSON of a land layer")?;
    let arcs: Vec<Vec<Point>> = topology.arcs.iter().map(|arc| degrees(arc, &topology.transform)).collect();
    let mut rings = Vec::new();
    collect(&topology.objects.land, &arcs, &mut rings)?;
    Ok(rings)
}

fn degrees(arc: &[[i64; 2]], transform: &Transform) -> Vec<Point> {
    let mut sum = [0i64; 2];
    arc.iter()
        .map(|step| {
            sum = [sum[0] + step[0], sum[1] + step[1]];
            let lon = sum[0] as f64 * transform.scale[0] + transform.translate[0];
            let lat = sum[1] as f64 * transform.scale[1] + transform.translate[1];
            let out = if lon.abs() > 180.0 - 1e-3 { OVERLAP.copysign(lon) } else { 0.0 };
            [lon + out, lat]
        })
        .collect()
}

fn collect(geometry: &Geometry, arcs: &[Vec<Point>], rings: &mut Vec<Ring>) -> Result<()> {
    match geometry {
        Geometry::GeometryCollection { geometries } => {
            geometries.iter().try_for_each(|g| collect(g, arcs, rings))
        }
        Geometry::MultiPolygon { arcs: polygons } => {
            polygons.iter().flatten().try_for_each(|indices| Ok(rings.push(stitch(indices, arcs)?)))
        }
        Geometry::Polygon { arcs: polygon } => {
            polygon.iter().try_for_each(|indices| Ok(rings.push(stitch(indices, arcs)?)))
        }
    }
}

/// Joins arcs to a ring; a negative index is the arc of its complement, backwards.
fn stitch(indices: &[i64], arcs: &[Vec<Point>]) -> Result<Ring> {
    let mut ring: Ring = Vec::new();
    for index in indices {
        let backwards = *index < 0;
        let position = if backwards { !*index } else { *index };
        let Some(arc) = usize::try_from(position).ok().and_then(|i| arcs.get(i)) else {
            bail!("the topology has no arc {position}");
        };
        // Each arc begins where the one before ended.
        ring.pop();
        if backwards {
            ring.extend(arc.iter().rev());
        } else {
            ring.extend(arc);
        }
    }
    ring.pop();
    Ok(ring)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arcs_are_joined_in_both_directions() {
        let json = r#"{"type":"Topology","transform":{"scale":[1,1],"translate":[0,0]},
            "arcs":[[[0,0],[2,0],[0,2]],[[0,0],[0,2],[2,0]]],
            "objects":{"land":{"type":"GeometryCollection","geometries":[{"type":"Polygon","arcs":[[0,-2]]}]}}}"#;
        assert_eq!(rings(json).unwrap(), [vec![[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]]]);
    }

    #[test]
    fn corners_on_the_antimeridian_overlap() {
        let json = r#"{"transform":{"scale":[1,1],"translate":[-180,0]},
            "arcs":[[[0,0],[1,0],[0,1],[-1,-1]]],
            "objects":{"land":{"type":"MultiPolygon","arcs":[[[0]]]}}}"#;
        assert_eq!(rings(json).unwrap()[0][0], [-180.05, 0.0]);
    }

    #[test]
    fn a_missing_arc_is_named() {
        let json = r#"{"transform":{"scale":[1,1],"translate":[0,0]},"arcs":[],
            "objects":{"land":{"type":"Polygon","arcs":[[7]]}}}"#;
        assert!(rings(json).unwrap_err().to_string().contains("no arc 7"));
    }
}
