//! The land that needs no network but the page's own server: coarse for the whole Earth, finer by cells in view.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use burstboard_land::{cells_in_view, decode};
use gloo_net::http::Request;
use leaflet::{Layer, LayerGroup, Map};
use leptos::task::spawn_local;

use super::shapes::{polygon, rings};

/// From this zoom on, cells of the middle scale; from the other on, of the fine one.
const MIDDLE_FROM: f64 = 5.0;
const FINE_FROM: f64 = 7.0;
/// How many cells are kept before those out of view are dropped.
const KEPT: usize = 64;

/// A piece of land: scale, column and row, turn of the globe.
type Key = (&'static str, u32, u32, i32);

/// The land on one map.
#[derive(Clone)]
pub(crate) struct Land {
    map: Map,
    shown: Rc<RefCell<HashMap<Key, Option<LayerGroup>>>>,
    world: LayerGroup,
}

impl Land {
    /// Puts the coarse land on the map.
    pub(crate) fn on(map: &Map) -> Self {
        let land = Self { map: map.clone(), shown: Rc::default(), world: LayerGroup::new() };
        let this = land.clone();
        spawn_local(async move {
            // Neighbouring turns are there too, for views across the antimeridian.
            if let Some(group) = fetch("/land/110m/world.land", &[-360.0, 0.0, 360.0]).await {
                this.world.add_layer(&group);
                this.refresh();
            }
        });
        land
    }

    /// Fetches what the view needs and takes away what it does not.
    pub(crate) fn refresh(&self) {
        let scale = match self.map.get_zoom() {
            zoom if zoom >= FINE_FROM => "10m",
            zoom if zoom >= MIDDLE_FROM => "50m",
            _ => "",
        };
        let wanted = if scale.is_empty() { Vec::new() } else { self.in_view(scale) };
        for key in &wanted {
            if !self.shown.borrow().contains_key(key) {
                self.shown.borrow_mut().insert(*key, None);
                self.load(*key);
            }
        }
        self.show(&wanted);
    }

    fn in_view(&self, scale: &'static str) -> Vec<Key> {
        let view = self.map.get_bounds();
        let (low, high) = (view.get_south_west(), view.get_north_east());
        cells_in_view(low.lng(), low.lat(), high.lng(), high.lat())
            .into_iter()
            .map(|(column, row, turn)| (scale, column, row, turn))
            .collect()
    }

    /// Coarse land stays under fine land until all of the latter is there: nothing blanks.
    fn show(&self, wanted: &[Key]) {
        let mut shown = self.shown.borrow_mut();
        let complete =
            !wanted.is_empty() && wanted.iter().all(|key| shown.get(key).is_some_and(Option::is_some));
        toggle(&self.map, &self.world, !complete);
        for (key, group) in shown.iter() {
            if let Some(group) = group {
                toggle(&self.map, group, complete && wanted.contains(key));
            }
        }
        if shown.len() > KEPT {
            shown.retain(|key, group| wanted.contains(key) || group.is_none());
        }
    }

    fn load(&self, key: Key) {
        let (scale, column, row, turn) = key;
        let this = self.clone();
        spawn_local(async move {
            let address = format!("/land/{scale}/{column}-{row}.land");
            match fetch(&address, &[f64::from(turn) * 360.0]).await {
                Some(group) => this.shown.borrow_mut().insert(key, Some(group)),
                // Asked for again when the view next changes; the coarse land stays meanwhile.
                None => this.shown.borrow_mut().remove(&key),
            };
            if this.shown.borrow().contains_key(&key) {
                this.refresh();
            }
        });
    }
}

fn toggle(map: &Map, group: &LayerGroup, wanted: bool) {
    let layer: &Layer = group.as_ref();
    match (wanted, map.has_layer(layer)) {
        (true, false) => map.add_layer(layer),
        (false, true) => map.remove_layer(layer),
        _ => return,
    };
}

async fn fetch(address: &str, shifts: &[f64]) -> Option<LayerGroup> {
    let response = Request::get(address).send().await.ok().filter(gloo_net::http::Response::ok)?;
    let land = decode(&response.binary().await.ok()?);
    let group = LayerGroup::new();
    for shift in shifts.iter().filter(|_| !land.is_empty()) {
        let corners = rings(land.iter().map(Vec::as_slice), *shift);
        group.add_layer(&polygon(&corners, "land", "land"));
    }
    Some(group)
}
