//! What policies ask of the host, and what they are told.

mod caller;
mod context_aware;
mod gates;
mod patterns;

use libtest_mimic::Trial;

/// Every test of this module.
pub(crate) fn trials() -> Vec<Trial> {
    [context_aware::trials(), gates::trials(), patterns::trials()].into_iter().flatten().collect()
}
