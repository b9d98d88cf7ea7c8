//! Field selectors, with the grammar and the errors of the API server.

/// Terms that all have to hold.
#[derive(Debug, PartialEq)]
pub(super) struct FieldSelector(Vec<Term>);

#[derive(Debug, PartialEq)]
pub(super) struct Term {
    pub(super) path: String,
    value: String,
    equal: bool,
}

impl FieldSelector {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let terms = split_terms(text).into_iter().filter(|term| !term.is_empty());
        let term =
            |term: &str| term_of(term)?.ok_or_else(|| format!("invalid selector: '{text}'; can't understand '{term}'"));
        terms.map(term).collect::<Result<_, _>>().map(Self)
    }

    pub(super) fn terms(&self) -> &[Term] {
        &self.0
    }

    /// `value` gives the text of a field.
    pub(super) fn matches(&self, value: impl Fn(&str) -> String) -> bool {
        self.0.iter().all(|term| (value(&term.path) == term.value) == term.equal)
    }
}

/// Splits a selector at commas that no backslash precedes.
fn split_terms(text: &str) -> Vec<&str> {
    let (mut terms, mut start, mut escaped) = (Vec::new(), 0, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            ',' => {
                terms.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    terms.push(&text[start..]);
    terms
}

fn term_of(term: &str) -> Result<Option<Term>, String> {
    for (at, _) in term.char_indices() {
        for (operator, equal) in [("!=", false), ("==", true), ("=", true)] {
            if let Some(value) = term[at..].strip_prefix(operator) {
                let value = unescape(value)?;
                return Ok(Some(Term { path: term[..at].to_owned(), value, equal }));
            }
        }
    }
    Ok(None)
}

fn unescape(value: &str) -> Result<String, String> {
    let mut text = String::new();
    let mut rest = value.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => match rest.next() {
                Some(c @ ('\\' | ',' | '=')) => text.push(c),
                other => {
                    let sequence: String = ['\\'].into_iter().chain(other).collect();
                    return Err(format!("invalid field selector: invalid escape sequence: {sequence}"));
                }
            },
            ',' | '=' => return Err(format!("invalid field selector: unescaped character in value: {c}")),
            _ => text.push(c),
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(selector: &str, expected: bool) {
        let parsed = FieldSelector::parse(selector).unwrap_or_else(|error| panic!("{selector}: {error}"));
        let value = |path: &str| match path {
            "metadata.name" => "n".to_owned(),
            "spec.x" => "a,b=c\\".to_owned(),
            _ => String::new(),
        };
        assert_eq!(parsed.matches(value), expected, "{selector}");
    }

    #[test]
    fn selectors_select() {
        for (selector, expected) in [
            ("", true),
            (",", true),
            ("metadata.name=n", true),
            ("metadata.name==n", true),
            ("metadata.name=m", false),
            ("metadata.name!=n", false),
            ("metadata.name!=m", true),
            ("metadata.name=n,spec.y=", true),
            ("metadata.name=n,spec.y!=", false),
            (r"spec.x=a\,b\=c\\", true),
        ] {
            check(selector, expected);
        }
    }

    #[test]
    fn what_is_no_selector_is_refused() {
        for (selector, error) in [
            ("metadata.name", "invalid selector: 'metadata.name'; can't understand 'metadata.name'"),
            ("a=1,b", "invalid selector: 'a=1,b'; can't understand 'b'"),
            ("a=b=c", "invalid field selector: unescaped character in value: ="),
            (r"a=\n", r"invalid field selector: invalid escape sequence: \n"),
            (r"a=\", r"invalid field selector: invalid escape sequence: \"),
        ] {
            assert_eq!(FieldSelector::parse(selector), Err(error.to_owned()), "{selector}");
        }
    }
}
