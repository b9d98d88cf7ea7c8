//! Does work in parallel.

use std::{
    num::NonZero,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

/// Does `work` for every job on as many threads as there are processors. The results are in the order of the jobs, whichever
/// was done first. `progress` is called with the number of jobs that are done.
pub(super) fn each<J: Sync, R: Send>(
    jobs: &[J],
    work: impl Fn(&J) -> R + Sync,
    progress: impl Fn(usize) + Sync,
) -> Vec<R> {
    let results: Vec<Mutex<Option<R>>> = jobs.iter().map(|_| Mutex::new(None)).collect();
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let worker = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let (Some(job), Some(slot)) = (jobs.get(index), results.get(index)) else { break };
            let result = work(job);
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
            progress(done.fetch_add(1, Ordering::Relaxed) + 1);
        }
    };
    let workers = thread::available_parallelism().map_or(1, NonZero::get).min(jobs.len()).saturating_sub(1);
    thread::scope(|scope| {
        for _ in 0..workers {
            // When a thread cannot be started, the other threads do the work, this one among them.
            let _ = thread::Builder::new().spawn_scoped(scope, worker);
        }
        worker();
    });
    results.into_iter().filter_map(|slot| slot.into_inner().unwrap_or_else(PoisonError::into_inner)).collect()
}
