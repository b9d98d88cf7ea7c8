//! Compiled modules on disk: only a shortcut, never a truth.

use std::fs;
use std::path::{Path, PathBuf};

use admit_host::{CompiledPolicy, Engine, EngineOptions};
use libtest_mimic::Trial;

use crate::support::{answering, behaved_bytes, files, request, settings};

pub(crate) fn trials() -> Vec<Trial> {
    trials![
        the_second_load_is_a_hit_also_for_another_engine,
        every_kind_of_damage_is_compiled_again_and_repaired,
        an_entry_of_another_module_is_not_taken,
        what_others_could_have_written_is_not_taken,
        what_belongs_to_somebody_else_is_not_taken,
        a_pipe_is_not_waited_for,
        a_cache_that_cannot_be_written_to_only_costs_time,
        the_directory_is_private,
    ]
}

fn engine(dir: &Path) -> Engine {
    Engine::new(EngineOptions { cache_dir: Some(dir.to_owned()), ..EngineOptions::default() })
        .expect("this machine runs WebAssembly")
}

/// Loads a guest, checks that it works, and tells whether it came from the cache.
fn load(engine: &Engine, guest: &str) -> bool {
    let policy = CompiledPolicy::from_bytes(engine, &behaved_bytes(guest)).expect("the guest loads");
    let outcome = policy.validate(&request("{}"), &settings("{}"), &answering([Ok(br#"{"accepted":true}"#)]));
    assert!(outcome.response.allowed, "{outcome:?}");
    policy.from_cache()
}

fn entries(dir: &Path) -> Vec<PathBuf> {
    files(dir, "cwasm")
}

fn the_second_load_is_a_hit_also_for_another_engine() {
    let dir = tempfile::tempdir().expect("a directory");
    let first = engine(dir.path());
    assert!(!load(&first, "wapc-relay"));
    assert!(load(&first, "wapc-relay"));
    assert!(load(&engine(dir.path()), "wapc-relay"));
    assert!(!load(&first, "wasi-relay"), "another module is another entry");
    assert_eq!(entries(dir.path()).len(), 2);
    assert_eq!(fs::read_dir(dir.path()).expect("a directory").count(), 2, "nothing temporary is left");
}

fn every_kind_of_damage_is_compiled_again_and_repaired() {
    let dir = tempfile::tempdir().expect("a directory");
    let engine = engine(dir.path());
    load(&engine, "wapc-relay");
    let [entry] = &entries(dir.path())[..] else { panic!("one entry expected") };
    let intact = fs::read(entry).expect("the entry");
    let flipped = |at: usize| {
        let mut bytes = intact.clone();
        bytes[at] ^= 1;
        bytes
    };
    let damages = [
        ("a flipped bit in the digest", flipped(3)),
        ("a flipped bit in the header", flipped(40)),
        ("a flipped bit in the middle", flipped(intact.len() / 2)),
        ("a flipped bit at the end", flipped(intact.len() - 1)),
        ("truncated code", intact[..intact.len() - 100].to_vec()),
        ("nothing but a digest", intact[..32].to_vec()),
        ("half a digest", intact[..16].to_vec()),
        ("an empty file", Vec::new()),
        ("something else", b"hello".repeat(100)),
        ("something after the code", [&intact[..], b"x"].concat()),
    ];
    for (damage, bytes) in damages {
        fs::write(entry, bytes).expect("the entry is writable");
        assert!(!load(&engine, "wapc-relay"), "{damage} was taken");
        assert!(fs::read(entry).expect("the entry") == intact, "{damage} was not repaired");
        assert!(load(&engine, "wapc-relay"), "after {damage}");
    }
}

fn an_entry_of_another_module_is_not_taken() {
    let dir = tempfile::tempdir().expect("a directory");
    let engine = engine(dir.path());
    load(&engine, "wapc-relay");
    let [relay] = &entries(dir.path())[..] else { panic!("one entry expected") };
    load(&engine, "wapc-log");
    let log = entries(dir.path()).into_iter().find(|entry| entry != relay).expect("a second entry");
    // Both are intact; only their names are exchanged.
    let (relay_bytes, log_bytes) = (fs::read(relay).expect("an entry"), fs::read(&log).expect("an entry"));
    fs::write(relay, &log_bytes).expect("the entry is writable");
    fs::write(&log, &relay_bytes).expect("the entry is writable");
    assert!(!load(&engine, "wapc-relay"), "the code of another module was taken");
    assert!(!load(&engine, "wapc-log"), "the code of another module was taken");
    assert!(load(&engine, "wapc-relay") && load(&engine, "wapc-log"));
}

#[cfg(unix)]
fn what_others_could_have_written_is_not_taken() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().expect("a directory");
    let engine = engine(dir.path());
    let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("own file");
    load(&engine, "wapc-relay");
    let [entry] = &entries(dir.path())[..] else { panic!("one entry expected") };
    mode(entry, 0o620);
    assert!(!load(&engine, "wapc-relay"), "a file that the group can write to was taken");
    assert!(load(&engine, "wapc-relay"), "the entry was not replaced");
    mode(dir.path(), 0o777);
    assert!(!load(&engine, "wapc-relay"), "a file in a directory that everybody can write to was taken");
    let refused = engine.cache_refused().expect("everybody can write to it").to_string();
    assert!(refused.contains("can be written to by everybody (its mode is 0777)"), "{refused}");
    // A folder of one's own in there can be replaced by anybody.
    let inside = dir.path().join("cache");
    let engine = self::engine(&inside);
    assert!(!load(&engine, "wapc-relay") && !load(&engine, "wapc-relay"), "a cache below such a directory was used");
    assert!(!inside.exists());
}

#[cfg(not(unix))]
fn what_others_could_have_written_is_not_taken() {}

/// Only root can give a file away, and in its place a wrong one. Without root there is nobody to take it from; who owns what is then
/// a table in the unit tests of the runtime.
#[cfg(unix)]
fn what_belongs_to_somebody_else_is_not_taken() {
    use std::os::unix::fs::{MetadataExt as _, chown};
    const NOBODY: Option<u32> = Some(65534);
    let root = tempfile::tempdir().expect("a directory");
    let above = root.path().join("above");
    let cache = above.join("cache");
    if fs::metadata(root.path()).expect("a directory").uid() != 0 {
        return;
    }
    let engine = engine(&cache);
    load(&engine, "wapc-relay");
    assert!(load(&engine, "wapc-relay") && engine.cache_refused().is_none());
    let [entry] = &entries(&cache)[..] else { panic!("one entry expected") };
    chown(entry, NOBODY, None).expect("root may");
    assert!(!load(&engine, "wapc-relay"), "somebody else's file was taken");
    assert!(load(&engine, "wapc-relay"), "the entry was not replaced");
    for folder in [&cache, &above] {
        chown(folder, NOBODY, None).expect("root may");
        let refused = engine.cache_refused().expect("it is somebody else's").to_string();
        assert!(refused.contains(&format!("{} belongs to user 65534", folder.display())), "{refused}");
        // Twice: nothing is written there either.
        assert!(
            !load(&engine, "wapc-relay") && !load(&engine, "wapc-relay"),
            "a module in somebody else's folder was taken"
        );
        chown(folder, Some(0), None).expect("root may");
        assert!(load(&engine, "wapc-relay"));
    }
    // A link of somebody else to a folder of one's own leads to that folder.
    let link = root.path().join("link");
    std::os::unix::fs::symlink(&cache, &link).expect("a link");
    std::os::unix::fs::lchown(&link, NOBODY, None).expect("root may");
    assert!(load(&self::engine(&link), "wapc-relay"));
}

#[cfg(not(unix))]
fn what_belongs_to_somebody_else_is_not_taken() {}

#[cfg(unix)]
fn a_pipe_is_not_waited_for() {
    let dir = tempfile::tempdir().expect("a directory");
    let engine = engine(dir.path());
    load(&engine, "wapc-relay");
    let [entry] = &entries(dir.path())[..] else { panic!("one entry expected") };
    fs::remove_file(entry).expect("it is there");
    assert!(std::process::Command::new("mkfifo").arg(entry).status().expect("mkfifo").success());
    assert!(!load(&engine, "wapc-relay"), "a pipe was taken");
    assert!(load(&engine, "wapc-relay"), "the pipe was not replaced");
}

#[cfg(not(unix))]
fn a_pipe_is_not_waited_for() {}

fn a_cache_that_cannot_be_written_to_only_costs_time() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("a-file");
    fs::write(&file, "not a directory").expect("a file");
    let engine = engine(&file.join("cache"));
    assert!(!load(&engine, "wapc-relay"));
    assert!(!load(&engine, "wapc-relay"));
}

#[cfg(unix)]
fn the_directory_is_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().expect("a directory");
    let cache = dir.path().join("deep/er");
    load(&engine(&cache), "wapc-relay");
    assert_eq!(fs::metadata(&cache).expect("the directory").permissions().mode() & 0o777, 0o700);
    assert_eq!(fs::metadata(&entries(&cache)[0]).expect("the entry").permissions().mode() & 0o077, 0);
}

#[cfg(not(unix))]
fn the_directory_is_private() {}
