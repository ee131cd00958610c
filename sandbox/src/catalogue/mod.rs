//! The ASF catalogue.
use axum::Router;
/// Path.
pub const PATH: &str = "/catalogue/search/granules.umm_json";
/// Routes.
pub fn routes() -> Router {
    Router::new()
}
