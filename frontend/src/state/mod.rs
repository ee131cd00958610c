//! What the page knows, as signals. Each struct is handed down through the context and may be copied freely.

mod archive;
mod batch;
mod done;
mod drawn;
mod frame;
mod holdings;
mod link;
mod options;
mod others;
mod pick;
mod plan;
mod session;
mod shown;
mod watch;

pub(crate) use batch::Batch;
pub(crate) use done::Done;
pub(crate) use drawn::Drawn;
pub(crate) use frame::{Frame, Step, Tab};
pub(crate) use holdings::{Holdings, Load};
pub(crate) use link::Link;
pub(crate) use options::Options;
pub(crate) use others::{Other, Others};
pub(crate) use pick::Pick;
pub(crate) use plan::{Choice, Plan, text as pair_text};
pub(crate) use session::Session;
pub(crate) use shown::{MapPicture, Shown, name as layer_name};
pub(crate) use watch::{Shot, Watch};
