//! Patterns of host names, as Chainloop's host understands them.
//!
//! Dots are characters like any others: `*` also matches dots.

/// Deepest nesting of alternatives (`{a,{b,c}}`).
const MAX_DEPTH: usize = 16;

#[derive(Debug, PartialEq)]
enum Part {
    Letter(char),
    /// `?`
    One,
    /// `*`
    Any,
    /// `[abc]`, `[!abc]`
    List {
        letters: Vec<char>,
        not: bool,
    },
    /// `[a-z]`, `[!a-z]`
    Range {
        low: char,
        high: char,
        not: bool,
    },
    /// `{a,b*}`
    Either(Vec<Vec<Part>>),
}

/// Whether a text describes others than itself, or cannot be read.
pub(super) fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '[', '{', '\\'])
}

/// Whether `text` is one that `pattern` describes. A pattern that cannot be read describes nothing.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let mut letters = pattern.chars();
    let Some((parts, End::Pattern)) = read(&mut letters, 0) else { return false };
    let text: Vec<char> = text.chars().collect();
    let mut starts = vec![false; text.len() + 1];
    starts[0] = true;
    ends(&parts, &text, starts)[text.len()]
}

/// The token that ends a sequence of parts.
#[derive(PartialEq)]
enum End {
    Pattern,
    Comma,
    Brace,
}

fn read(letters: &mut std::str::Chars<'_>, depth: usize) -> Option<(Vec<Part>, End)> {
    let mut parts = Vec::new();
    while let Some(letter) = letters.next() {
        parts.push(match letter {
            '?' => Part::One,
            '*' => Part::Any,
            '\\' => Part::Letter(letters.next()?),
            '[' => class(letters)?,
            '{' if depth < MAX_DEPTH => {
                let mut alternatives = Vec::new();
                loop {
                    let (alternative, end) = read(letters, depth + 1)?;
                    alternatives.push(alternative);
                    match end {
                        End::Comma => {}
                        End::Brace => break,
                        End::Pattern => return None,
                    }
                }
                Part::Either(alternatives)
            }
            '{' => return None,
            ',' if depth > 0 => return Some((parts, End::Comma)),
            '}' if depth > 0 => return Some((parts, End::Brace)),
            letter => Part::Letter(letter),
        });
    }
    Some((parts, End::Pattern))
}

/// What stands in brackets: one range, or a list of letters; a `-` in a list is a letter.
fn class(letters: &mut std::str::Chars<'_>) -> Option<Part> {
    let mut first = letters.next()?;
    let not = first == '!';
    if not {
        first = letters.next()?;
    }
    let rest = letters.as_str();
    if let Some(range) = rest.strip_prefix('-') {
        let mut range = range.chars();
        let (low, high) = (first, range.next()?);
        if range.next()? != ']' || high < low {
            return None;
        }
        *letters = range;
        return Some(Part::Range { low, high, not });
    }
    let mut list = Vec::new();
    let mut letter = first;
    while letter != ']' {
        list.push(if letter == '\\' { letters.next()? } else { letter });
        letter = letters.next()?;
    }
    (!list.is_empty()).then_some(Part::List { letters: list, not })
}

/// The positions at which a match of `parts` can end, for all the positions at which it can start. Following all of them at
/// once keeps the time polynomial, without backtracking.
fn ends(parts: &[Part], text: &[char], mut starts: Vec<bool>) -> Vec<bool> {
    for part in parts {
        match part {
            Part::Any => {
                let first = starts.iter().position(|start| *start).unwrap_or(starts.len());
                starts[first..].fill(true);
            }
            Part::Either(alternatives) => {
                let mut either = vec![false; starts.len()];
                for alternative in alternatives {
                    let these = ends(alternative, text, starts.clone());
                    either.iter_mut().zip(these).for_each(|(either, this)| *either |= this);
                }
                starts = either;
            }
            single => {
                for end in (1..starts.len()).rev() {
                    starts[end] = starts[end - 1] && is_letter(single, text[end - 1]);
                }
                starts[0] = false;
            }
        }
    }
    starts
}

fn is_letter(part: &Part, letter: char) -> bool {
    match part {
        Part::Letter(wanted) => *wanted == letter,
        Part::One => true,
        Part::List { letters, not } => letters.contains(&letter) != *not,
        Part::Range { low, high, not } => (*low..=*high).contains(&letter) != *not,
        Part::Any | Part::Either(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_patterns_describe() {
        for (pattern, text) in [
            ("", ""),
            ("a.b", "a.b"),
            ("*", ""),
            ("**", "a.b"),
            ("a*c", "ac"),
            ("a*b*c", "a.b.b.c"),
            ("?", "é"),
            ("[a-c]x", "bx"),
            ("[!a-c]x", "dx"),
            ("[abc]", "c"),
            ("[!abc]", "d"),
            ("[a\\]]", "]"),
            ("{a,b}.example", "b.example"),
            ("{a*,}.example", ".example"),
            ("{a,{b,c}d}", "cd"),
            ("\\*", "*"),
            ("a,b}", "a,b}"),
        ] {
            assert!(matches(pattern, text), "{pattern} {text}");
            assert!(is_pattern(pattern) || pattern == text, "{pattern}");
        }
    }

    #[test]
    fn what_they_do_not() {
        for (pattern, text) in [
            ("a.b", "a.B"),
            ("?", ""),
            ("?", "ab"),
            ("*.a", "a"),
            ("[a-c]", "d"),
            ("[!a-c]", "b"),
            ("[!abc]", "a"),
            ("{a,b}", "ab"),
            ("\\*", "a"),
            // They cannot be read.
            ("[", "["),
            ("[]", ""),
            ("[a", "a"),
            ("[c-a]", "b"),
            ("[a-cx]", "a"),
            ("{a", "a"),
            ("a\\", "a\\"),
        ] {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn no_pattern_takes_long() {
        let stars = "*a".repeat(100);
        assert!(!matches(&stars, &"a".repeat(99)));
        assert!(!matches(&format!("{stars}b"), &"a".repeat(250)));
        assert!(!matches(&"{a,aa}".repeat(60), &"a".repeat(250)));
        assert!(!matches(&"{".repeat(100_000), "a"));
        assert!(matches(&"a".repeat(1_000), &"a".repeat(1_000)));
    }
}
