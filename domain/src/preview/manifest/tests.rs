use super::*;

/// The manifest of a finished pair with three layers.
pub(in crate::preview) fn done() -> Manifest {
    let reference: GranuleName = "S1_372326_IW3_20180604T151603_VV_1A2B-BURST".parse().unwrap();
    let secondary: GranuleName = "S1_372326_IW3_20180616T151604_VV_3C4D-BURST".parse().unwrap();
    let layer = |kind: LayerKind, bits, unit: &str, colour_map| Layer {
        kind,
        file: kind.file().to_owned(),
        bits,
        nodata: 0,
        scale: std::f64::consts::TAU / 255.0,
        offset: -3.15,
        unit: unit.to_owned(),
        colour_map,
        range: [-3.0, 3.0],
    };
    Manifest {
        version: VERSION,
        pair: PairInfo {
            name: "20180604_20180616".to_owned(),
            bursts: vec![reference.burst().unwrap()],
            reference: vec![reference],
            secondary: vec![secondary],
            polarization: Some(Polarization::Vv),
            looks: Some(Looks::L20x4),
            water_mask: Some(false),
            days: Some(12),
            engine_baseline: Some(7.6),
        },
        engine: EngineInfo {
            name: "hyp3-isce2".to_owned(),
            version: "3.0.2".to_owned(),
            simulated: false,
            flaws: vec![],
        },
        outcome: Outcome::Done,
        run: RunInfo::default(),
        product: None,
        grid: Some(Grid::new(36, -49_424, -25_400, 4, 3).unwrap()),
        layers: vec![
            layer(LayerKind::Wrapped, 8, "rad", ColourMap::RomaO),
            layer(LayerKind::Unwrapped, 16, "rad", ColourMap::Vik),
            layer(LayerKind::Coherence, 8, "1", ColourMap::Batlow),
        ],
        statistics: None,
        checks: vec![],
        missing: vec![],
        legend: Legend::default(),
        attribution: vec![],
    }
}

#[test]
fn what_is_written_is_read_again() {
    let manifest = done();
    let json = serde_json::to_vec(&manifest).unwrap();
    assert_eq!(Manifest::from_json(&json).unwrap(), manifest);
    let text = String::from_utf8(json).unwrap();
    for part in [r#""colour_map":"romaO""#, r#""state":"done""#, r#""bursts":["174_372326_IW3"]"#] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn a_newer_version_is_refused_for_its_version_and_a_newer_field_is_not() {
    let mut json = serde_json::to_value(done()).unwrap();
    json["weather"] = "fine".into();
    json["checks"] = serde_json::json!([{"code": "rain", "severity": "note", "sentence": "It rained."}]);
    let manifest = Manifest::from_json(json.to_string().as_bytes()).unwrap();
    assert_eq!(manifest.checks[0].code, CheckCode::Other);
    json = serde_json::json!({"version": 9, "pair": "renamed"});
    let error = Manifest::from_json(json.to_string().as_bytes()).unwrap_err();
    assert_eq!(error, ManifestError::Version(9));
}

#[test]
fn contradictions_are_named() {
    type Spoil = fn(&mut Manifest);
    let cases: [(Spoil, &str); 6] = [
        (|m| m.grid = None, "where they lie"),
        (|m| m.layers[1] = m.layers[0].clone(), "twice"),
        (|m| m.layers[0].file = "coherence.png".to_owned(), "another layer's file"),
        (|m| m.layers[0].bits = 24, "neither 8 nor 16"),
        (|m| m.layers[0].range = [1.0, 1.0], "empty"),
        (|m| m.layers[0].scale = 0.0, "empty"),
    ];
    for (spoil, part) in cases {
        let mut manifest = done();
        spoil(&mut manifest);
        let error = Manifest::from_json(&serde_json::to_vec(&manifest).unwrap()).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
    assert!(Manifest::from_json(b"{}").unwrap_err().to_string().contains("cannot be read"));
}

#[test]
fn one_fringe_is_half_a_wavelength_and_away_is_negative() {
    let legend = Legend::default();
    assert!((legend.millimetres_per_fringe - 27.73).abs() < 1e-9);
    let d = displacement(std::f64::consts::TAU);
    assert!((d + WAVELENGTH / 2.0).abs() < 1e-12);
}

#[test]
fn displacement_is_shown_round_the_median_in_centimetres() {
    let phase = PhaseStatistics {
        median: 2.0,
        low: 1.0,
        high: 2.0 + std::f64::consts::TAU,
        ..PhaseStatistics::default()
    };
    let legend = DisplacementLegend::of(&phase);
    assert_eq!((legend.reference, legend.unit.as_str()), (2.0, "cm"));
    assert!((legend.range[1] - 2.7733).abs() < 1e-3 && legend.range[0] == -legend.range[1], "{legend:?}");
}
