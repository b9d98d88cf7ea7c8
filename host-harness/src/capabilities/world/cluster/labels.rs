//! Label selectors, with the grammar and the errors of the API server.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// Requirements that all have to hold.
#[derive(Debug, PartialEq)]
pub(super) struct LabelSelector(Vec<Requirement>);

#[derive(Debug, PartialEq)]
struct Requirement {
    key: String,
    operator: Operator,
}

#[derive(Debug, PartialEq)]
enum Operator {
    Exists,
    DoesNotExist,
    In(BTreeSet<String>),
    NotIn(BTreeSet<String>),
    GreaterThan(i64),
    LessThan(i64),
}

impl LabelSelector {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let tokens = tokens(text);
        let mut parser = Parser { tokens: &tokens };
        parser.selector().map(Self).map_err(|error| format!("unable to parse requirement: {error}"))
    }

    /// How many requirements there are.
    pub(super) fn terms(&self) -> usize {
        self.0.len()
    }

    pub(super) fn matches(&self, labels: Option<&Map<String, Value>>) -> bool {
        self.0.iter().all(|requirement| {
            let label = labels.and_then(|labels| labels.get(&requirement.key)).and_then(Value::as_str);
            let number = || label.and_then(|label| label.parse::<i64>().ok());
            match &requirement.operator {
                Operator::Exists => label.is_some(),
                Operator::DoesNotExist => label.is_none(),
                Operator::In(values) => label.is_some_and(|label| values.contains(label)),
                // Also what does not have the label.
                Operator::NotIn(values) => label.is_none_or(|label| !values.contains(label)),
                Operator::GreaterThan(bound) => number().is_some_and(|number| number > *bound),
                Operator::LessThan(bound) => number().is_some_and(|number| number < *bound),
            }
        })
    }
}

/// Operators and separators are tokens of their own, everything between them and white space is a word.
fn tokens(text: &str) -> Vec<&str> {
    const SPECIAL: &str = "=!(),<>";
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            _ if rest.starts_with("==") || rest.starts_with("!=") => 2,
            _ if SPECIAL.contains(first) => 1,
            _ => rest.find(|c: char| SPECIAL.contains(c) || c.is_whitespace()).unwrap_or(rest.len()),
        };
        let (token, after) = rest.split_at(length);
        tokens.push(token);
        rest = after.trim_start();
    }
    tokens
}

struct Parser<'t> {
    tokens: &'t [&'t str],
}

impl<'t> Parser<'t> {
    fn peek(&self) -> &'t str {
        self.tokens.first().copied().unwrap_or_default()
    }

    fn next(&mut self) -> &'t str {
        let next = self.peek();
        self.tokens = self.tokens.get(1..).unwrap_or_default();
        next
    }

    fn selector(&mut self) -> Result<Vec<Requirement>, String> {
        let mut requirements = Vec::new();
        if self.tokens.is_empty() {
            return Ok(requirements);
        }
        loop {
            if !is_word(self.peek()) && self.peek() != "!" {
                return Err(format!("found '{}', expected: !, identifier, or 'end of string'", self.peek()));
            }
            requirements.push(self.requirement()?);
            match self.next() {
                "" => return Ok(requirements),
                "," if is_word(self.peek()) || self.peek() == "!" => {}
                "," => return Err(format!("found '{}', expected: identifier after ','", self.peek())),
                found => return Err(format!("found '{found}', expected: ',' or 'end of string'")),
            }
        }
    }

    fn requirement(&mut self) -> Result<Requirement, String> {
        let absent = self.peek() == "!";
        if absent {
            self.next();
        }
        let key = self.next();
        if !is_word(key) {
            return Err(format!("found '{key}', expected: identifier"));
        }
        check_key(key)?;
        let operator = match self.peek() {
            _ if absent => Operator::DoesNotExist,
            "" | "," => Operator::Exists,
            operator => {
                self.next();
                match operator {
                    "=" | "==" => Operator::In(BTreeSet::from([self.exact_value()?])),
                    "!=" => Operator::NotIn(BTreeSet::from([self.exact_value()?])),
                    ">" => Operator::GreaterThan(self.number(key)?),
                    "<" => Operator::LessThan(self.number(key)?),
                    "in" => Operator::In(self.values()?),
                    "notin" => Operator::NotIn(self.values()?),
                    _ => return Err(format!("found '{operator}', expected: in, notin, =, ==, !=, gt, lt")),
                }
            }
        };
        Ok(Requirement { key: key.to_owned(), operator })
    }

    /// The value may be empty.
    fn exact_value(&mut self) -> Result<String, String> {
        match self.peek() {
            "" | "," => Ok(String::new()),
            value if is_word(value) => check_value(self.next()),
            found => Err(format!("found '{found}', expected: identifier")),
        }
    }

    fn number(&mut self, key: &str) -> Result<i64, String> {
        let value = self.exact_value()?;
        let not_a_number = |_| {
            format!(
                "values[0][{key}]: Invalid value: \"{value}\": for 'Gt', 'Lt' operators, the value must be an integer"
            )
        };
        value.parse().map_err(not_a_number)
    }

    /// `(a, b)`; what is missing between commas is the empty value.
    fn values(&mut self) -> Result<BTreeSet<String>, String> {
        if self.peek() != "(" {
            return Err(format!("found '{}' expected: '('", self.peek()));
        }
        self.next();
        let mut values = BTreeSet::new();
        loop {
            match self.peek() {
                "," | ")" => values.insert(String::new()),
                value if is_word(value) => values.insert(check_value(self.next())?),
                found => return Err(format!("found '{found}', expected: ',', ')' or identifier")),
            };
            match self.next() {
                "," => {}
                ")" => return Ok(values),
                found => return Err(format!("found '{found}', expected: ',' or ')'")),
            }
        }
    }
}

fn is_word(token: &str) -> bool {
    !token.is_empty() && !["=", "==", "!=", "!", "(", ")", ",", "<", ">"].contains(&token)
}

const NAME: &str = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character, at most 63 characters";

/// Whether an object can have this label.
///
/// # Errors
///
/// What is wrong with it.
pub(super) fn check(key: &str, value: &str) -> Result<(), String> {
    match check_key(key) {
        Err(_) => Err(format!("no label can have this key: the name part {NAME}; a prefix must be a DNS subdomain")),
        Ok(()) if !is_name(value) => Err(format!("no label can have this value: a label {NAME}")),
        Ok(()) => Ok(()),
    }
}

fn check_key(key: &str) -> Result<(), String> {
    let (prefix, name) = key.rsplit_once('/').map_or((None, key), |(prefix, name)| (Some(prefix), name));
    let prefix_fits = prefix.is_none_or(|prefix| {
        !prefix.is_empty()
            && prefix.len() <= 253
            && prefix.split('.').all(|label| {
                !label.is_empty()
                    && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
                    && !label.starts_with('-')
                    && !label.ends_with('-')
            })
    });
    match prefix_fits && !name.is_empty() && is_name(name) {
        true => Ok(()),
        false => Err(format!("key: Invalid value: \"{key}\": the name part {NAME}; a prefix must be a DNS subdomain")),
    }
}

fn check_value(value: &str) -> Result<String, String> {
    match is_name(value) {
        true => Ok(value.to_owned()),
        false => Err(format!("values: Invalid value: \"{value}\": a valid label {NAME}")),
    }
}

fn is_name(text: &str) -> bool {
    text.len() <= 63
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
        && text.bytes().next().is_none_or(|b| b.is_ascii_alphanumeric())
        && text.bytes().next_back().is_none_or(|b| b.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(selector: &str, labels: Value, expected: bool) {
        let parsed = LabelSelector::parse(selector).unwrap_or_else(|error| panic!("{selector}: {error}"));
        assert_eq!(parsed.matches(labels.as_object()), expected, "{selector}");
    }

    #[test]
    fn selectors_select() {
        for (selector, a1, none) in [
            ("", true, true),
            (" ", true, true),
            ("a=1", true, false),
            ("a == 1", true, false),
            ("a=2", false, false),
            ("a!=1", false, true),
            ("a!=2", true, true),
            ("a", true, false),
            ("!a", false, true),
            ("! a", false, true),
            ("a in (1)", true, false),
            ("a in (0, 1 ,2)", true, false),
            ("a in (0,2)", false, false),
            ("a notin (0,2)", true, true),
            ("a notin (1)", false, true),
            ("a>0", true, false),
            ("a < 1", false, false),
            ("a=1,b=x", true, false),
            ("a=1,b", true, false),
            ("a=1,!b", false, false),
            ("b notin (y),a", true, false),
            ("a=", false, false),
            ("a in (,1)", true, false),
            ("in in (in)", false, false),
            ("example.com/in", true, false),
        ] {
            check(selector, json!({"a": "1", "b": "x", "example.com/in": ""}), a1);
            check(selector, json!({}), none);
        }
        check("a=", json!({"a": ""}), true);
        check("a", Value::Null, false);
    }

    #[test]
    fn what_is_no_selector_is_refused() {
        for (selector, error) in [
            (",", "found ',', expected: !, identifier, or 'end of string'"),
            ("a,", "found '', expected: identifier after ','"),
            ("a b", "found 'b', expected: in, notin, =, ==, !=, gt, lt"),
            ("a in 1", "found '1' expected: '('"),
            ("a in (1", "found '', expected: ',' or ')'"),
            ("a in (1 2)", "found '2', expected: ',' or ')'"),
            ("a=1 b", "found 'b', expected: ',' or 'end of string'"),
            ("a==(1)", "found '(', expected: identifier"),
            ("!", "found '', expected: identifier"),
            ("!a=1", "found '=', expected: ',' or 'end of string'"),
            ("a>x", "values[0][a]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer"),
        ] {
            assert_eq!(
                LabelSelector::parse(selector),
                Err(format!("unable to parse requirement: {error}")),
                "{selector}"
            );
        }
        for selector in ["-a", "A.B/c", "/c", "a/", "a=é", "a=b/c", "é", &"x".repeat(64)] {
            let error = LabelSelector::parse(selector).expect_err(selector);
            assert!(error.contains("Invalid value: \""), "{error}");
        }
    }
}
