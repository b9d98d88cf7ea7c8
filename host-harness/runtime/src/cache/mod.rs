//! Compiled modules on disk.
//!
//! One file per module and engine. Its name is made of the SHA-256 of what the code of the module depends on and of everything that decides
//! whether compiled code fits this engine; its content is the SHA-256 of that name and the compiled code, then the code. A file that is not
//! exactly that, or that somebody else could have written, is compiled again and replaced. Nothing that goes wrong here is an error: the module
//! is compiled instead.

mod folder;
mod key;

use std::fs;
use std::hash::{Hash, Hasher};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sha2::{Digest as _, Sha256};
use wasmtime::{Engine, Module};

pub use folder::{CacheFolder, CacheLimits, CachedModule};

const DIGEST: usize = 32;

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
        let path = self.dir.join(&name);
        if !private(&self.dir) || !private(&path) {
            return None;
        }
        let content = fs::read(&path).ok()?;
        let (found, code) = content.split_at_checked(DIGEST)?;
        if digest(&name, code) != found {
            return None;
        }
        let module = loaded(engine, code).ok()?;
        note_use(&path);
        Some(module)
    }

    /// Keeps `code`, the compiled form of the module `wasm`, replacing what is there, and removes what is too much. Tells whether it is kept: a
    /// cache that cannot be written to only costs time.
    pub(crate) fn store(&self, wasm: &[u8], code: &[u8]) -> bool {
        self.try_store(wasm, code).is_some()
    }

    fn try_store(&self, wasm: &[u8], code: &[u8]) -> Option<()> {
        create_private(&self.dir).ok()?;
        // Renamed when complete, so that no reader ever sees half a file.
        let mut file = tempfile::NamedTempFile::new_in(&self.dir).ok()?;
        let name = self.name(wasm);
        file.write_all(&digest(&name, code)).ok()?;
        file.write_all(code).ok()?;
        let path = self.dir.join(name);
        file.persist(&path).ok()?;
        // What cannot be removed now is tried again next time.
        let _ = CacheFolder::new(self.dir.clone()).tidy(self.limits, &path);
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
fn note_use(path: &Path) {
    let now = SystemTime::now();
    let noted = fs::metadata(path).and_then(|metadata| metadata.modified());
    if noted.is_ok_and(|noted| now.duration_since(noted).is_ok_and(|since| since > NOTED)) {
        // A module that cannot be marked is compiled again some day.
        let _ = fs::File::options().write(true).open(path).and_then(|file| file.set_modified(now));
    }
}

/// Binds the code to the module and the engine that it was compiled for.
fn digest(name: &str, code: &[u8]) -> [u8; DIGEST] {
    Sha256::new().chain_update(name).chain_update(code).finalize().into()
}

/// Whether only the owner can write to `path`.
#[cfg(unix)]
fn private(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    fs::metadata(path).is_ok_and(|metadata| metadata.mode() & 0o022 == 0)
}

#[cfg(not(unix))]
fn private(_: &Path) -> bool {
    true
}

/// The module of which this is the compiled form.
#[expect(unsafe_code, reason = "wasmtime offers no safe way to load compiled code")]
pub(crate) fn loaded(engine: &Engine, code: &[u8]) -> wasmtime::Result<Module> {
    // SAFETY: `code` must be what `Module::serialize` or `Engine::precompile_module` gave for this module and engine, unchanged. It is
    // either what a process gave that was started to compile this module, through a pipe that nobody else has; or it was in a file, of
    // which the digest that was just verified binds it to both, so neither an accident nor a file under a wrong name gets here.
    // Directory and file can be written by their owner only: who can forge an entry on purpose already runs code as the user who set
    // up the cache. wasmtime itself checks that version and settings of the engine match.
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
