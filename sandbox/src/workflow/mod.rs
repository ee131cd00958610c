//! What GitHub's servers do with a workflow file before a runner sees it: read it, check a dispatch against it, expand
//! its jobs. All of it is pure.

mod conclusion;
pub mod document;
pub mod expression;
pub mod inputs;
pub mod matrix;
pub mod plan;
pub mod slice;
