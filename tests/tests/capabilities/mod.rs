//! What policies ask of the host, and what they are told.

mod authorisation;
pub(crate) mod caller;
mod cases;
mod context_aware;
mod faults;
mod patterns;
mod scripted;
mod session_files;
mod sessions;

use libtest_mimic::Trial;

/// Every test of this module.
pub(crate) fn trials() -> Vec<Trial> {
    let trials = [
        cases::trials(),
        context_aware::trials(),
        faults::trials(),
        authorisation::trials(),
        patterns::trials(),
        scripted::trials(),
        session_files::trials(),
        sessions::trials(),
    ];
    trials.into_iter().flatten().collect()
}
