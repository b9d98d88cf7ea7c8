//! Checking an expression before any request comes in.
//!
//! Everything in the language is a boolean, so an expression that can be read at all gives a boolean.

use super::meant;

/// Longest expression, in bytes.
const MAX_LENGTH: usize = 16 << 10;

/// Levels of an expression: each negation, call and operator of a chain is one, each pair of parentheses two. It is what
/// the engine has in release builds, as policy-server is one; by itself it would be 32 in debug builds.
pub(super) const MAX_LEVELS: usize = 64;

/// Deepest nesting of parentheses and negations, so that reading one stays a shallow recursion. The engine's own limit is
/// never above it.
const MAX_DEPTH: usize = MAX_LEVELS;

/// What is wrong with an expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at character {position}: {message}")]
pub struct ExpressionError {
    /// Where, in characters from 1.
    pub position: usize,
    /// What is wrong and what to do about it.
    pub message: String,
}

/// Whether a text looks like the name of a function.
pub(super) fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

pub(super) fn check(expression: &str, names: &[&str]) -> Result<(), ExpressionError> {
    if expression.len() > MAX_LENGTH {
        return Err(ExpressionError {
            position: 1,
            message: format!("{} bytes are too many, the limit is {MAX_LENGTH}", expression.len()),
        });
    }
    let tokens = tokens(expression)?;
    let mut reader = Reader { tokens: &tokens, names, end: expression.chars().count() + 1, depth: 0 };
    reader.expression()?;
    match reader.tokens {
        [] => Ok(()),
        [(at, Token::Close), ..] => error(*at, "this `)` closes nothing"),
        [(at, token), ..] => error(*at, format!("expected `&&`, `||`, `==` or `!=` before {}", token.shown())),
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token<'e> {
    Name(&'e str),
    Open,
    Close,
    Not,
    Operator(&'e str),
}

impl Token<'_> {
    fn shown(&self) -> String {
        match self {
            Self::Name(name) => format!("`{name}`"),
            Self::Open => "`(`".to_owned(),
            Self::Close => "`)`".to_owned(),
            Self::Not => "`!`".to_owned(),
            Self::Operator(operator) => format!("`{operator}`"),
        }
    }
}

fn error<T>(position: usize, message: impl Into<String>) -> Result<T, ExpressionError> {
    Err(ExpressionError { position, message: message.into() })
}

fn tokens(expression: &str) -> Result<Vec<(usize, Token<'_>)>, ExpressionError> {
    let mut tokens = Vec::new();
    let (mut rest, mut at) = (expression, 1);
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            _ if first.is_ascii_whitespace() => (None, 1),
            '(' => (Some(Token::Open), 1),
            ')' => (Some(Token::Close), 1),
            _ if ["&&", "||", "==", "!="].iter().any(|operator| rest.starts_with(operator)) => {
                (Some(Token::Operator(&rest[..2])), 2)
            }
            '!' => (Some(Token::Not), 1),
            _ if first.is_ascii_alphabetic() || first == '_' => {
                let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
                (Some(Token::Name(&rest[..length])), length)
            }
            '&' | '|' | '=' => return error(at, format!("write `{first}{first}` in place of `{first}`")),
            _ => {
                return error(
                    at,
                    format!(
                        "`{first}` has no meaning here; there are calls like `name()`, true, false, !, &&, ||, ==, != and parentheses"
                    ),
                );
            }
        };
        tokens.extend(token.map(|token| (at, token)));
        // Everything that is taken is ASCII: bytes are characters.
        rest = &rest[length..];
        at += length;
    }
    Ok(tokens)
}

/// What is left to read.
struct Reader<'e, 't> {
    tokens: &'t [(usize, Token<'e>)],
    names: &'t [&'t str],
    end: usize,
    depth: usize,
}

impl<'e> Reader<'e, '_> {
    fn next(&mut self) -> (usize, Option<Token<'e>>) {
        match self.tokens.split_first() {
            Some(((at, token), rest)) => {
                self.tokens = rest;
                (*at, Some(token.clone()))
            }
            None => (self.end, None),
        }
    }

    /// Values with operators between them.
    fn expression(&mut self) -> Result<(), ExpressionError> {
        self.value()?;
        while let [(_, Token::Operator(_)), rest @ ..] = self.tokens {
            self.tokens = rest;
            self.value()?;
        }
        Ok(())
    }

    fn value(&mut self) -> Result<(), ExpressionError> {
        let (at, token) = self.next();
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return error(at, format!("nested too deep, the limit is {MAX_DEPTH}"));
        }
        match token {
            Some(Token::Not) => self.value()?,
            Some(Token::Open) => {
                self.expression()?;
                match self.next() {
                    (_, Some(Token::Close)) => {}
                    (here, Some(token)) => {
                        return error(here, format!("expected `)` or an operator before {}", token.shown()));
                    }
                    (here, None) => return error(here, format!("the `(` at character {at} is not closed")),
                }
            }
            Some(Token::Name("true" | "false")) => {}
            Some(Token::Name(name)) => self.call(at, name)?,
            Some(token) => return error(at, format!("expected a call like `name()` in place of {}", token.shown())),
            None => return error(at, "it ends where a call like `name()` is expected"),
        }
        self.depth -= 1;
        Ok(())
    }

    fn call(&mut self, at: usize, name: &str) -> Result<(), ExpressionError> {
        if !self.names.contains(&name) {
            return error(at, format!("there is no policy `{name}`; {}", meant(name, self.names)));
        }
        match self.tokens {
            [(_, Token::Open), (_, Token::Close), rest @ ..] => {
                self.tokens = rest;
                Ok(())
            }
            [(_, Token::Open), (here, _), ..] => error(*here, format!("`{name}()` takes no arguments")),
            _ => error(at, format!("call the policy: `{name}()`")),
        }
    }
}
