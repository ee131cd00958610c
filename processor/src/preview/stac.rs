//! A STAC item (version 1.1.0) of a product, for catalogues. Only what is known is said.

use std::f64::consts::FRAC_PI_2;

use domain::{
    Footprint, Pass, Timestamp,
    preview::{
        Manifest,
        manifest::{LayerKind, ProductInfo},
    },
    timestamp::day_text,
};
use serde_json::{Map, Value, json};

use super::{name::ProductName, product::Product};
use crate::raster::{Placement, Scratch, source::Source};

/// The extensions in use.
const EXTENSIONS: [&str; 5] = [
    "https://stac-extensions.github.io/projection/v2.0.0/schema.json",
    "https://stac-extensions.github.io/processing/v1.2.0/schema.json",
    "https://stac-extensions.github.io/sar/v1.0.0/schema.json",
    "https://stac-extensions.github.io/sat/v1.0.0/schema.json",
    "https://stac-extensions.github.io/view/v1.0.0/schema.json",
];
/// A product's files: suffix, title and role.
const ASSETS: [(&str, &str, &str); 9] = [
    ("wrapped_phase.tif", "Wrapped phase, radians", "data"),
    ("unw_phase.tif", "Unwrapped phase, radians, positive away from the satellite", "data"),
    ("corr.tif", "Coherence, 0 to 1", "data"),
    ("conncomp.tif", "Connected components of the unwrapped phase", "data"),
    ("amp.tif", "Amplitude", "data"),
    ("dem.tif", "Elevation, metres", "data"),
    ("lv_theta.tif", "Elevation angle of the look vector, radians", "metadata"),
    ("lv_phi.tif", "Orientation of the look vector, radians", "metadata"),
    ("water_mask.tif", "Water mask, 1 is land", "metadata"),
];

/// The item; `None` where there is no raster, or nothing says when it was taken.
pub(super) fn item(manifest: &Manifest, product: &Product, placement: Option<&Placement>) -> Option<Value> {
    let (info, placement) = (manifest.product.as_ref()?, placement?);
    let [start, end] = times(manifest, product)?;
    let mut properties = json!({
        "title": format!("Interferogram {}", manifest.pair.name),
        "datetime": null,
        "start_datetime": start,
        "end_datetime": end,
        "constellation": "sentinel-1",
        "instruments": ["c-sar"],
        "gsd": info.pixel_metres,
        "proj:code": format!("EPSG:{}", placement.epsg),
        "proj:shape": [placement.height, placement.width],
        "proj:transform": [placement.pixel[0], 0.0, placement.origin[0], 0.0, -placement.pixel[1], placement.origin[1]],
        "processing:software": { &*manifest.engine.name: manifest.engine.version },
        "burstboard:simulated": manifest.engine.simulated,
        "burstboard:bursts": manifest.pair.bursts,
        "burstboard:millimetres_per_fringe": manifest.legend.millimetres_per_fringe,
    });
    let known = properties.as_object_mut()?;
    radar(manifest, known);
    orbit(manifest, product, known);
    view(product, placement, known);
    if let Some(finished) = manifest.run.finished {
        known.insert("created".to_owned(), json!(finished));
    }
    let (geometry, bbox) = outline(info);
    Some(json!({
        "type": "Feature",
        "stac_version": "1.1.0",
        "stac_extensions": EXTENSIONS,
        "id": info.name,
        "geometry": geometry,
        "bbox": bbox,
        "properties": properties,
        "links": [],
        "assets": assets(manifest, product),
    }))
}

/// When reference and secondary were taken: to the second by their names, to the day by the product's.
fn times(manifest: &Manifest, product: &Product) -> Option<[String; 2]> {
    let text = |time: Timestamp| serde_json::to_value(time).ok()?.as_str().map(str::to_owned);
    match (manifest.pair.reference.first(), manifest.pair.secondary.first()) {
        (Some(reference), Some(secondary)) => Some([text(reference.time())?, text(secondary.time())?]),
        _ => Some(ProductName::parse(&product.name)?.dates.map(|day| format!("{}T00:00:00Z", day_text(day)))),
    }
}

fn radar(manifest: &Manifest, known: &mut Map<String, Value>) {
    let mut say = |key: &str, value: Value| known.insert(key.to_owned(), value);
    say("sar:instrument_mode", json!("IW"));
    say("sar:frequency_band", json!("C"));
    say("sar:center_frequency", json!(5.405));
    say("sar:product_type", json!("INSAR"));
    say("sar:observation_direction", json!("right"));
    say(
        "sar:polarizations",
        json!(manifest.pair.polarization.iter().map(|p| p.as_str()).collect::<Vec<_>>()),
    );
    if let Some((range, azimuth)) = manifest.pair.looks.and_then(|l| l.as_str().split_once('x')) {
        say("sar:looks_range", json!(range.parse::<u32>().ok()));
        say("sar:looks_azimuth", json!(azimuth.parse::<u32>().ok()));
    }
}

/// Pass and orbits: by the parameter file, else by the burst.
fn orbit(manifest: &Manifest, product: &Product, known: &mut Map<String, Value>) {
    let burst = manifest.pair.bursts.first();
    let pass = product.parameter("Reference Pass Direction").map(str::to_ascii_lowercase);
    let pass = pass.filter(|p| matches!(p.as_str(), "ascending" | "descending"));
    let pass = pass.or_else(|| {
        Some(match Footprint::of(*burst?).pass {
            Pass::Ascending => "ascending".to_owned(),
            Pass::Descending => "descending".to_owned(),
        })
    });
    let absolute = product.parameter("Reference Orbit Number").and_then(|t| t.parse::<u32>().ok());
    let pairs = [
        ("sat:orbit_state", pass.map(Value::from)),
        ("sat:relative_orbit", burst.map(|b| b.track().into())),
        ("sat:absolute_orbit", absolute.map(Value::from)),
    ];
    known.extend(pairs.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))));
}

/// Where the satellite looks: at right angles to its heading, and as steep as the look vector at the raster's middle.
fn view(product: &Product, placement: &Placement, known: &mut Map<String, Value>) {
    let round = |degrees: f64| json!((degrees * 100.0).round() / 100.0);
    let heading =
        product.parameter("Heading").and_then(|t| t.parse::<f64>().ok()).filter(|h| h.abs() <= 360.0);
    if let Some(heading) = heading {
        known.insert("view:azimuth".to_owned(), round((heading + 90.0).rem_euclid(360.0)));
    }
    let elevation = product.file("lv_theta.tif").and_then(|path| {
        let source = Source::open(&path).ok().filter(|s| s.placement() == placement)?;
        let (column, row) = (placement.width / 2, placement.height / 2);
        let mut values = Vec::new();
        let (columns, rows) = (column..column + 1, row..row + 1);
        source.block(columns, rows, &mut Scratch::default(), &mut values).ok()?;
        values.first().copied().filter(|v| v.is_finite())
    });
    let incidence = elevation.map(|e| (FRAC_PI_2 - f64::from(e)).to_degrees());
    if let Some(incidence) = incidence.filter(|i| (0.0..=90.0).contains(i)) {
        known.insert("view:incidence_angle".to_owned(), round(incidence));
    }
}

/// The raster's outline, counter-clockwise, and its bounding box. East of the antimeridian longitudes run on beyond 180.
fn outline(info: &ProductInfo) -> (Value, [f64; 4]) {
    let first = info.corners[0][0];
    let near =
        |[longitude, latitude]: [f64; 2]| [domain::geodesy::longitude_near(longitude, first), latitude];
    let [upper_left, upper_right, lower_right, lower_left] = info.corners.map(near);
    let ring = [upper_left, lower_left, lower_right, upper_right, upper_left];
    let bbox = ring
        .iter()
        .fold([f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY], |b, [x, y]| {
            [b[0].min(*x), b[1].min(*y), b[2].max(*x), b[3].max(*y)]
        });
    (json!({ "type": "Polygon", "coordinates": [ring] }), bbox)
}

/// The product's files in a folder of its name, and the bundle beside this item.
fn assets(manifest: &Manifest, product: &Product) -> Value {
    let mut assets = Map::new();
    for (suffix, title, role) in ASSETS {
        if product.file(suffix).is_some() {
            let href = format!("./{0}/{0}_{suffix}", product.name);
            let asset = json!({
                "href": href, "type": "image/tiff; application=geotiff", "title": title, "roles": [role],
            });
            assets.insert(suffix.trim_end_matches(".tif").to_owned(), asset);
        }
    }
    let layers: Vec<LayerKind> = manifest.layers.iter().map(|layer| layer.kind).collect();
    let bundle = json!({
        "href": format!("./{}.preview.zip", manifest.pair.name),
        "type": "application/zip",
        "title": "Preview bundle: quick-looks and their manifest",
        "roles": ["overview"],
        "burstboard:layers": layers,
    });
    assets.insert("preview".to_owned(), bundle);
    Value::Object(assets)
}
