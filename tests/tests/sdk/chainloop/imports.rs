//! What modules need of their host: nothing that they do not use.

use std::collections::BTreeSet;

use libtest_mimic::Trial;

use super::{Module, example, material, modules, orders};

pub(super) fn trials() -> Vec<Trial> {
    trials![imports_are_linked_when_they_are_used, modules_are_small]
}

/// How bytes come in and go out.
const ALWAYS: [&str; 12] = [
    "alloc",
    "config_get",
    "error_set",
    "input_length",
    "input_load_u64",
    "input_load_u8",
    "length",
    "load_u64",
    "load_u8",
    "output_set",
    "store_u64",
    "store_u8",
];

const LOG: [&str; 6] = ["get_log_level", "log_debug", "log_error", "log_info", "log_trace", "log_warn"];

const HTTP: [&str; 2] = ["http_request", "http_status_code"];

/// What the standard library needs.
const WASI: [&str; 4] = ["environ_get", "environ_sizes_get", "fd_write", "proc_exit"];

fn imports<'m>(module: &'m Module, from: &str) -> BTreeSet<&'m str> {
    let imports = module.policy.inspection().imports.iter();
    imports.filter(|import| import.module == from).map(|import| import.name.as_str()).collect()
}

#[track_caller]
fn check(module: &Module, more: &[&str], discover: bool) {
    let expected: BTreeSet<&str> = ALWAYS.iter().chain(more).copied().collect();
    assert_eq!(imports(module, "extism:host/env"), expected);
    let expected: BTreeSet<&str> = discover.then_some("chainloop_discover").into_iter().collect();
    assert_eq!(imports(module, "extism:host/user"), expected);
    // Hosts give it what it never asks for otherwise: no clock, no randomness, no files.
    assert_eq!(imports(module, "wasi_snapshot_preview1"), WASI.into());
    assert_eq!(imports(module, "env"), [].into());
    // Whatever runs before `Execute` could reach no host.
    let exports: Vec<&str> = module.policy.inspection().exports.iter().map(|export| export.name.as_str()).collect();
    assert_eq!(exports, ["memory", "Execute"]);
}

/// Upstream's lint refuses a module that imports `chainloop_discover`.
fn imports_are_linked_when_they_are_used() {
    check(&modules().silent, &[], false);
    check(&modules().findings, &[], false);
    check(&modules().logs, &LOG, false);
    check(material(), &[LOG.as_slice(), &HTTP].concat(), true);
    // It has no host, and neither warns nor changes anything.
    check(example(), &[], false);
    // It changes orders, and says so in the log.
    check(orders(), &["get_log_level", "log_warn"], false);
}

fn modules_are_small() {
    for (module, most) in [(&modules().silent, 150_000), (&modules().logs, 170_000), (material(), 280_000)] {
        let size = std::fs::metadata(&module.path).expect("the module is there").len();
        assert!(size <= most, "{} has {size} bytes", module.path.display());
    }
}
