//! Every integration test, in one binary.
//!
//! A module lists its tests in `trials()`; where tests are data, one file is one test. To add a hostile guest, add a file
//! to `guests/hostile`: nothing else is needed.

#[macro_use]
mod support;

mod admission;
mod cache;
mod capabilities;
mod chainloop;
mod chainloop_documents;
mod cli;
mod compile_bombs;
mod conformance;
mod diff;
mod evaluation;
mod examples;
mod features;
mod fuzz;
mod hostile;
mod inspection;
mod invariants;
mod laws;
mod layers;
mod metadata;
mod packages;
mod peers;
mod preview;
mod response;
mod schemas;
mod sdk;
mod templates;
mod wapc;
mod wasi;
mod world;

/// Counts what is allocated, so that a process of its own can set a limit; tests set none.
#[global_allocator]
static ALLOCATOR: cap::Cap<std::alloc::System> = cap::Cap::new(std::alloc::System, usize::MAX);

fn main() {
    if fuzz::worker() || chainloop_documents::measure() {
        return;
    }
    let arguments = libtest_mimic::Arguments::from_args();
    let trials = [
        admission::trials(),
        cache::trials(),
        capabilities::trials(),
        chainloop::trials(),
        chainloop_documents::trials(),
        cli::trials(),
        compile_bombs::trials(),
        conformance::trials(),
        diff::trials(),
        evaluation::trials(),
        examples::trials(),
        features::trials(),
        fuzz::trials(),
        hostile::trials(),
        inspection::trials(),
        invariants::trials(),
        laws::trials(),
        layers::trials(),
        metadata::trials(),
        packages::trials(),
        peers::trials(),
        preview::trials(),
        response::trials(),
        schemas::trials(),
        sdk::trials(),
        templates::trials(),
        wapc::trials(),
        wasi::trials(),
        world::trials(),
    ];
    libtest_mimic::run(&arguments, trials.into_iter().flatten().collect()).exit();
}
