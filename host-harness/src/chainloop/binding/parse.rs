//! What the pieces of actions mean.

use std::iter::Peekable;
use std::vec::IntoIter;

use super::lex::{CONTROL, Token, What, action};
use super::{error, quoted};

/// The functions of templates.
const FUNCTIONS: &[&str] = &[
    "and", "call", "eq", "ge", "gt", "html", "index", "js", "le", "len", "lt", "ne", "not", "or", "print", "printf",
    "println", "slice", "urlquery",
];

/// A part of a template.
#[derive(Debug)]
pub(super) enum Part {
    Text(String),
    Action(Pipeline),
}

/// Commands, each of which gets the value of the one before as its last argument.
pub(super) type Pipeline = Vec<Vec<Operand>>;

/// A part of a command, and where it is.
#[derive(Debug)]
pub(super) struct Operand {
    pub(super) at: usize,
    pub(super) is: Is,
    /// Names of fields that are looked up in it, and where the last one but the first is.
    pub(super) fields: Vec<(String, usize)>,
}

#[derive(Debug)]
pub(super) enum Is {
    /// Everything that a template may ask for: `.` and `$`.
    Everything,
    Nil,
    Bool(bool),
    Integer(i64),
    Float(f64),
    Text(String),
    Function(String),
    Pipeline(Pipeline),
}

/// The parts of a template.
pub(super) fn parse(text: &str) -> Result<Vec<Part>, String> {
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find("{{") {
        let (mut before, open) = (&text[at..at + found], at + found);
        at = open + 2;
        let mut letters = text[at..].chars();
        if letters.next() == Some('-') && letters.next().is_some_and(|next| " \t\r\n".contains(next)) {
            before = before.trim_end_matches([' ', '\t', '\r', '\n']);
            at += 2;
        }
        if !before.is_empty() {
            parts.push(Part::Text(before.to_owned()));
        }
        if text[at..].starts_with("/*") {
            at = comment(text, at)?;
            continue;
        }
        let (tokens, end) = action(text, at);
        let mut parser = Parser { text, open, last: at, tokens: tokens.into_iter().peekable() };
        parts.push(Part::Action(parser.action()?));
        at = end;
    }
    parts.push(Part::Text(text[at..].to_owned()));
    Ok(parts)
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

struct Parser<'t> {
    text: &'t str,
    /// Where the action starts.
    open: usize,
    /// Where the last token starts.
    last: usize,
    tokens: Peekable<IntoIter<Token>>,
}

impl Parser<'_> {
    fn next(&mut self) -> Token {
        // The last token is an end or an error, and nothing reads on behind either.
        let token = self.tokens.next().unwrap_or(Token { at: self.last, what: What::End });
        self.last = token.at;
        token
    }

    fn peek(&mut self) -> Option<&What> {
        self.tokens.peek().map(|token| &token.what)
    }

    fn skip_space(&mut self) {
        while self.peek() == Some(&What::Space) {
            self.next();
        }
    }

    fn failed<T>(&self, at: usize, what: &str) -> Result<T, String> {
        Err(error(self.text, at, what))
    }

    fn unexpected<T>(&self, token: &Token, place: &str) -> Result<T, String> {
        let What::Error(what) = &token.what else {
            return self.failed(token.at, &format!("unexpected {} in {place}", token.what.shown()));
        };
        let (started, here) = (super::line(self.text, self.open), super::line(self.text, token.at));
        let more = match what.strip_suffix(" action") {
            _ if started == here => String::new(),
            Some(_) => format!(" started at chainloop:{started}"),
            None => format!(" in action started at chainloop:{started}"),
        };
        self.failed(token.at, &format!("{what}{more}"))
    }

    fn action(&mut self) -> Result<Pipeline, String> {
        self.skip_space();
        if let Some(What::Word(word)) = self.peek()
            && CONTROL.contains(&word.as_str())
        {
            let what = format!("{{{{{word}}}}} is not evaluated here: local evaluation has no values to decide by");
            return self.failed(self.open, &what);
        }
        let pipeline = self.pipeline("command", &What::End)?;
        Ok(pipeline)
    }

    fn pipeline(&mut self, place: &str, end: &What) -> Result<Pipeline, String> {
        let mut commands = Pipeline::new();
        self.skip_space();
        if let Some(What::Variable(_)) = self.peek()
            && self.assigns()
        {
            return self.failed(self.open, "variables are not evaluated here: local evaluation has no values for them");
        }
        loop {
            self.skip_space();
            match self.peek() {
                Some(what) if what == end => {
                    self.next();
                    return self.checked(commands, place);
                }
                Some(
                    What::Dot
                    | What::Field(_)
                    | What::Word(_)
                    | What::Number(_)
                    | What::String(_)
                    | What::Raw(_)
                    | What::Character(_)
                    | What::Variable(_)
                    | What::Open,
                ) => commands.push(self.command()?),
                _ => {
                    let token = self.next();
                    return self.unexpected(&token, place);
                }
            }
        }
    }

    /// Whether a variable comes next that is given a value.
    fn assigns(&self) -> bool {
        let mut rest = self.tokens.clone().skip(1).filter(|token| token.what != What::Space);
        matches!(rest.next().map(|token| token.what), Some(What::Declare | What::Other('=' | ',')))
    }

    fn checked(&self, commands: Pipeline, place: &str) -> Result<Pipeline, String> {
        if commands.is_empty() {
            return self.failed(self.last, &format!("missing value for {place}"));
        }
        let runs = |command: &Vec<Operand>| {
            command
                .first()
                .is_some_and(|first| matches!(first.is, Is::Function(_) | Is::Pipeline(_)) || !first.fields.is_empty())
        };
        match commands.iter().skip(1).position(|command| !runs(command)) {
            Some(stage) => self.failed(self.last, &format!("non executable command in pipeline stage {}", stage + 2)),
            None => Ok(commands),
        }
    }

    fn command(&mut self) -> Result<Vec<Operand>, String> {
        let mut operands = Vec::new();
        loop {
            self.skip_space();
            operands.extend(self.operand()?);
            match self.peek() {
                Some(What::Space) => {}
                Some(What::End | What::Close) => break,
                Some(What::Pipe) => {
                    self.next();
                    break;
                }
                _ => {
                    let token = self.next();
                    return self.unexpected(&token, "operand");
                }
            }
        }
        if operands.is_empty() { self.failed(self.last, "empty command") } else { Ok(operands) }
    }

    fn operand(&mut self) -> Result<Option<Operand>, String> {
        let Some(token) = self.tokens.peek().cloned() else { return Ok(None) };
        let mut fields = Vec::new();
        let is = match &token.what {
            What::Dot => Is::Everything,
            What::Field(name) => {
                fields.push((name.clone(), token.at));
                Is::Everything
            }
            What::Variable(name) if name == "$" => Is::Everything,
            What::Variable(name) => return self.failed(token.at, &format!("undefined variable {}", quoted(name))),
            What::Word(word) => match word.as_str() {
                "true" | "false" => Is::Bool(word == "true"),
                "nil" => Is::Nil,
                word if FUNCTIONS.contains(&word) => Is::Function(word.to_owned()),
                word if CONTROL.contains(&word) => return Ok(None),
                word => return self.failed(token.at, &format!("function {} not defined", quoted(word))),
            },
            What::String(text) => Is::Text(unquoted(text).ok_or_else(|| error(self.text, token.at, "invalid syntax"))?),
            What::Raw(text) => Is::Text(text.clone()),
            What::Character(text) => self.character(token.at, text)?,
            What::Number(text) => number(text).map_err(|what| error(self.text, token.at, &what))?,
            What::Open => {
                self.next();
                let inside = self.pipeline("parenthesized pipeline", &What::Close)?;
                return self.fields(Operand { at: token.at, is: Is::Pipeline(inside), fields });
            }
            _ => return Ok(None),
        };
        self.next();
        self.fields(Operand { at: token.at, is, fields })
    }

    /// With the fields that are looked up in it.
    fn fields(&mut self, mut operand: Operand) -> Result<Option<Operand>, String> {
        while let Some(What::Field(name)) = self.peek().cloned() {
            let constant = match &operand.is {
                Is::Text(text) => Some(quoted(text)),
                Is::Bool(value) => Some(value.to_string()),
                Is::Integer(number) => Some(number.to_string()),
                Is::Float(number) => Some(number.to_string()),
                Is::Nil => Some("nil".to_owned()),
                _ => None,
            };
            if let Some(shown) = constant {
                return self.failed(operand.at, &format!("unexpected . after term {}", quoted(&shown)));
            }
            let token = self.next();
            operand.fields.push((name, token.at));
        }
        Ok(Some(operand))
    }

    fn character(&self, at: usize, text: &str) -> Result<Is, String> {
        let inside = &text[1..text.len() - 1];
        let made = unquoted(&format!("\"{}\"", inside.replace('"', "\\\"").replace("\\'", "'")));
        let mut letters = made.iter().flat_map(|text| text.chars());
        match (letters.next(), letters.next()) {
            (Some(letter), None) => Ok(Is::Integer(i64::from(u32::from(letter)))),
            (Some(_), Some(_)) => self.failed(at, &format!("malformed character constant: {text}")),
            _ => self.failed(at, "invalid syntax"),
        }
    }
}

/// The text in Go's quotes.
fn unquoted(text: &str) -> Option<String> {
    let mut made = String::new();
    let mut letters = text.strip_prefix('"')?.strip_suffix('"')?.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            made.push(letter);
            continue;
        }
        let digits = |count: usize, letters: &mut std::str::Chars<'_>| {
            let digits: String = letters.by_ref().take(count).collect();
            let code = u32::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == count)?;
            char::from_u32(code)
        };
        made.push(match letters.next()? {
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            same @ ('\\' | '"') => same,
            // What is beyond ASCII would be a byte and no character.
            'x' => digits(2, &mut letters).filter(char::is_ascii)?,
            'u' => digits(4, &mut letters)?,
            'U' => digits(8, &mut letters)?,
            _ => return None,
        });
    }
    Some(made)
}

/// A number in Go's grammar.
fn number(text: &str) -> Result<Is, String> {
    let plain = text.replace('_', "");
    let (sign, digits) = match plain.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, plain.strip_prefix('+').unwrap_or(&plain)),
    };
    let radix = |prefix: [&str; 2]| prefix.iter().find_map(|prefix| digits.strip_prefix(prefix));
    let illegal = || Err(format!("illegal number syntax: {}", quoted(text)));
    let integer = match (radix(["0x", "0X"]), radix(["0o", "0O"]), radix(["0b", "0B"])) {
        (Some(digits), _, _) => i128::from_str_radix(digits, 16).ok(),
        (_, Some(digits), _) => i128::from_str_radix(digits, 8).ok(),
        (_, _, Some(digits)) => i128::from_str_radix(digits, 2).ok(),
        _ if digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            i128::from_str_radix(digits, 8).ok()
        }
        _ if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            // More digits than fit are too many all the same.
            Some(digits.parse::<i128>().unwrap_or(i128::MAX))
        }
        _ => None,
    };
    if let Some(integer) = integer {
        let fits = i64::try_from(integer.saturating_mul(sign)).map(Is::Integer);
        return fits.map_err(|_| format!("integer overflow: {}", quoted(text)));
    }
    if plain.ends_with('i') {
        return Err(format!("complex numbers are not evaluated here: {}", quoted(text)));
    }
    match plain.parse::<f64>() {
        Ok(number)
            if number.is_finite() && digits.starts_with(|first: char| first == '.' || first.is_ascii_digit()) =>
        {
            Ok(Is::Float(number))
        }
        _ => illegal(),
    }
}
