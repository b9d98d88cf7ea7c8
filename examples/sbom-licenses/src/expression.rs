//! SPDX license expressions: identifiers with `AND`, `OR`, `WITH` and parentheses.

/// Whether the expression leaves a choice in which every license is `allowed`.
///
/// # Errors
///
/// What is wrong with an expression that cannot be read.
pub(crate) fn allows(expression: &str, allowed: impl Fn(&str) -> bool) -> Result<bool, String> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader { words: &words, allowed: &allowed };
    let result = reader.alternatives()?;
    match reader.words {
        [] => Ok(result),
        [word, ..] => Err(format!("`{word}` is not expected there")),
    }
}

struct Reader<'w, A> {
    words: &'w [&'w str],
    allowed: &'w A,
}

impl<A: Fn(&str) -> bool> Reader<'_, A> {
    fn alternatives(&mut self) -> Result<bool, String> {
        let mut result = self.together()?;
        while self.take("OR") {
            result |= self.together()?;
        }
        Ok(result)
    }

    fn together(&mut self) -> Result<bool, String> {
        let mut result = self.license()?;
        while self.take("AND") {
            result &= self.license()?;
        }
        Ok(result)
    }

    fn license(&mut self) -> Result<bool, String> {
        if self.take("(") {
            let result = self.alternatives()?;
            return if self.take(")") { Ok(result) } else { Err("a `)` is missing".to_owned()) };
        }
        let Some((id, rest)) = self.words.split_first() else { return Err("it ends too early".to_owned()) };
        if [")", "AND", "OR", "WITH"].iter().any(|word| word.eq_ignore_ascii_case(id)) {
            return Err(format!("`{id}` is not expected there"));
        }
        self.words = rest;
        // An exception grants more than the license itself.
        if self.take("WITH") {
            self.words = self.words.get(1..).ok_or("it ends after `WITH`")?;
        }
        Ok((self.allowed)(id))
    }

    fn take(&mut self, word: &str) -> bool {
        match self.words.split_first() {
            Some((found, rest)) if found.eq_ignore_ascii_case(word) => {
                self.words = rest;
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::allows;

    #[test]
    fn a_choice_without_a_denied_license_is_enough() {
        let allowed = |id: &str| !id.starts_with("GPL");
        for (expression, expected) in [
            ("MIT", true),
            ("GPL-3.0-only", false),
            ("MIT OR GPL-3.0-only", true),
            ("MIT AND GPL-3.0-only", false),
            ("MIT AND (GPL-2.0-only OR BSD-3-Clause)", true),
            ("(MIT OR GPL-2.0-only) and (GPL-3.0-only)", false),
            ("GPL-2.0-only WITH Classpath-exception-2.0 OR Apache-2.0", true),
        ] {
            assert_eq!(allows(expression, allowed), Ok(expected), "{expression}");
        }
        for broken in ["", "(MIT", "MIT GPL", "MIT OR", "AND", "MIT WITH", "MIT)"] {
            assert!(allows(broken, allowed).is_err(), "{broken}");
        }
    }
}
