//! The map's part of the frame.

use domain::{Area, Footprint, api::Tiles};
use leaflet::{
    Evented, ImageOverlay, ImageOverlayOptions, LatLng, Layer, LayerGroup, Map, MapOptions, TileLayer,
    TileLayerOptions,
};
use leptos::{html::Div, prelude::*};
use leptos_use_resize_observer::use_resize_observer;
use wasm_bindgen::JsValue;

use super::{
    grid::Grid,
    land::Land,
    outlines, pointer,
    shapes::{self, PANES},
};
use crate::{
    parts::{Chooser, DrawBar, MapHint, live},
    state::{Frame, MapPicture, Pick, Session, Shown},
};

/// Below this zoom a click also brings the found bursts into view.
pub(super) const NEAR: f64 = 6.0;
/// How many of the bursts that were asked about are drawn.
const DRAWN: usize = 60;
/// Pixels that stay free round what is brought into view, and above a run's burst for the legend.
const PADDING: f64 = 32.0;
const LEGEND: f64 = 130.0;
/// The first view: all of it on a small window, without the polar seas.
const START: ([f64; 2], f64) = ([10.0, 30.0], 2.0);

/// The map.
#[component]
pub(crate) fn MapArea(
    /// What floats over the map: legends.
    children: Children,
) -> impl IntoView {
    let container = NodeRef::<Div>::new();
    let shown: Shown = expect_context();
    let pictured = live(move || shown.picture.with(Option::is_some));
    Effect::new(move |made: Option<bool>| {
        let Some(element) = container.get().filter(|_| made != Some(true)) else {
            return made.unwrap_or_default();
        };
        match set_up(&element) {
            Ok(()) => true,
            Err(error) => {
                leptos::logging::error!("the map could not be made: {error:?}");
                false
            }
        }
    });
    view! {
        <section class="map-area" aria-label="Map">
            <div
                class="map"
                class:pictured=pictured
                data-testid="map"
                node_ref=container
                role="application"
                aria-label="Map. Arrow keys move, plus and minus zoom, Enter asks which bursts cover the crosshair."
            ></div>
            <div class="crosshair" aria-hidden="true"></div>
            <MapHint/>
            <DrawBar/>
            <Chooser/>
            <div class="map-tools">{children()}</div>
        </section>
    }
}

fn set_up(element: &web_sys::HtmlElement) -> Result<(), JsValue> {
    let pick: Pick = expect_context();
    let options = MapOptions::new();
    options.set_world_copy_jump(true);
    options.set_min_zoom(1.0);
    options.set_max_zoom(14.0);
    options.set_zoom_snap(0.5);
    let map = Map::new_with_element(element, &options)?;
    for (name, height) in PANES {
        map.create_pane_by_name(name).style().set_property("z-index", height)?;
    }
    let ([longitude, latitude], zoom) = START;
    map.set_view(&LatLng::new(latitude, longitude), zoom);
    let moved = follow_view(&map);
    tell_view(&map, element, moved);
    draw_base(&map, moved);
    draw_outlines(&map, pick, moved);
    draw_picture(&map);
    bring_into_view(&map, pick);
    let clicks = pointer::listen(&map, element, pick);
    pointer::follow(&map, pick);
    let starts: leaflet::EventedHandle<leaflet::Event> =
        Evented::on_leaflet_event(&&map, "movestart", move |_: leaflet::Event| {
            // What is offered at a place does not move along with it.
            if pick.chooser.try_with_untracked(Option::is_some) == Some(true) {
                pick.chooser.set(None);
            }
        });
    hold(starts);
    let resized = map.clone();
    use_resize_observer(element.clone(), move |_, _| {
        resized.invalidate_size(false);
    });
    let held = StoredValue::new_local(Some((map, clicks)));
    on_cleanup(move || {
        if let Some((map, clicks)) = held.try_update_value(Option::take).flatten() {
            drop(clicks);
            map.remove();
        }
    });
    Ok(())
}

/// A count that rises with every finished movement of the map.
fn follow_view(map: &Map) -> RwSignal<u32> {
    let moved = RwSignal::new(0);
    let handle: leaflet::EventedHandle<leaflet::Event> =
        Evented::on_leaflet_event(&map, "moveend", move |_: leaflet::Event| {
            // The map may still glide after the page has let go of it.
            let _ = moved.try_update(|n| *n += 1);
        });
    hold(handle);
    moved
}

/// Writes the view into the markup as `longitude latitude zoom`: scripts that drive the page find places by it.
fn tell_view(map: &Map, element: &web_sys::HtmlElement, moved: RwSignal<u32>) {
    let (map, element) = (map.clone(), element.clone());
    Effect::new(move |_| {
        moved.track();
        let middle = map.get_center();
        let view = format!("{} {} {}", middle.lng(), middle.lat(), map.get_zoom());
        let _ = element.set_attribute("data-view", &view);
    });
}

/// Keeps a value until the component goes.
pub(super) fn hold<T: 'static>(value: T) {
    let held = StoredValue::new_local(Some(value));
    on_cleanup(move || {
        let _ = held.try_update_value(Option::take);
    });
}

/// Tiles where the owner set them, else the page's own land; and the grid of bursts.
fn draw_base(map: &Map, moved: RwSignal<u32>) {
    let session: Session = expect_context();
    let pick: Pick = expect_context();
    let frame: Frame = expect_context();
    let land = StoredValue::new_local(None::<Land>);
    let base = map.clone();
    Effect::new(move |done: Option<bool>| {
        if done == Some(true) {
            return true;
        }
        let Some(config) = session.config() else { return false };
        match config.tiles {
            Some(tiles) => drop(base.add_layer(&tile_layer(&tiles))),
            None => land.set_value(Some(Land::on(&base))),
        }
        true
    });
    Effect::new(move |_| {
        moved.track();
        let _ = land.try_with_value(|land| land.as_ref().map(Land::refresh));
    });
    let recoloured = RwSignal::new(0u32);
    let repaint = move || {
        let _ = recoloured.try_update(|n| *n += 1);
    };
    let grid = StoredValue::new_local(Grid::on(map, repaint).ok());
    Effect::new(move |_| {
        moved.track();
        recoloured.track();
        // The grid is for finding a burst; under one that was picked it only distracts.
        let wanted = pick.burst.with(Option::is_none) && !frame.at_run();
        pick.filter.with(|filter| {
            grid.with_value(|grid| grid.as_ref().map(|grid| grid.paint(wanted.then_some(filter))))
        });
    });
}

fn tile_layer(tiles: &Tiles) -> Layer {
    let options = TileLayerOptions::new();
    options.set_attribution(tiles.attribution.clone());
    wasm_bindgen::JsCast::unchecked_into(TileLayer::new_options(&tiles.url, &options))
}

fn draw_outlines(map: &Map, pick: Pick, moved: RwSignal<u32>) {
    let frame: Frame = expect_context();
    let (map, group) = (map.clone(), LayerGroup::new());
    map.add_layer(group.as_ref());
    Effect::new(move |_| {
        moved.track();
        let picked = pick.burst.get();
        // A run is about one burst; what else covers the place is for choosing.
        let alone = frame.at_run();
        let covers = pick.covers.get();
        let drawn = covers.iter().take(if alone { 0 } else { DRAWN });
        let mut footprints: Vec<Footprint> = drawn.map(|cover| cover.footprint.clone()).collect();
        let others = pick.others.get();
        for burst in picked.iter().chain(&others) {
            if footprints.iter().all(|f| f.burst != *burst) {
                footprints.push(Footprint::of(*burst));
            }
        }
        let middle = map.get_center().lng();
        let point = pick.point.get().filter(|_| !alone);
        let hovered = pick.hovered.get();
        // A neighbour under the pointer is none of those that were asked about.
        if let Some(burst) = hovered.filter(|b| !alone && footprints.iter().all(|f| f.burst != *b)) {
            footprints.push(Footprint::of(burst));
        }
        outlines::draw(
            &group,
            &footprints,
            outlines::Marked { picked, others: &others, hovered },
            point,
            middle,
        );
        let area = pick.area.get().filter(|_| !alone);
        let drawing = pick.drawing.get().unwrap_or_default();
        outlines::add_area(&group, area.as_deref(), &drawing, middle);
    });
}

fn draw_picture(map: &Map) {
    let shown: Shown = expect_context();
    let (map, group) = (map.clone(), LayerGroup::new());
    map.add_layer(group.as_ref());
    Effect::new(move |_| {
        group.clear_layers();
        // The pair in focus last, so that it lies on top.
        let Some(picture) = shown.picture.get() else { return };
        let middle = map.get_center().lng();
        for picture in shown.beside.get().iter().chain([&picture]) {
            let MapPicture { address, bounds, text, .. } = &**picture;
            let options = ImageOverlayOptions::new();
            options.set_pane("pictures".to_owned());
            options.set_alt(text.clone());
            let bounds = shapes::bounds(*bounds, shapes::turns_to(bounds[0], middle));
            group.add_layer(ImageOverlay::new_with_options(address, &bounds, &options).as_ref());
        }
    });
}

/// Moves to the picked burst when asked to or when a run of it opens, and to what a click far out found.
fn bring_into_view(map: &Map, pick: Pick) {
    let frame: Frame = expect_context();
    let map = map.clone();
    let at_run = Memo::new(move |_| frame.at_run());
    Effect::new(move |last: Option<(u32, bool)>| {
        let asked = (pick.show.get(), at_run.get());
        let last = last.unwrap_or_default();
        let far = pick.covers.with(|all| !all.is_empty()) && map.get_zoom() < NEAR;
        if asked.0 > last.0 || (asked.1 && !last.1) || far {
            let picked = pick.burst.get_untracked().map(Footprint::of);
            let area = pick.area.get_untracked();
            let outlines: Vec<Vec<[f64; 2]>> = match (picked, area.as_deref().map(Area::rings)) {
                (Some(picked), _) => {
                    let others = pick.others.get_untracked().into_iter().map(Footprint::of);
                    std::iter::once(picked).chain(others).map(|f| f.outline.to_vec()).collect()
                }
                (None, Some(rings)) => rings.to_vec(),
                (None, None) => pick
                    .covers
                    .with_untracked(|all| all.iter().map(|cover| cover.footprint.outline.to_vec()).collect()),
            };
            fit(&map, &outlines, if asked.1 { LEGEND } else { PADDING });
        }
        asked
    });
}

fn fit(map: &Map, outlines: &[Vec<[f64; 2]>], top: f64) {
    let Some([first, _]) = outlines.first().and_then(|o| o.first()).copied() else { return };
    let shift = shapes::turns_to(first, map.get_center().lng());
    let corners = js_sys::Array::new();
    for outline in outlines {
        let near = outline.first().map_or(0.0, |p| shapes::turns_to(p[0], first));
        outline.iter().for_each(|p| {
            corners.push(&shapes::corner(*p, near + shift));
        });
    }
    let options = js_sys::Object::new();
    let set = |name: &str, value: &JsValue| drop(js_sys::Reflect::set(&options, &name.into(), value));
    set("paddingTopLeft", &js_sys::Array::of2(&PADDING.into(), &top.into()));
    set("paddingBottomRight", &js_sys::Array::of2(&PADDING.into(), &PADDING.into()));
    set("maxZoom", &JsValue::from_f64(10.0));
    set("animate", &JsValue::FALSE);
    map.fit_bounds_with_options(&leaflet::LatLngBounds::new_from_list(&corners), &options);
}
