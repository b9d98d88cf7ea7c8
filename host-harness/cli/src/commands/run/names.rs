//! How to get names and source lines into the backtrace of a trap.

use admit_host::inspect::Inspection;

/// What to do about wasm frames that do not say where in the source they are; nothing about other frames, and where nothing can be
/// done.
pub(super) fn advice(inspection: &Inspection, frames: &str) -> Option<&'static str> {
    if !frames.starts_with("    0: ") || frames.contains("\n            at ") {
        return None;
    }
    if inspection.made_with.is_some() {
        return Some("for source lines, run a policy folder with --debug-info");
    }
    let made = |with: &str| inspection.languages.iter().chain(&inspection.tools).any(|made| made.starts_with(with));
    if made("TinyGo") {
        return Some("for names and source lines, build the module without TinyGo's `-no-debug`");
    }
    if made("Go") {
        // Go writes no source lines into modules.
        let nameless = frames.contains("!<wasm function ");
        return nameless.then_some("for the names of functions, build the module without Go's `-ldflags=-s`");
    }
    if made("Rust") || made("rustc") {
        return Some(
            "for names and source lines, build the module with `strip = false` and `debug = \"line-tables-only\"` in its profile",
        );
    }
    if made("JavaScript") {
        // They are those of the interpreter.
        return None;
    }
    Some(
        "for names and source lines, build the module with debug information (clang: `-g`, AssemblyScript: `--debug`), and do not \
         strip it",
    )
}
