//! Artifacts. One that is expired stays listed, without its file, as on GitHub.

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension, Row};

use super::{Store, StoreError};
use crate::clock;

/// An uploaded artifact.
#[derive(Clone, Debug)]
pub struct Artifact {
    /// Id; a re-run's upload has a new one.
    pub id: i64,
    /// Run.
    pub run: i64,
    /// Name.
    pub name: String,
    /// Name of the file that a browser saves.
    pub file: String,
    /// Media type.
    pub media: String,
    /// Size as stored.
    pub bytes: i64,
    /// SHA-256 of what is stored, hexadecimal.
    pub digest: String,
    /// Name of the blob.
    pub blob: String,
    /// When it was uploaded.
    pub created: i64,
    /// When it goes.
    pub expires: i64,
}

/// An artifact whose blob is in place.
#[derive(Clone, Debug)]
pub struct NewArtifact {
    /// Run.
    pub run: i64,
    /// Job that uploaded it.
    pub job: i64,
    /// Name.
    pub name: String,
    /// File name.
    pub file: String,
    /// Media type.
    pub media: String,
    /// Size.
    pub bytes: i64,
    /// SHA-256.
    pub digest: String,
    /// Blob.
    pub blob: String,
    /// When it goes.
    pub expires: i64,
}

/// Which artifacts to list.
#[derive(Clone, Debug, Default)]
pub struct ArtifactFilter {
    /// Of this run.
    pub run: Option<i64>,
    /// With exactly this name.
    pub name: Option<String>,
    /// Oldest first; GitHub's default is newest first.
    pub ascending: bool,
}

const COLUMNS: &str = "id, run, name, file, media, bytes, digest, blob, created, expires";

impl Store {
    /// Writes down an artifact. `None`: the run has one of that name.
    pub fn add_artifact(&self, new: &NewArtifact) -> Result<Option<Artifact>, StoreError> {
        let db = self.lock();
        let added = db.execute(
            "INSERT INTO artifacts (run, job, name, file, media, bytes, digest, blob, created, expires)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (run, name) DO NOTHING",
            (
                new.run,
                new.job,
                &new.name,
                &new.file,
                &new.media,
                new.bytes,
                &new.digest,
                &new.blob,
                clock::now(),
                new.expires,
            ),
        )?;
        if added == 0 {
            return Ok(None);
        }
        let id = db.last_insert_rowid();
        Ok(Some(db.query_row(&format!("SELECT {COLUMNS} FROM artifacts WHERE id = ?1"), [id], read)?))
    }

    /// One artifact.
    pub fn artifact(&self, id: i64) -> Result<Option<Artifact>, StoreError> {
        Ok(self
            .lock()
            .query_row(&format!("SELECT {COLUMNS} FROM artifacts WHERE id = ?1"), [id], read)
            .optional()?)
    }

    /// How many there are, and those from `offset` on.
    pub fn artifacts(
        &self,
        filter: &ArtifactFilter,
        offset: i64,
        limit: i64,
    ) -> Result<(i64, Vec<Artifact>), StoreError> {
        let condition = "run = COALESCE(?1, run) AND name = COALESCE(?2, name)";
        let order = if filter.ascending { "ASC" } else { "DESC" };
        let db = self.lock();
        let total = db.query_row(
            &format!("SELECT COUNT(*) FROM artifacts WHERE {condition}"),
            (filter.run, &filter.name),
            |row| row.get(0),
        )?;
        let sql = format!(
            "SELECT {COLUMNS} FROM artifacts WHERE {condition} ORDER BY id {order} LIMIT ?3 OFFSET ?4"
        );
        let found = db
            .prepare_cached(&sql)?
            .query_map((filter.run, &filter.name, limit, offset), read)?
            .collect::<Result<_, _>>()?;
        Ok((total, found))
    }

    /// Deletes an artifact with its blob. Says whether there was one.
    pub fn delete_artifact(&self, id: i64) -> Result<bool, StoreError> {
        let Some(artifact) = self.artifact(id)? else { return Ok(false) };
        self.lock().execute("DELETE FROM artifacts WHERE id = ?1", [id])?;
        match std::fs::remove_file(self.blob_path(&artifact.blob)) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e.into()),
            _ => Ok(true),
        }
    }

    /// Deletes the files of artifacts that have expired. The artifacts stay listed.
    pub fn prune_blobs(&self) -> Result<(), StoreError> {
        for blob in self.blobs("expires <= ?1")? {
            match std::fs::remove_file(self.blob_path(&blob)) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e.into()),
                _ => {}
            }
        }
        Ok(())
    }

    /// Deletes files that are no artifact's: uploads that a sandbox left half-done when it was killed. Only for the
    /// start, since an upload under way is no artifact's either.
    pub fn remove_stray_blobs(&self) -> Result<(), StoreError> {
        let known = self.blobs("expires > ?1")?;
        for entry in std::fs::read_dir(self.folder.join("blobs"))? {
            let entry = entry?;
            if !entry.file_name().to_str().is_some_and(|name| known.contains(name)) {
                std::fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// Names of the blobs of artifacts for which `condition` holds with ?1 as now.
    fn blobs(&self, condition: &str) -> Result<BTreeSet<String>, StoreError> {
        let sql = format!("SELECT blob FROM artifacts WHERE {condition}");
        let db = self.lock();
        let blobs = db
            .prepare_cached(&sql)?
            .query_map([clock::now()], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok(blobs)
    }

    /// Lets an artifact expire now.
    pub fn expire_artifact(&self, id: i64) -> Result<(), StoreError> {
        self.lock().execute("UPDATE artifacts SET expires = ?2 WHERE id = ?1", (id, clock::now() - 1))?;
        Ok(())
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Artifact> {
    Ok(Artifact {
        id: row.get(0)?,
        run: row.get(1)?,
        name: row.get(2)?,
        file: row.get(3)?,
        media: row.get(4)?,
        bytes: row.get(5)?,
        digest: row.get(6)?,
        blob: row.get(7)?,
        created: row.get(8)?,
        expires: row.get(9)?,
    })
}
