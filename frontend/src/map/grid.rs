//! The grid of all bursts in view on one canvas, from the zoom on at which single bursts can be told apart.
//!
//! A canvas of thousands of lines is moved with the map as one picture and painted anew only when a movement ends. What
//! lies under the pointer is not looked up in the picture: `domain` answers that from the orbit in hundredths of a
//! millisecond, which is less than a table of cells would cost to make.

use domain::{
    Footprint, Pass,
    coverage::{Filter, ViewBox, in_view},
    geodesy::web_mercator,
};
use leaflet::{Map, Point};
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::shapes::turns_to;

/// The zoom from which on the grid is drawn.
pub(crate) const FROM: f64 = 7.0;
/// More bursts than this are not drawn: the lines would fill the map.
const MOST: usize = 6_000;
/// How much is painted beyond each side, as a part of the view, so that moving the map shows no edge at once.
const MARGIN: f64 = 0.15;
/// Half of the Earth's equator in Web Mercator metres.
const HALF: f64 = std::f64::consts::PI * domain::geodesy::SEMI_MAJOR;

/// The canvas on one map.
pub(crate) struct Grid {
    map: Map,
    canvas: HtmlCanvasElement,
    /// Paints again when the theme changes: the style sheet gives the canvas the grid's colour, which then changes.
    _recoloured: Closure<dyn FnMut()>,
}

impl Grid {
    /// An empty canvas in the pane of the grid; `repaint` is called when its colour has changed.
    pub(crate) fn on(map: &Map, repaint: impl Fn() + 'static) -> Result<Self, JsValue> {
        let canvas: HtmlCanvasElement = document().create_element("canvas")?.dyn_into()?;
        // Leaflet hides it while it changes the zoom.
        canvas.set_class_name("cells leaflet-zoom-hide");
        canvas.set_attribute("aria-hidden", "true")?;
        canvas.set_attribute("data-testid", "grid")?;
        map.get_pane_by_name("cells").append_child(&canvas)?;
        let recoloured = Closure::<dyn FnMut()>::new(repaint);
        canvas.add_event_listener_with_callback("transitionend", recoloured.as_ref().unchecked_ref())?;
        Ok(Self { map: map.clone(), canvas, _recoloured: recoloured })
    }

    /// Paints the wanted bursts of the view, or nothing.
    pub(crate) fn paint(&self, filter: Option<&Filter>) {
        let begin = now();
        let bursts =
            filter.filter(|_| self.map.get_zoom() >= FROM).map(|f| self.bursts(f)).unwrap_or_default();
        let found = now();
        let painted = bursts.len() <= MOST && self.lines(&bursts).is_ok();
        let count = if painted { bursts.len() } else { 0 };
        // For `cargo xtask bench`: how many, and the milliseconds of finding and of painting them.
        let _ = self.canvas.set_attribute("data-count", &count.to_string());
        let _ = self.canvas.set_attribute("data-ms", &format!("{:.1} {:.1}", found - begin, now() - found));
        self.canvas.set_hidden(count == 0);
    }

    /// The upper left and the lower right corner of what is painted, in pixels of the map's element.
    fn corners(&self) -> [[f64; 2]; 2] {
        let size = self.map.get_size();
        let (x, y) = ((size.x() * MARGIN).round(), (size.y() * MARGIN).round());
        [[-x, -y], [size.x() + x, size.y() + y]]
    }

    fn bursts(&self, filter: &Filter) -> Vec<Footprint> {
        let [[left, top], [right, bottom]] = self.corners();
        let place = |x, y| self.map.container_point_to_lat_lng(&Point::new(x, y));
        let (low, high) = (place(left, bottom), place(right, top));
        let view = ViewBox::new(low.lng(), low.lat().max(-90.0), high.lng(), high.lat().min(90.0));
        let wanted = |footprint: &Footprint| filter.takes(footprint);
        view.map(|view| in_view(view).filter(wanted).take(MOST + 1).collect()).unwrap_or_default()
    }

    fn lines(&self, bursts: &[Footprint]) -> Result<(), JsValue> {
        let [[left, top], [right, bottom]] = self.corners();
        let [width, height] = [right - left, bottom - top];
        let ratio = window().device_pixel_ratio().clamp(1.0, 2.0);
        self.canvas.set_width((width * ratio) as u32);
        self.canvas.set_height((height * ratio) as u32);
        let corner = self.map.container_point_to_lat_lng(&Point::new(left, top));
        let at = self.map.lat_lng_to_layer_point(&corner);
        let style =
            format!("width:{width}px;height:{height}px;transform:translate({}px,{}px)", at.x(), at.y());
        self.canvas.set_attribute("style", &style)?;
        let context = self.canvas.get_context("2d")?.ok_or(JsValue::NULL)?;
        let context: CanvasRenderingContext2d = context.dyn_into()?;
        context.scale(ratio, ratio)?;
        let colour = window().get_computed_style(&self.canvas)?.ok_or(JsValue::NULL)?;
        context.set_stroke_style_str(&colour.get_property_value("color")?);
        context.set_line_width(0.75);
        // Metres of the web map to pixels of the canvas.
        let scale = 256.0 * self.map.get_zoom().exp2() / (2.0 * HALF);
        let [x0, y0] = web_mercator([corner.lng(), corner.lat()]);
        let middle = self.map.get_center().lng();
        for (pass, dash) in [(Pass::Descending, &[][..]), (Pass::Ascending, &[5.0, 3.0])] {
            let dash: js_sys::Array = dash.iter().copied().map(JsValue::from_f64).collect();
            context.set_line_dash(&dash)?;
            context.begin_path();
            for footprint in bursts.iter().filter(|f| f.pass == pass) {
                let shift = turns_to(footprint.centre[0], middle);
                for (i, [longitude, latitude]) in footprint.outline.iter().enumerate() {
                    let [x, y] = web_mercator([longitude + shift, *latitude]);
                    let (x, y) = ((x - x0) * scale, (y0 - y) * scale);
                    if i == 0 { context.move_to(x, y) } else { context.line_to(x, y) }
                }
            }
            context.stroke();
        }
        Ok(())
    }
}

/// Milliseconds since the page began.
fn now() -> f64 {
    window().performance().map(|clock| clock.now()).unwrap_or_default()
}
