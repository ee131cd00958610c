//! The map: Leaflet behind a few functions. What is drawn takes its colours from classes, so that a change of theme
//! needs no redrawing.

mod area;
mod grid;
mod land;
mod outlines;
mod pointer;
mod shapes;

pub(crate) use area::MapArea;
