//! The book, tested: what it shows is run, compiled or read, and what it says was printed is compared.
//!
//! The info string of a code block says what the block is; `block.rs` has the list. `ADMIT_BLESS=1` writes what commands print now
//! into the chapters.

mod block;
mod chapter;
mod checks;
mod commands;
mod errors;
mod go;
mod links;
mod output;
mod session;
mod shell;

use libtest_mimic::{Arguments, Failed, Trial};

use chapter::Chapter;

/// Whether what is expected is rewritten.
fn bless() -> bool {
    std::env::var_os("ADMIT_BLESS").is_some_and(|value| value == "1")
}

/// A test of this name.
fn trial(name: String, run: impl FnOnce() -> Result<(), String> + Send + 'static) -> Trial {
    Trial::test(name, move || run().map_err(Failed::from))
}

fn main() {
    let arguments = Arguments::from_args();
    let chapters = chapter::all();
    let mut trials = vec![
        trial("book::summary_names_every_chapter".to_owned(), chapter::summary_is_complete),
        trial("book::command_line_is_that_of_the_program".to_owned(), commands::page),
        trial("book::errors_are_all_named".to_owned(), errors::page),
        trial("book::mistakes_in_go_are_found".to_owned(), go::finds_mistakes),
    ];
    for chapter in &chapters {
        let name = |what: &str| format!("book::{}::{what}", chapter.name());
        let (for_links, all) = (chapter.clone(), chapters.clone());
        trials.push(trial(name("links"), move || links::check(&for_links, &all)));
        if chapter.blocks().next().is_some() {
            let chapter = chapter.clone();
            trials.push(trial(name("blocks"), move || checks::check(&chapter)));
        }
    }
    // The page about the command line is compared as a whole.
    let sessions = chapters.iter().filter(|chapter| chapter.is_of_book() && chapter.path() != commands::page_path());
    for session in session::Session::all(&sessions.cloned().collect::<Vec<_>>()) {
        trials.push(trial(format!("book::{}::session", session.name()), move || session.run()));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

/// All complaints of a chapter, or none.
fn all_of(chapter: &Chapter, complaints: Vec<(usize, String)>) -> Result<(), String> {
    if complaints.is_empty() {
        return Ok(());
    }
    let shown = chapter.shown();
    let lines = complaints.iter().map(|(line, complaint)| format!("{shown}:{line}: {complaint}"));
    Err(lines.collect::<Vec<_>>().join("\n\n"))
}
