//! What takes long, and how far it is.

use std::{
    io::IsTerminal as _,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use admit_host::{Compilation, CompilationWatch, Stage};

use super::{DIM, NOTICE, Text, bytes, indent, line, remark, text, thousands, to_progress_line, to_stderr};

/// Tells on stderr how far the compilation of a module is that takes longer than a second: on a terminal in one line that is gone
/// afterwards, elsewhere in a line now and then.
pub(crate) fn compiling(what: &str) -> CompilationWatch {
    let what = line(what);
    let terminal = std::io::stderr().is_terminal();
    let next = Mutex::new(Duration::ZERO);
    Arc::new(move |compilation| {
        let mut next = next.lock().unwrap_or_else(PoisonError::into_inner);
        let first = next.is_zero();
        match compilation.stage {
            Stage::Compiling if first => {
                *next = compilation.elapsed * 2;
                // Whoever does not see it misses nothing.
                let _ = to_stderr(&text!("{}{}{:#}", DIM, beginning(&what, compilation), DIM));
            }
            Stage::Compiling if terminal => {
                to_progress_line(&text!("{}{}{:#} ", DIM, further(&what, compilation), DIM));
            }
            // Twice as long each time, so that ten minutes are ten lines.
            Stage::Compiling if compilation.elapsed >= *next => {
                *next = compilation.elapsed * 2;
                let _ = to_stderr(&text!("{}{}{:#}", DIM, further(&what, compilation), DIM));
            }
            Stage::Compiling => {}
            Stage::Ended { kept } => {
                *next = Duration::ZERO;
                if terminal && !first {
                    to_progress_line(&text!("{}\r", indent(60)));
                }
                if let Some(folder) = compilation.kept_in.as_ref().filter(|_| !kept) {
                    let folder = line(folder.display());
                    let _ = to_stderr(&remark(
                        NOTICE,
                        "note",
                        text!("{} is not kept as it is compiled, since nothing can be written to {}", what, folder),
                    ));
                }
            }
        }
    })
}

/// Counts on stderr what is done, on a terminal, in a line that is gone afterwards.
pub(crate) struct Counter {
    what: &'static str,
    /// When it is told the next time; nothing where it is told to nobody.
    next: Option<Mutex<Instant>>,
}

/// Often enough to see that it goes on.
const EVERY: Duration = Duration::from_millis(100);

impl Counter {
    /// Nothing is told of what is done within the first moment.
    pub(crate) fn new(what: &'static str) -> Self {
        let terminal = std::io::stderr().is_terminal();
        Self { what, next: terminal.then(|| Mutex::new(Instant::now() + EVERY)) }
    }

    /// So many are done.
    pub(crate) fn tell(&self, done: u64) {
        // Whoever else tells it now tells as much.
        let Some(mut next) = self.next.as_ref().and_then(|next| next.try_lock().ok()) else { return };
        let now = Instant::now();
        if now >= *next {
            *next = now + EVERY;
            to_progress_line(&text!("{}{} {}{:#} ", DIM, thousands(done), self.what, DIM));
        }
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        if self.next.is_some() {
            to_progress_line(&text!("{}\r", indent(60)));
        }
    }
}

fn beginning(what: &Text, compilation: &Compilation) -> Text {
    let Compilation { size, functions, .. } = compilation;
    let kept = match &compilation.kept_in {
        Some(folder) => text!("once: the result is kept in {}", line(folder.display())),
        None => text!("each time: the result is kept nowhere, as neither HOME nor XDG_CACHE_HOME is set"),
    };
    text!(
        "compiling {} ({}, {} functions): {}%; this is done {}",
        what,
        bytes(*size),
        thousands(*functions as u64),
        percent(compilation),
        kept
    )
}

fn further(what: &Text, compilation: &Compilation) -> Text {
    text!("compiling {}: {}% after {} s", what, percent(compilation), compilation.elapsed.as_secs())
}

/// Of the functions, in whole percent; what comes after the last one takes a moment, too.
fn percent(compilation: &Compilation) -> usize {
    let percent = compilation.compiled * 100 / compilation.functions.max(1);
    percent.min(99)
}
