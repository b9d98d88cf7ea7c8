//! What takes long, and how far it is.

use std::{
    io::{IsTerminal as _, Write as _},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use admit_host::{Compilation, CompilationWatch, Stage};

use super::{DIM, NOTICE, bytes, printable, thousands, to_stderr};

/// Tells on stderr how far the compilation of a module is that takes longer than a second: on a terminal in one line that is gone
/// afterwards, elsewhere in a line now and then.
pub(crate) fn compiling(what: &str) -> CompilationWatch {
    let what = printable(what);
    let terminal = std::io::stderr().is_terminal();
    let next = Mutex::new(Duration::ZERO);
    Arc::new(move |compilation| {
        let mut next = next.lock().unwrap_or_else(PoisonError::into_inner);
        let first = next.is_zero();
        match compilation.stage {
            Stage::Compiling if first => {
                *next = compilation.elapsed * 2;
                // Whoever does not see it misses nothing.
                let _ = to_stderr(&format!("{DIM}{}{DIM:#}", beginning(&what, compilation)));
            }
            Stage::Compiling if terminal => {
                let _ = write!(anstream::stderr(), "\r{DIM}{}{DIM:#} ", further(&what, compilation));
            }
            // Twice as long each time, so that ten minutes are ten lines.
            Stage::Compiling if compilation.elapsed >= *next => {
                *next = compilation.elapsed * 2;
                let _ = to_stderr(&format!("{DIM}{}{DIM:#}", further(&what, compilation)));
            }
            Stage::Compiling => {}
            Stage::Ended { kept } => {
                *next = Duration::ZERO;
                if terminal && !first {
                    let _ = write!(anstream::stderr(), "\r{:60}\r", "");
                }
                if let Some(folder) = compilation.kept_in.as_ref().filter(|_| !kept) {
                    let _ = to_stderr(&format!(
                        "{NOTICE}note{NOTICE:#}: {what} is not kept as it is compiled, since nothing can be written to {}",
                        printable(&folder.display().to_string())
                    ));
                }
            }
        }
    })
}

fn beginning(what: &str, compilation: &Compilation) -> String {
    let Compilation { size, functions, .. } = compilation;
    let kept = match &compilation.kept_in {
        Some(folder) => format!("once: the result is kept in {}", printable(&folder.display().to_string())),
        None => "each time: the result is kept nowhere, as neither HOME nor XDG_CACHE_HOME is set".to_owned(),
    };
    format!(
        "compiling {what} ({}, {} functions): {}; this is done {kept}",
        bytes(*size),
        thousands(*functions as u64),
        percent(compilation)
    )
}

fn further(what: &str, compilation: &Compilation) -> String {
    format!("compiling {what}: {} after {} s", percent(compilation), compilation.elapsed.as_secs())
}

/// Of the functions, in whole percent; what comes after the last one takes a moment, too.
fn percent(compilation: &Compilation) -> String {
    let percent = compilation.compiled * 100 / compilation.functions.max(1);
    format!("{}%", percent.min(99))
}
