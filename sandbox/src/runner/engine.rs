//! The runs under way.

use std::{
    collections::HashMap,
    ffi::OsString,
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

use serde_json::{Map, Value, json};
use tokio::sync::{RwLock, Semaphore};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{drive, leftovers, tree::Checkout};
use crate::{
    store::{NewRun, Store, StoreError},
    workflow::{document::Workflow, plan},
};

/// What the engine has to know.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Folder for everything that is kept or thrown away.
    pub data: PathBuf,
    /// The program `act`.
    pub act: PathBuf,
    /// The program `processor`, whose folder comes first in the PATH of jobs.
    pub processor: Option<PathBuf>,
    /// This program, for the upload of artifacts.
    pub program: PathBuf,
    /// Variables of the sandbox's own environment that jobs see too: those of [`super::PASSED`] that are set.
    pub passed: Vec<(&'static str, OsString)>,
    /// How many jobs run at the same time.
    pub concurrent_jobs: usize,
    /// `owner/name`.
    pub repository: String,
    /// Address of the API.
    pub api: String,
    /// Address of the catalogue.
    pub catalogue: String,
}

/// How a run is stopped: first kindly, then not.
#[derive(Clone, Debug, Default)]
pub(super) struct Stop {
    pub(super) kindly: CancellationToken,
    pub(super) now: CancellationToken,
}

/// Starts runs, carries them out, stops them.
pub struct Engine {
    pub(super) settings: Settings,
    pub(super) store: Arc<Store>,
    pub(super) checkout: Checkout,
    pub(super) runners: Arc<Semaphore>,
    pub(super) next_runner: AtomicI64,
    /// Held by dispatches, from the snapshot until the run that needs it is written down.
    pub(super) snapshots: RwLock<()>,
    active: Mutex<HashMap<i64, Stop>>,
    uploads: Mutex<HashMap<String, Uploader>>,
    tasks: TaskTracker,
    mark: String,
}

/// The job that an upload's token belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uploader {
    /// Run.
    pub run: i64,
    /// Job.
    pub job: i64,
}

/// A dispatch that is understood.
#[derive(Clone, Debug)]
pub struct Dispatch {
    /// Path of the workflow.
    pub path: String,
    /// Branch.
    pub branch: String,
    /// All inputs, as text.
    pub inputs: Map<String, Value>,
    /// Login of who asks.
    pub actor: String,
}

impl Engine {
    /// An engine without runs. Ends what an earlier sandbox with the same data left running.
    pub async fn start(
        settings: Settings,
        store: Arc<Store>,
        checkout: Checkout,
    ) -> anyhow::Result<Arc<Self>> {
        let data = settings.data.to_string_lossy().into_owned();
        let hash = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(data.as_bytes()));
        let mark = format!("{}-", hash.chars().take(16).collect::<String>());
        leftovers::end(&mark).await;
        store.end_unfinished()?;
        for (folder, fresh) in [("work", true), ("trees", false)] {
            let folder = settings.data.join(folder);
            if fresh && folder.exists() {
                std::fs::remove_dir_all(&folder)?;
            }
            std::fs::create_dir_all(&folder)?;
        }
        let engine = Arc::new(Self {
            runners: Arc::new(Semaphore::new(settings.concurrent_jobs.max(1))),
            next_runner: AtomicI64::new(1),
            snapshots: RwLock::default(),
            active: Mutex::default(),
            uploads: Mutex::default(),
            tasks: TaskTracker::new(),
            settings,
            store,
            checkout,
            mark,
        });
        engine.store.remove_stray_blobs()?;
        engine.prune().await;
        Ok(engine)
    }

    /// The workflows of the working tree.
    pub fn workflows(&self) -> std::collections::BTreeMap<String, Workflow> {
        Workflow::read_folder(self.checkout.folder()).0
    }

    /// The repository on this computer.
    pub fn checkout(&self) -> &Checkout {
        &self.checkout
    }

    /// Takes a snapshot, writes the run down and starts it. Gives its id.
    pub async fn dispatch(self: &Arc<Self>, dispatch: Dispatch) -> anyhow::Result<i64> {
        let _keep = self.snapshots.read().await;
        let (engine, trees) = (Arc::clone(self), self.settings.data.join("trees"));
        let snapshot = tokio::task::spawn_blocking(move || engine.checkout.snapshot(&trees)).await??;
        let workflows = Workflow::read_folder(&self.settings.data.join("trees").join(&snapshot.name)).0;
        let github = self.github(&dispatch.branch, &snapshot.sha, [&dispatch.actor, &dispatch.actor]);
        let run = plan::Run {
            workflows: &workflows,
            path: &dispatch.path,
            inputs: &dispatch.inputs,
            github: &github,
        };
        let name = workflows.get(&dispatch.path).map_or_else(|| dispatch.path.clone(), |w| w.name.clone());
        // A title that cannot be evaluated stops nothing: GitHub falls back to the workflow's name as well.
        let title = run.title().unwrap_or_else(|_| name.clone());
        let (workflow, _) = self.store.workflow(&dispatch.path)?;
        let id = self.store.add_run(&NewRun {
            workflow,
            path: dispatch.path,
            name,
            title,
            inputs: dispatch.inputs,
            branch: dispatch.branch,
            sha: snapshot.sha,
            tree: snapshot.name,
            actor: dispatch.actor,
        })?;
        self.begin(id, HashMap::new())?;
        Ok(id)
    }

    /// Carries out the run's last attempt; `carried` are jobs of the one before that need not run again.
    pub(super) fn begin(
        self: &Arc<Self>,
        id: i64,
        carried: HashMap<String, crate::store::Job>,
    ) -> Result<(), StoreError> {
        let Some(run) = self.store.run(id, None)? else { return Ok(()) };
        let stop = Stop::default();
        lock(&self.active).insert(id, stop.clone());
        let engine = Arc::clone(self);
        self.tasks.spawn(async move {
            if let Err(e) = drive::drive(&engine, &run, carried, &stop).await {
                eprintln!("sandbox: run {id} was given up: {e}");
                let end = engine.store.set_run(
                    id,
                    crate::store::Status::Completed,
                    Some(plan::Conclusion::Failure),
                );
                if let Err(e) = end {
                    eprintln!("sandbox: run {id} cannot be marked as failed: {e}");
                }
            }
            lock(&engine.active).remove(&id);
            engine.prune().await;
        });
        Ok(())
    }

    /// Stops a run. `false`: it is not under way.
    pub fn cancel(&self, id: i64, now: bool) -> bool {
        let active = lock(&self.active);
        let Some(stop) = active.get(&id) else { return false };
        stop.kindly.cancel();
        if now {
            stop.now.cancel();
        }
        true
    }

    /// Whether a run is under way.
    pub fn is_active(&self, id: i64) -> bool {
        lock(&self.active).contains_key(&id)
    }

    /// Stops everything and waits until nothing is left.
    pub async fn stop(&self) {
        for stop in lock(&self.active).values() {
            stop.kindly.cancel();
            stop.now.cancel();
        }
        self.tasks.close();
        self.tasks.wait().await;
        leftovers::end(&self.mark).await;
    }

    /// What marks the processes of a job.
    pub(super) fn mark(&self, job: i64) -> String {
        format!("{}{job}.", self.mark)
    }

    /// A new token with which the job may upload artifacts.
    pub(super) fn open_upload(&self, uploader: Uploader) -> String {
        let token = hex::encode(rand::random::<[u8; 24]>());
        lock(&self.uploads).insert(token.clone(), uploader);
        token
    }

    pub(super) fn close_upload(&self, token: &str) {
        lock(&self.uploads).remove(token);
    }

    /// Whose token this is.
    pub fn uploader(&self, token: &str) -> Option<Uploader> {
        lock(&self.uploads).get(token).copied()
    }

    pub(super) fn runner(&self) -> i64 {
        self.next_runner.fetch_add(1, Ordering::Relaxed)
    }

    /// The `github` context, as far as it is known before a runner has the job. `actors` are who started the run and
    /// who the attempt.
    pub(super) fn github(&self, branch: &str, sha: &str, actors: [&str; 2]) -> Value {
        json!({
            "repository": self.settings.repository,
            "repository_owner": self.settings.repository.split('/').next(),
            "actor": actors[0], "triggering_actor": actors[1], "event_name": "workflow_dispatch",
            "ref": format!("refs/heads/{branch}"), "ref_name": branch, "sha": sha,
        })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
