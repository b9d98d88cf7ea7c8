//! What texts have in common that differ in the names and numbers of the request only.

use super::subject::Subject;

/// Longest text, in characters, that a report keeps.
const MAX_TEXT: usize = 400;

/// A text as long as reports keep it.
pub(super) fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_TEXT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The text without what is of the request that it is about: what stands in quotes or backticks, its name and its namespace become
/// `…`, and numbers become `N`. Messages of one rule are equal then.
pub(super) fn masked(text: &str, subject: &Subject) -> String {
    let own = [subject.name.as_deref(), subject.namespace.as_deref()];
    // A shorter one is an ordinary word as well.
    let own: Vec<&str> = own.into_iter().flatten().filter(|name| name.len() > 2).collect();
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    let mut before = ' ';
    while let Some(first) = rest.chars().next() {
        let inside = before.is_alphanumeric();
        if let Some(end) = quoted(rest, inside) {
            masked.push(first);
            masked.push('…');
            masked.push(first);
            rest = &rest[end..];
            before = first;
        } else if !is_of_name(before)
            && let Some(name) = own.iter().find(|name| {
                rest.strip_prefix(**name).is_some_and(|after| !after.chars().next().is_some_and(is_of_name))
            })
        {
            masked.push('…');
            rest = &rest[name.len()..];
            before = '…';
        } else if first.is_ascii_digit() && !inside {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let word = rest[end..].chars().next().is_some_and(char::is_alphabetic);
            masked.push_str(if word { &rest[..end] } else { "N" });
            rest = &rest[end..];
            before = '0';
        } else {
            masked.push(first);
            rest = &rest[first.len_utf8()..];
            before = first;
        }
    }
    shortened(&masked)
}

/// Whether names of objects can have it.
fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '-'
}

/// The length of the quotation at the start of a text, with its quotes. An apostrophe in a word is none.
fn quoted(text: &str, inside_a_word: bool) -> Option<usize> {
    let quote = text.chars().next().filter(|c| ['`', '"', '\''].contains(c))?;
    if quote == '\'' && inside_a_word {
        return None;
    }
    let mut from = 1;
    loop {
        let end = from + text[from..].find([quote, '\n'])?;
        if text[end..].starts_with('\n') {
            return None;
        }
        let after = text[end + 1..].chars().next();
        if quote != '\'' || !after.is_some_and(char::is_alphanumeric) {
            return (end > 1).then_some(end + 1);
        }
        from = end + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_one_rule_are_equal() {
        let subject =
            Subject { name: Some("web-1".to_owned()), namespace: Some("shop".to_owned()), ..Subject::default() };
        for (text, expected) in [
            ("/spec/containers/12: container `a b` is privileged", "/spec/containers/N: container `…` is privileged"),
            ("Pod web-1 in shop has 3 replicas", "Pod … in … has N replicas"),
            ("web-10 is not web-1, and bishop no shop", "web-N is not …, and bishop no …"),
            ("it doesn't fit 'x' or \"y\" or 'don't'", "it doesn't fit '…' or \"…\" or '…'"),
            ("v1 of sha256 with 64bit in 1.25", "v1 of sha256 with 64bit in N.N"),
            ("an `open quote\nand `another`", "an `open quote\nand `…`"),
            ("`` is empty", "`` is empty"),
            ("", ""),
        ] {
            assert_eq!(masked(text, &subject), expected);
        }
    }

    #[test]
    fn texts_are_bounded() {
        let long = "x".repeat(100_000);
        assert_eq!(masked(&long, &Subject::default()).chars().count(), MAX_TEXT + 1);
    }
}
