use proptest::prelude::*;

use super::*;

#[test]
fn metres_and_degrees_are_those_of_the_web_map() {
    // Corner of the web map's square world and a point checked against PROJ 9 (EPSG:4326 to EPSG:3857).
    let [x, y] = to_metres([180.0, LAST_LATITUDE]);
    assert!((x - 20_037_508.342_789).abs() < 1e-3 && (y - 20_037_508.342_789).abs() < 1e-2, "{x} {y}");
    let [x, y] = to_metres([-135.75, 57.05]);
    assert!((x - -15_111_620.875).abs() < 1e-2, "{x}");
    let [longitude, latitude] = to_degrees([x, y]);
    assert!((longitude + 135.75).abs() < 1e-12 && (latitude - 57.05).abs() < 1e-12);
}

#[test]
fn a_product_that_moves_by_whole_pixels_moves_the_quick_look_by_whole_pixels() {
    let a =
        Grid::fitting([-15_200_000.0, 7_700_000.0, -15_010_000.0, 7_790_000.0], 100.0, LONGEST_SIDE).unwrap();
    let shift = 3.0 * a.step();
    let b =
        Grid::covering(a.level(), [-15_200_000.0 + shift, 7_700_000.0, -15_010_000.0 + shift, 7_790_000.0])
            .unwrap();
    assert_eq!(
        (b.left() - a.left(), b.top() - a.top(), b.width(), b.height()),
        (3, 0, a.width(), a.height())
    );
}

#[test]
fn both_sides_of_the_antimeridian_are_one_picture() {
    let [west, south] = to_metres([179.5, -17.2]);
    let [east, north] = to_metres([180.5, -16.8]);
    let grid = Grid::fitting([west, south, east, north], 10.0, LONGEST_SIDE).unwrap();
    let (a, _) = grid.pixel_at([179.75, -17.0]).unwrap();
    let (b, _) = grid.pixel_at([-179.75, -17.0]).unwrap();
    assert!(b > a);
    assert!(grid.bounds()[2] > 180.0);
}

#[test]
fn what_does_not_fit_is_refused_with_a_sentence() {
    for (grid, part) in [
        (Grid::new(200, 0, 0, 10, 10), "levels run"),
        (Grid::new(10, 0, 0, 0, 10), "1 to 640"),
        (Grid::new(10, 0, 0, 10, 100_000), "1 to 640"),
        (Grid::new(40, i32::MAX, 0, 10, 10), "outside"),
        (Grid::new(0, i32::MIN, i32::MIN, 640, 640), "outside"),
        (Grid::covering(10, [f64::NAN, 0.0, 1.0, 1.0]), "outside"),
    ] {
        let error = grid.unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn json_says_what_a_reader_needs_and_believes_only_whole_numbers() {
    let grid = Grid::new(36, -49_424, -25_400, 600, 300).unwrap();
    let mut json = serde_json::to_value(grid).unwrap();
    assert_eq!(json["epsg"], 3857);
    assert!((json["step"].as_f64().unwrap() - 305.748_113_14).abs() < 1e-6);
    json["step"] = 7.0.into();
    assert_eq!(serde_json::from_value::<Grid>(json.clone()).unwrap(), grid);
    json["epsg"] = 4326.into();
    assert!(serde_json::from_value::<Grid>(json).unwrap_err().to_string().contains("EPSG:4326"));
}

proptest! {
    #[test]
    fn the_finest_fitting_grid_covers_and_fits(
        longitude in -180.0..180.0f64, latitude in -80.0..80.0f64, wide in 0.01..3.0f64, high in 0.01..2.0f64,
    ) {
        let [west, south] = to_metres([longitude, latitude]);
        let [east, north] = to_metres([longitude + wide, latitude + high]);
        let grid = Grid::fitting([west, south, east, north], 1.0, LONGEST_SIDE).unwrap();
        let covered = grid.metres();
        let slack = grid.step() * 1e-4;
        prop_assert!(covered[0] <= west + slack && covered[1] <= south + slack);
        prop_assert!(covered[2] >= east - slack && covered[3] >= north - slack);
        prop_assert!(grid.width().max(grid.height()) <= LONGEST_SIDE);
        prop_assert!(grid.width().max(grid.height()) >= 530 || grid.step() < 1.2);
    }

    #[test]
    fn a_pixel_holds_its_own_centre(column in 0u32..600, row in 0u32..300, level in 8u8..60) {
        let grid = Grid::new(level, -20, -150, 600, 300);
        prop_assume!(grid.is_ok());
        let grid = grid.unwrap();
        prop_assume!(grid.metres()[2] - grid.metres()[0] < 2.0 * PI * RADIUS);
        prop_assert_eq!(grid.pixel_at(to_degrees(grid.centre(column, row))), Some((column, row)));
    }
}
