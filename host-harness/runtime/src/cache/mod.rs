//! Compiled modules on disk.
//!
//! One file per module and engine. Its name is made of the SHA-256 of what the code of the module depends on and of everything that decides
//! whether compiled code fits this engine; its content is the SHA-256 of that name and the compiled code, then the code. A file that is not
//! exactly that, or that somebody else could have written, is compiled again and replaced; a folder that somebody else could write to is
//! not used. Nothing that goes wrong here is an error: the module is compiled instead.

mod folder;
mod key;
mod trust;

use std::fs::{self, File};
use std::hash::{Hash, Hasher};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sha2::{Digest as _, Sha256};
use wasmtime::{Engine, Module};

pub use folder::{CacheFolder, CacheLimits, CachedModule};
pub use trust::CacheRefused;

use crate::file;

const DIGEST: usize = 32;

/// Largest compiled module that is read, in bytes: what the largest module is compiled to.
const MAX_ENTRY: u64 = 4 << 30;

/// How often it is noted that a module is in use.
const NOTED: Duration = Duration::from_secs(60 * 60);

/// A directory of compiled modules that fit one engine.
#[derive(Debug)]
pub(crate) struct Cache {
    dir: PathBuf,
    limits: CacheLimits,
    engine: String,
}

impl Cache {
    pub(crate) fn new(dir: PathBuf, limits: CacheLimits, engine: &Engine) -> Self {
        let mut hasher = DigestHasher(Sha256::new());
        engine.precompile_compatibility_hash().hash(&mut hasher);
        Self { dir, limits, engine: hex(&hasher.0.finalize()) }
    }

    /// Where modules are kept.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// The compiled form of the module `wasm`, if there is an intact one.
    pub(crate) fn load(&self, engine: &Engine, wasm: &[u8]) -> Option<Module> {
        let name = self.name(wasm);
        // The folder may have become somebody else's since the engine was made.
        let path = trust::folder(&self.dir).ok()?.join(&name);
        let file = file::open(&path).ok()?;
        // Of the file that was opened: another one may have its name by now.
        if !trust::file(file.metadata()) {
            return None;
        }
        let content = file::content(&file, MAX_ENTRY).ok()?;
        let (found, code) = content.split_at_checked(DIGEST)?;
        if digest(&name, code) != found {
            return None;
        }
        let module = loaded(engine, code).ok()?;
        note_use(&file);
        Some(module)
    }

    /// Keeps `code`, the compiled form of the module `wasm`, replacing what is there, and removes what is too much. Tells whether it is
    /// kept: a cache that cannot be written to only costs time.
    pub(crate) fn store(&self, wasm: &[u8], code: &[u8]) -> bool {
        self.try_store(wasm, code).is_some()
    }

    fn try_store(&self, wasm: &[u8], code: &[u8]) -> Option<()> {
        // Before there is one, and after: somebody else may have been faster.
        create_private(&trust::folder(&self.dir).ok()?).ok()?;
        let dir = trust::folder(&self.dir).ok()?;
        // Renamed when complete, so that no reader ever sees half a file.
        let mut file = tempfile::NamedTempFile::new_in(&dir).ok()?;
        let name = self.name(wasm);
        file.write_all(&digest(&name, code)).ok()?;
        file.write_all(code).ok()?;
        let path = dir.join(name);
        file.persist(&path).ok()?;
        // What cannot be removed now is tried again next time.
        let _ = CacheFolder::new(dir).tidy(self.limits, &path);
        Some(())
    }

    fn name(&self, wasm: &[u8]) -> String {
        let mut name = Sha256::new();
        name.update(self.engine.as_bytes());
        key::parts(wasm).iter().for_each(|part| name.update(part));
        format!("{}.{}", hex(&name.finalize()), folder::EXTENSION)
    }
}

/// Notes that a module was used, so that it is not taken for one that nobody needs any more.
fn note_use(file: &File) {
    let now = SystemTime::now();
    let noted = file.metadata().and_then(|metadata| metadata.modified());
    if noted.is_ok_and(|noted| now.duration_since(noted).is_ok_and(|since| since > NOTED)) {
        // A module that cannot be marked is compiled again some day.
        let _ = file.set_modified(now);
    }
}

/// Binds the code to the module and the engine that it was compiled for.
fn digest(name: &str, code: &[u8]) -> [u8; DIGEST] {
    Sha256::new().chain_update(name).chain_update(code).finalize().into()
}

/// The module of which this is the compiled form.
#[expect(unsafe_code, reason = "wasmtime offers no safe way to load compiled code")]
pub(crate) fn loaded(engine: &Engine, code: &[u8]) -> wasmtime::Result<Module> {
    // SAFETY: `code` must be what `Module::serialize` or `Engine::precompile_module` gave for this module and engine, unchanged. It is
    // either what a process gave that was started to compile this module, through a pipe that nobody else has; or it was in a file, of
    // which the digest that was just verified binds it to both, so neither an accident nor a file under a wrong name gets here.
    // Directory and file belong to the user who runs this, nobody else can write to them, and only the administrator could put others
    // in their place: who can forge an entry on purpose already runs code as this user. wasmtime itself checks that version and
    // settings of the engine match.
    unsafe { Module::deserialize(engine, code) }
}

#[cfg(unix)]
fn create_private(dir: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

#[cfg(not(unix))]
fn create_private(dir: &Path) -> std::io::Result<()> {
    fs::create_dir_all(dir)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Feeds what is hashed to SHA-256: the standard library's hashers promise nothing from one release to the next.
struct DigestHasher(Sha256);

impl Hasher for DigestHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Not used: the digest is longer.
    fn finish(&self) -> u64 {
        0
    }
}
