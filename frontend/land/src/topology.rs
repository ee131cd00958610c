//! Reading TopoJSON: shared arcs of whole-number steps become rings of degrees.

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::{Point, Ring, clip};

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
    #[serde(rename = "GeometryCollection")]
    Collection {
        geometries: Vec<Geometry>,
    },
    MultiPolygon {
        arcs: Vec<Vec<Vec<i64>>>,
    },
    Polygon {
        arcs: Vec<Vec<i64>>,
    },
}

/// All rings, outer ones and holes alike, of the object `land` of a TopoJSON text, between 180° W and 180° E: what
/// straddles the antimeridian is cut there.
pub fn rings(json: &str) -> Result<Vec<Ring>> {
    let topology: Topology = serde_json::from_str(json).context("not the TopoJSON of a land layer")?;
    let arcs: Vec<Vec<Point>> = topology.arcs.iter().map(|arc| degrees(arc, &topology.transform)).collect();
    let mut rings = Vec::new();
    collect(&topology.objects.land, &arcs, &mut rings)?;
    Ok(rings.iter().flat_map(|ring| on_one_map(ring)).collect())
}

fn degrees(arc: &[[i64; 2]], transform: &Transform) -> Vec<Point> {
    let mut sum = [0i64; 2];
    arc.iter()
        .map(|step| {
            sum = [sum[0] + step[0], sum[1] + step[1]];
            let lon = sum[0] as f64 * transform.scale[0] + transform.translate[0];
            let lat = sum[1] as f64 * transform.scale[1] + transform.translate[1];
            [lon, lat]
        })
        .collect()
}

fn collect(geometry: &Geometry, arcs: &[Vec<Point>], rings: &mut Vec<Ring>) -> Result<()> {
    match geometry {
        Geometry::Collection { geometries } => geometries.iter().try_for_each(|g| collect(g, arcs, rings)),
        Geometry::MultiPolygon { arcs: polygons } => polygons
            .iter()
            .flatten()
            .try_for_each(|indices| stitch(indices, arcs).map(|ring| rings.push(ring))),
        Geometry::Polygon { arcs: polygon } => {
            polygon.iter().try_for_each(|indices| stitch(indices, arcs).map(|ring| rings.push(ring)))
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

/// A ring without the jumps that it makes at the antimeridian, cut where the map ends.
///
/// One that goes round a pole is closed along that pole's edge of the map.
fn on_one_map(ring: &[Point]) -> Vec<Ring> {
    let mut turns = 0.0;
    let mut last = ring.first().map_or(0.0, |p| p[0]);
    let mut run: Ring = Vec::with_capacity(ring.len() + 2);
    for [lon, lat] in ring.iter().copied().chain(ring.first().copied()) {
        turns -= ((lon - last) / 360.0).round();
        last = lon;
        run.push([lon + turns * 360.0, lat]);
    }
    let (Some(first), Some(end)) = (run.first().copied(), run.pop()) else { return Vec::new() };
    if (end[0] - first[0]).abs() > 180.0 {
        let pole = 90f64.copysign(first[1]);
        run.extend([end, [end[0], pole], [first[0], pole]]);
    }
    // The ring lies within one turn of the map on either side.
    [-360.0, 0.0, 360.0]
        .into_iter()
        .map(|shift| run.iter().map(|[lon, lat]| [lon + shift, *lat]).collect::<Ring>())
        .map(|ring| clip::columns(&ring, -180.0, 180.0))
        .filter(|ring| ring.len() >= 3)
        .collect()
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
    fn a_land_across_the_antimeridian_is_cut_in_two() {
        let ring = vec![[170.0, 0.0], [-170.0, 0.0], [-170.0, 10.0], [170.0, 10.0]];
        let parts = on_one_map(&ring);
        assert_eq!(parts.len(), 2);
        assert!(parts.iter().flatten().all(|p| p[0].abs() > 169.0 && p[0].abs() < 180.1));
    }

    #[test]
    fn a_land_round_the_pole_is_closed_along_it() {
        let ring = vec![[-120.0, -70.0], [0.0, -75.0], [120.0, -70.0]];
        let parts = on_one_map(&ring);
        assert!(parts.iter().flatten().any(|p| p[1] == -90.0));
        let widest = parts.iter().flatten().map(|p| p[0]).fold([0.0f64; 2], |[l, h], x| [l.min(x), h.max(x)]);
        assert!(widest[0] <= -180.0 && widest[1] >= 180.0, "{widest:?}");
    }

    #[test]
    fn a_missing_arc_is_named() {
        let json = r#"{"transform":{"scale":[1,1],"translate":[0,0]},"arcs":[],
            "objects":{"land":{"type":"Polygon","arcs":[[7]]}}}"#;
        assert!(rings(json).unwrap_err().to_string().contains("no arc 7"));
    }
}
