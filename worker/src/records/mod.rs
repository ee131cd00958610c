//! What the deployment remembers: sign-ins that are over, share links, who launched what, whether launching is open.
//!
//! There is one book for the whole deployment, in a Durable Object. [`Ask`] and [`Told`] travel to it and back;
//! [`book`] is what it does, over any SQLite.

pub mod book;

use std::future::Future;

use domain::{
    Timestamp,
    api::{Act, Link},
    launch::{BatchId, BatchPart},
};
use serde::{Deserialize, Serialize};

use crate::ports::NoAnswer;

/// What is asked of the book.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Ask {
    /// Use something that may be used once; told [`Told::Yes`] the first time only.
    Spend {
        /// What.
        id: String,
        /// When it would be over anyway, in seconds since 1970.
        until: i64,
    },
    /// Whether something was used.
    IsSpent {
        /// What.
        id: String,
    },
    /// Keep a share link; told [`Told::No`] where there are too many.
    AddLink(Link),
    /// The valid links, of one person or of all.
    Links {
        /// Whose.
        by: Option<String>,
    },
    /// Make a link open nothing any more; told [`Told::No`] where there is none.
    Revoke {
        /// Which.
        id: String,
        /// Only if that person made it.
        by: Option<String>,
    },
    /// Which of these links are valid.
    Valid {
        /// Their ids.
        ids: Vec<String>,
    },
    /// Write a launch down before it is sent. The same part of the same batch counts once.
    Reserve {
        /// Which part of which batch.
        part: BatchPart,
        /// Who launches.
        login: String,
        /// How many jobs it makes.
        jobs: u32,
        /// The most jobs in a day.
        per_day: u32,
    },
    /// Take back what was reserved: GitHub refused it.
    Release {
        /// Which part of which batch.
        part: BatchPart,
    },
    /// A reserved launch has its run.
    Started {
        /// Which part of which batch.
        part: BatchPart,
        /// The run.
        run: u64,
    },
    /// Something else was done.
    Acted {
        /// By whom.
        login: String,
        /// What, in a few words.
        what: String,
        /// To which run.
        run: Option<u64>,
    },
    /// Who launched these.
    Who {
        /// Parts of batches.
        parts: Vec<BatchPart>,
    },
    /// Whether launching is open, how much was launched today, and what was done last.
    Launching,
    /// Open or close launching.
    SetOpen {
        /// Whether anybody may launch.
        open: bool,
        /// Who says so.
        login: String,
    },
}

/// What the book answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Told {
    /// Done, or it is so.
    Yes,
    /// Not done, or it is not so.
    No,
    /// Launching is closed.
    Closed,
    /// Only so many jobs are left for today.
    OverDay {
        /// How many.
        left: u32,
    },
    /// Links.
    Links(Vec<Link>),
    /// Ids of links.
    Valid(Vec<String>),
    /// Who launched what.
    Who(Vec<(BatchPart, String)>),
    /// The state of launching.
    Launching {
        /// Whether anybody may launch.
        open: bool,
        /// Jobs launched today.
        jobs_today: u32,
        /// What was done last, newest first.
        activity: Vec<Act>,
    },
    /// The book could not be read or written.
    Broken,
}

/// The book, wherever it lies.
pub trait Records {
    /// Asks it; `now` is the book's own time for all that it keeps.
    fn ask(&self, now: Timestamp, ask: &Ask) -> impl Future<Output = Result<Told, NoAnswer>>;
}

/// The mark of a batch's part, as one text.
fn mark(batch: &BatchId, part: u32) -> String {
    format!("{batch}/{part}")
}
