//! Output: texts for people, on terminals, and documents for programs.
//!
//! Everything that a command writes to stdout and stderr goes through here, as a [`Text`] or as [`Data`].

mod data;
mod numbers;
mod progress;
mod story;
mod table;
mod text;

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

pub(crate) use data::Data;
pub(crate) use numbers::{bytes, duration, percent, thousands};
pub(crate) use progress::{Counter, compiling};
pub(crate) use story::{Detail, Telling, fuel, story};
pub(crate) use table::{aligned, first, rows, table};
pub(crate) use text::{Text, hanging, indent, line, own, plain, shortened, text};

/// Something went well.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
/// Something went wrong.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
/// Something deserves a look.
pub(crate) const NOTICE: Style = AnsiColor::Yellow.on_default();
/// Less important.
pub(crate) const DIM: Style = Style::new().dimmed();

/// Writes lines for people to stdout; styles only reach a terminal.
pub(crate) fn to_stdout(text: &Text) -> io::Result<()> {
    written(&mut anstream::stdout(), text.as_str())
}

/// Writes a document to stdout, a line or more of it, as it is: what takes styles away for people takes characters of the data with
/// them.
pub(crate) fn data_to_stdout(data: &Data) -> io::Result<()> {
    written(&mut io::stdout().lock(), data.as_str())
}

/// Writes a module to stdout, which is no terminal.
pub(crate) fn module_to_stdout(module: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    without_reader(stdout.write_all(module).and_then(|()| stdout.flush()))
}

/// Writes lines to stderr; styles only reach a terminal.
pub(crate) fn to_stderr(text: &Text) -> io::Result<()> {
    written(&mut anstream::stderr(), text.as_str())
}

/// Writes to a line of stderr that is written again later, on a terminal: whoever does not see it misses nothing.
pub(crate) fn to_progress_line(text: &Text) {
    let mut stderr = anstream::stderr();
    let _ = write!(stderr, "\r{text}").and_then(|()| stderr.flush());
}

fn written(to: &mut impl Write, text: &str) -> io::Result<()> {
    without_reader(writeln!(to, "{text}").and_then(|()| to.flush()))
}

/// A reader that has seen enough and left (`| head`) is no error.
fn without_reader(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// What is told about something, behind a word that says what kind of remark it is. Further lines are below the first one's text, and
/// not below the word, where other things of a result are.
pub(crate) fn remark(style: Style, word: &'static str, about: impl std::fmt::Display) -> Text {
    text!("{}{}{:#}: {}", style, word, style, hanging(about, word.len() + 2))
}

/// What people should know, on stderr.
pub(crate) fn note(about: impl std::fmt::Display) -> io::Result<()> {
    to_stderr(&remark(NOTICE, "note", about))
}

/// What people should look at, on stderr.
pub(crate) fn warning(about: impl std::fmt::Display) -> io::Result<()> {
    to_stderr(&remark(NOTICE, "warning", about))
}

/// A result in colour, with a text behind it.
pub(crate) fn headline(style: Style, word: &'static str, about: Option<&str>) -> Text {
    match about {
        Some(about) => remark(style, word, about),
        None => text!("{}{}{:#}", style, word, style),
    }
}
