//! Output for people, on terminals.

mod numbers;
mod progress;
mod story;
mod table;

use std::io::{self, Write as _};

use anstyle::{AnsiColor, Style};

pub(crate) use numbers::{bytes, duration, percent, thousands};
pub(crate) use progress::compiling;
pub(crate) use story::{Detail, Telling, fuel, story};
pub(crate) use table::table;

/// Something went well.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
/// Something went wrong.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
/// Something deserves a look.
pub(crate) const NOTICE: Style = AnsiColor::Yellow.on_default();
/// Less important.
pub(crate) const DIM: Style = Style::new().dimmed();

/// Writes lines for people to stdout; styles only reach a terminal.
pub(crate) fn to_stdout(text: &str) -> io::Result<()> {
    without_reader(writeln!(anstream::stdout(), "{text}"))
}

/// Writes data to stdout, a line or more of it, as it is: what takes styles away for people takes characters of the data with them.
pub(crate) fn data_to_stdout(data: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    without_reader(writeln!(stdout, "{data}").and_then(|()| stdout.flush()))
}

/// A reader that has seen enough and left (`| head`) is no error.
fn without_reader(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// Writes lines to stderr; styles only reach a terminal.
pub(crate) fn to_stderr(text: &str) -> io::Result<()> {
    writeln!(anstream::stderr(), "{text}")
}

/// Makes characters visible that control a terminal, or the order and the lines of a text, so that what came from a policy or a
/// request cannot pass for something else.
pub(crate) fn printable(text: &str) -> String {
    let hidden = |c: char| c.is_control() && c != '\n' && c != '\t' || is_format(c);
    text.chars().map(|c| if hidden(c) { c.escape_unicode().to_string() } else { c.to_string() }).collect()
}

/// As [`printable`], for what has to stay on its line.
pub(crate) fn printable_line(text: &str) -> String {
    printable(text).replace('\n', "\\n")
}

/// Characters without a width, which change the direction of what follows, or end a line.
fn is_format(c: char) -> bool {
    let invisible = ['\u{200b}'..='\u{200f}', '\u{2028}'..='\u{202e}', '\u{2060}'..='\u{206f}'];
    invisible.iter().any(|range| range.contains(&c)) || matches!(c, '\u{61c}' | '\u{feff}')
}

/// Puts `indent` before every line but the first, so that a text of several lines hangs below its beginning.
pub(crate) fn hanging(text: &str, indent: usize) -> String {
    printable(text.trim_end()).replace('\n', &format!("\n{:indent$}", ""))
}

/// A result in colour, with a text behind it.
pub(crate) fn headline(style: Style, word: &str, text: Option<&str>) -> String {
    match text {
        Some(text) => format!("{style}{word}{style:#}: {}", hanging(text, 2)),
        None => format!("{style}{word}{style:#}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_cannot_write_escapes_to_the_terminal() {
        assert_eq!(printable("a\u{1b}[31mb\r\n\tc"), "a\\u{1b}[31mb\\u{d}\n\tc");
    }

    #[test]
    fn nothing_turns_a_line_around_or_ends_it() {
        assert_eq!(printable("a\u{202e}b\u{2028}c\u{200b}"), "a\\u{202e}b\\u{2028}c\\u{200b}");
        assert_eq!(printable_line("a\nb\u{7f}"), "a\\nb\\u{7f}");
    }

    #[test]
    fn later_lines_hang() {
        assert_eq!(hanging("a\nb\n", 2), "a\n  b");
    }
}
