//! Texts for people, which nothing but this program can speak through.

use std::{fmt, iter};

use admit_host::internal::is_hidden;
use anstyle::Style;

/// A text for people. It is made of this program's own words, and of texts that came from elsewhere (a policy, its metadata, a
/// request, a file, a name) with every hidden character written out, and no line break but before spaces: whatever begins a line
/// is ours.
///
/// [`text!`] makes one of its parts, and does not compile with a part of which that is not known: [`line()`] and [`hanging`] make it
/// known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Text(String);

/// What can stand in a text as it is.
pub(crate) trait Own: fmt::Display {}

impl Own for Text {}
impl Own for &Text {}
impl Own for Style {}
/// Words that are written in this program.
impl Own for &'static str {}
impl Own for bool {}
impl Own for u32 {}
impl Own for u64 {}
impl Own for usize {}

/// Passes on what can stand in a text.
pub(crate) fn own<T: Own>(part: &T) -> &T {
    part
}

/// A [`Text`]: as `format!`, with parts that are texts, styles, numbers or words of this program. They stand behind the format, and
/// not in it, so that each of them is checked.
macro_rules! text {
    // `concat!` keeps the names of variables out of the format.
    ($format:literal $(, $part:expr)* $(,)?) => {
        $crate::output::Text::made_of_own(format_args!(concat!($format), $($crate::output::own(&$part)),*))
    };
}
pub(crate) use text;

impl Text {
    /// For [`text!`] only.
    pub(crate) fn made_of_own(parts: fmt::Arguments<'_>) -> Self {
        Self(parts.to_string())
    }

    /// What another part of this program styled: its colours stay, and nothing else that controls a terminal.
    pub(crate) fn styled(text: &str) -> Self {
        let mut seen = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("\u{1b}[") {
            let end =
                after.find(|c: char| !c.is_ascii_digit() && c != ';').filter(|end| after[*end..].starts_with('m'));
            seen.push_str(&printable(before));
            rest = match end {
                Some(end) => {
                    seen.push_str(&format!("\u{1b}[{}m", &after[..end]));
                    &after[end + 1..]
                }
                None => {
                    seen.push_str("\\u{1b}[");
                    after
                }
            };
        }
        seen.push_str(&printable(rest));
        Self(seen)
    }

    /// The texts with something between them.
    pub(crate) fn join<'t>(texts: impl IntoIterator<Item = &'t Self>, between: &'static str) -> Self {
        let texts: Vec<&str> = texts.into_iter().map(Self::as_str).collect();
        Self(texts.join(between))
    }

    pub(crate) fn push(&mut self, text: &Self) {
        self.0.push_str(&text.0);
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// How many characters it has; it must not have styles.
    pub(crate) fn width(&self) -> usize {
        self.0.chars().count()
    }

    /// Without blanks at its end.
    pub(crate) fn trim_end(mut self) -> Self {
        self.0.truncate(self.0.trim_end().len());
        self
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text from elsewhere in one line.
pub(crate) fn line(text: impl fmt::Display) -> Text {
    Text(printable(&text.to_string()).replace('\n', "\\n").replace('\t', "\\t"))
}

/// The first characters of a text, at most so many; an ellipsis says that there are more.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A text from elsewhere: `indent` spaces are before every line but the first, so that it hangs below its beginning.
pub(crate) fn hanging(text: impl fmt::Display, indent: usize) -> Text {
    let text = printable(text.to_string().trim_end());
    let mut lines = text.split('\n');
    let mut hung = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        hung.push('\n');
        if !line.is_empty() {
            hung.push_str(&spaces(indent));
            hung.push_str(line);
        }
    }
    Text(hung)
}

/// A text without its styles, for what is no terminal.
pub(crate) fn plain(text: &Text) -> String {
    anstream::adapter::strip_str(text.as_str()).to_string()
}

/// So many spaces, at most a few hundred: an indentation, which is no place for more.
pub(crate) fn indent(width: usize) -> Text {
    Text(spaces(width))
}

/// The widest place for what is put below something else.
const MAX_INDENT: usize = 400;

fn spaces(width: usize) -> String {
    iter::repeat_n(' ', width.min(MAX_INDENT)).collect()
}

/// Writes hidden characters out, but for line breaks and tabs.
fn printable(text: &str) -> String {
    let mut printable = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' => printable.push(c),
            c if is_hidden(c) => printable.extend(c.escape_unicode()),
            c => printable.push(c),
        }
    }
    printable
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_cannot_write_escapes_to_the_terminal() {
        assert_eq!(hanging("a\u{1b}[31mb\r\n\tc", 2).as_str(), "a\\u{1b}[31mb\\u{d}\n  \tc");
    }

    #[test]
    fn nothing_turns_a_line_around_or_ends_it() {
        assert_eq!(line("a\u{202e}b\u{2028}c\u{200b}\u{9b}").as_str(), "a\\u{202e}b\\u{2028}c\\u{200b}\\u{9b}");
        assert_eq!(line("a\nb\u{7f}\tc").as_str(), "a\\nb\\u{7f}\\tc");
    }

    #[test]
    fn later_lines_hang() {
        assert_eq!(hanging("a\nb\n", 2).as_str(), "a\n  b");
        assert_eq!(hanging("a\n\nb", 2).as_str(), "a\n\n  b", "no blanks where nothing is");
    }

    #[test]
    fn own_words_and_what_was_made_printable() {
        let (count, word) = (3_usize, "cases");
        assert_eq!(text!("{}: {} {}", line("a\nb"), count, word).as_str(), "a\\nb: 3 cases");
    }

    #[test]
    fn colours_stay_and_nothing_else_that_controls_a_terminal() {
        let styled = "\u{1b}[1m\u{1b}[31merror\u{1b}[0m: \u{1b}]0;a\u{7}\u{1b}[2J\u{1b}[1;3";
        let expected = "\u{1b}[1m\u{1b}[31merror\u{1b}[0m: \\u{1b}]0;a\\u{7}\\u{1b}[2J\\u{1b}[1;3";
        assert_eq!(Text::styled(styled).as_str(), expected);
    }
}
