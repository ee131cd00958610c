//! GitHub and the ASF catalogue on this computer.
//!
//! A development and trial tool: it runs the repository's workflows as the user who started it, serves loopback
//! addresses only and asks for a token that is new at every start.

pub mod accounts;
pub mod artifact_name;
pub mod blobs;
pub mod catalogue;
pub mod clock;
pub mod controls;
pub mod faults;
pub mod github;
pub mod login;
pub mod logs;
pub mod own;
pub mod runner;
pub mod seen;
pub mod serve;
pub mod store;
pub mod upload;
pub mod workflow;

/// The login of the owner of the one repository.
pub const OWNER: &str = "local";
