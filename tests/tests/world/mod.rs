//! Worlds in files.

mod certificates;
mod files;
mod modules;

use libtest_mimic::Trial;

/// Every test of this module.
pub(crate) fn trials() -> Vec<Trial> {
    [certificates::trials(), files::trials(), modules::trials()].into_iter().flatten().collect()
}
