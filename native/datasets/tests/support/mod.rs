//! Folders and imports for the tests.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use desk_datasets::{Header, ImportOptions, Imported, Kind, Origin, Zone, import};

static PLACES: AtomicUsize = AtomicUsize::new(0);

/// A directory that goes with its owner.
pub struct Place(pub PathBuf);

impl Place {
    pub fn new() -> Self {
        let number = PLACES.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("desk-datasets-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn source(&self, bytes: &[u8]) -> PathBuf {
        let path = self.0.join("source");
        fs::write(&path, bytes).unwrap();
        path
    }

    pub fn target(&self) -> PathBuf {
        self.0.join("target.bars")
    }

    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub fn options(zone: Option<&str>, allow: &[Kind]) -> ImportOptions {
    ImportOptions {
        symbol: "TEST".to_owned(),
        zone: zone.map(|name| Zone::parse(name).unwrap()),
        allow: allow.iter().copied().collect::<BTreeSet<_>>(),
        origin: Origin::File,
    }
}

pub fn written(source: &Path, target: &Path, options: &ImportOptions) -> Header {
    match import(source, target, options, |_| true).unwrap() {
        Imported::Written(header) => *header,
        Imported::Refused { report, .. } => panic!("refused: {report:?}"),
    }
}
