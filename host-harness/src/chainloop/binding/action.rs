//! Reading one action.

use std::iter::Peekable;
use std::vec::IntoIter;

use super::constant::{number, unquoted};
use super::lex::{CONTROL, Token, What, tokens};
use super::tree::{Block, Clause, Is, Operand, Pipeline};
use super::{error, quoted};

/// The functions of templates.
const FUNCTIONS: &[&str] = &[
    "and", "call", "eq", "ge", "gt", "html", "index", "js", "le", "len", "lt", "ne", "not", "or", "print", "printf",
    "println", "slice", "urlquery",
];

/// What an action is.
#[derive(Debug)]
pub(super) enum Action {
    Clause(Clause),
    Start(Block, Clause),
    /// With what decides, for `{{else if …}}` and `{{else with …}}`.
    Else(Option<(Block, Clause)>),
    End,
    Break,
    Continue,
}

/// The action that starts at `at`, and where the text goes on. `variables` are those that there are.
pub(super) fn action(text: &str, at: usize, variables: &mut Vec<String>) -> Result<(Action, usize), String> {
    let (tokens, end) = tokens(text, at);
    let mut parser = Parser { text, open: at, last: at, variables, tokens: tokens.into_iter().peekable() };
    Ok((parser.action()?, end))
}

struct Parser<'t> {
    text: &'t str,
    /// Where the action starts.
    open: usize,
    /// Where the last token starts.
    last: usize,
    variables: &'t mut Vec<String>,
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

    fn action(&mut self) -> Result<Action, String> {
        self.skip_space();
        let Some(What::Word(word)) = self.peek().cloned() else {
            return self.clause("command", &What::End).map(Action::Clause);
        };
        let block = match word.as_str() {
            "if" => Some(Block::If),
            "with" => Some(Block::With),
            "range" => Some(Block::Range),
            _ => None,
        };
        match word.as_str() {
            _ if block.is_some() => {
                self.next();
                self.start(block).map(|start| start.map_or(Action::End, |(block, clause)| Action::Start(block, clause)))
            }
            "else" => {
                self.next();
                self.skip_space();
                let block = match self.peek() {
                    Some(What::Word(word)) if word == "if" => Some(Block::If),
                    Some(What::Word(word)) if word == "with" => Some(Block::With),
                    _ => None,
                };
                if block.is_some() {
                    self.next();
                } else {
                    self.ends("else")?;
                }
                self.start(block).map(Action::Else)
            }
            "end" => self.alone("end", Action::End),
            "break" => self.alone("{{break}}", Action::Break),
            "continue" => self.alone("{{continue}}", Action::Continue),
            word if CONTROL.contains(&word) => self.failed(
                self.open,
                &format!("{{{{{word}}}}} is not evaluated here: an input is no place for templates in it"),
            ),
            _ => self.clause("command", &What::End).map(Action::Clause),
        }
    }

    fn start(&mut self, block: Option<Block>) -> Result<Option<(Block, Clause)>, String> {
        block.map(|block| Ok((block, self.clause(block.word(), &What::End)?))).transpose()
    }

    /// A word that is alone in its action.
    fn alone(&mut self, place: &str, action: Action) -> Result<Action, String> {
        self.next();
        self.ends(place)?;
        Ok(action)
    }

    fn ends(&mut self, place: &str) -> Result<(), String> {
        self.skip_space();
        let token = self.next();
        if token.what == What::End { Ok(()) } else { self.unexpected(&token, place) }
    }

    /// A pipeline with the variables in front of it.
    fn clause(&mut self, place: &str, end: &What) -> Result<Clause, String> {
        let (mut variables, mut declares) = (Vec::new(), false);
        self.skip_space();
        while let Some(What::Variable(name)) = self.peek().cloned() {
            let mut behind = self.tokens.clone().skip(1).filter(|token| token.what != What::Space);
            match behind.next().map(|token| token.what) {
                Some(What::Declare) => declares = true,
                Some(What::Other('=')) => {}
                Some(What::Other(',')) if place == "range" && variables.is_empty() => {
                    if !matches!(
                        behind.next().map(|token| token.what),
                        Some(What::Variable(_) | What::End | What::Close)
                    ) {
                        return self.failed(self.last, "range can only initialize variables");
                    }
                }
                Some(What::Other(',')) => {
                    return self.failed(self.last, &format!("too many declarations in {place}"));
                }
                _ => break,
            }
            self.next();
            self.skip_space();
            let comma = self.next().what == What::Other(',');
            self.skip_space();
            self.variables.push(name.clone());
            variables.push(name);
            if !comma {
                break;
            }
        }
        let pipeline = self.pipeline(place, end)?;
        Ok(Clause { variables, declares, pipeline })
    }

    fn pipeline(&mut self, place: &str, end: &What) -> Result<Pipeline, String> {
        let mut commands = Pipeline::new();
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

    fn checked(&self, commands: Pipeline, place: &str) -> Result<Pipeline, String> {
        if commands.is_empty() {
            return self.failed(self.last, &format!("missing value for {place}"));
        }
        let runs = |command: &Vec<Operand>| {
            command
                .first()
                .is_some_and(|first| matches!(first.is, Is::Function(_) | Is::Clause(_)) || !first.fields.is_empty())
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
            What::Dot => Is::Dot,
            What::Field(name) => {
                fields.push((name.clone(), token.at));
                Is::Dot
            }
            What::Variable(name) if name == "$" || self.variables.contains(name) => Is::Variable(name.clone()),
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
                let inside = self.clause("parenthesized pipeline", &What::Close)?;
                return self.fields(Operand { at: token.at, is: Is::Clause(inside), fields });
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
