//! The parts of a template, and which of them are inside of others.

use super::action::{Action, action};
use super::error;
use super::tree::{Block, Clause, Part};

/// The parts of a template.
pub(super) fn parse(text: &str) -> Result<Vec<Part>, String> {
    let mut parser = Parser { text, at: 0, variables: Vec::new(), ranges: 0, depth: 0 };
    let (parts, end) = parser.list()?;
    match end {
        None => Ok(parts),
        Some((Action::Else(_), at)) => Err(error(text, at, "unexpected {{else}}")),
        Some((_, at)) => Err(error(text, at, "unexpected {{end}}")),
    }
}

/// Where the comment that starts at `at` ends, with its action.
fn comment(text: &str, at: usize) -> Result<usize, String> {
    let Some(length) = text[at..].find("*/") else { return Err(error(text, at, "unclosed comment")) };
    let end = at + length + 2;
    let rest = &text[end..];
    let mut letters = rest.chars();
    if rest.starts_with("}}") {
        return Ok(end + 2);
    }
    if letters.next().is_some_and(|next| " \t\r\n".contains(next)) && letters.as_str().starts_with("-}}") {
        return Ok(text.len() - rest[4..].trim_start_matches([' ', '\t', '\r', '\n']).len());
    }
    Err(error(text, at, "comment ends before closing delimiter"))
}

/// How many blocks may be inside of each other.
const DEPTH: usize = 100;

struct Parser<'t> {
    text: &'t str,
    at: usize,
    /// Variables that there are here.
    variables: Vec<String>,
    /// How many ranges are around this.
    ranges: usize,
    /// How many blocks are around this.
    depth: usize,
}

/// An `else` or an `end`, and where it is.
type End = Option<(Action, usize)>;

impl Parser<'_> {
    /// Parts up to an `else`, an `end` or the end of the text.
    fn list(&mut self) -> Result<(Vec<Part>, End), String> {
        let text = self.text;
        let mut parts = Vec::new();
        while let Some(found) = text[self.at..].find("{{") {
            let mut before = &text[self.at..self.at + found];
            let open = self.at + found;
            self.at = open + 2;
            let mut letters = text[self.at..].chars();
            if letters.next() == Some('-') && letters.next().is_some_and(|next| " \t\r\n".contains(next)) {
                before = before.trim_end_matches([' ', '\t', '\r', '\n']);
                self.at += 2;
            }
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            if text[self.at..].starts_with("/*") {
                self.at = comment(text, self.at)?;
                continue;
            }
            let (found, end) = action(text, self.at, &mut self.variables)?;
            self.at = end;
            parts.push(match found {
                Action::Clause(clause) => Part::Action(clause),
                Action::Start(block, clause) => self.block(block, clause)?,
                Action::Break | Action::Continue if self.ranges == 0 => {
                    let word = if matches!(found, Action::Break) { "break" } else { "continue" };
                    return Err(error(text, open, &format!("{{{{{word}}}}} outside {{{{range}}}}")));
                }
                Action::Break => Part::Break,
                Action::Continue => Part::Continue,
                end @ (Action::Else(_) | Action::End) => return Ok((parts, Some((end, open)))),
            });
        }
        parts.push(Part::Text(text[self.at..].to_owned()));
        self.at = text.len();
        Ok((parts, None))
    }

    fn block(&mut self, block: Block, clause: Clause) -> Result<Part, String> {
        // Those of the clause itself end with the block, too.
        let variables = self.variables.len() - clause.variables.len();
        let range = usize::from(block == Block::Range);
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(error(self.text, self.at, "there are more blocks inside of each other than an input needs"));
        }
        self.ranges += range;
        let (then, end) = self.list()?;
        self.ranges -= range;
        let otherwise = match end {
            None => return self.ended(),
            Some((Action::Else(Some((inner, clause))), _)) if inner == block => {
                // It has no end of its own.
                vec![self.block(inner, clause)?]
            }
            Some((Action::Else(None), _)) => match self.list()? {
                (otherwise, Some((Action::End, _))) => otherwise,
                (_, Some((_, at))) => return Err(error(self.text, at, "expected end; found {{else}}")),
                (_, None) => return self.ended(),
            },
            Some((Action::Else(Some((inner, _))), at)) => {
                return Err(error(self.text, at, &format!("unexpected <{}> in input", inner.word())));
            }
            Some(_) => Vec::new(),
        };
        self.variables.truncate(variables);
        self.depth -= 1;
        Ok(Part::Block(block, clause, then, otherwise))
    }

    fn ended<T>(&self) -> Result<T, String> {
        Err(error(self.text, self.text.len(), "unexpected EOF"))
    }
}
