//! Evaluating a template that has no values.

use super::parse::{Is, Operand, Part, Pipeline};
use super::{line, quoted};

/// What an expression comes to.
#[derive(Clone, Debug, PartialEq)]
enum Value {
    /// There is no such value.
    Nothing,
    Text(String),
    Bool(bool),
    Integer(i64),
    Float(f64),
    /// The inputs, of which there are none.
    Inputs,
    /// What has the inputs in it.
    Everything,
}

/// The text that a template makes.
pub(super) fn run(text: &str, parts: &[Part]) -> Result<String, String> {
    let mut made = String::new();
    for part in parts {
        match part {
            Part::Text(text) => made.push_str(text),
            Part::Action(pipeline) => match (Run { text }).pipeline(pipeline)? {
                Value::Nothing => made.push_str("<no value>"),
                value => made.push_str(&shown(&value)),
            },
        }
    }
    Ok(made)
}

struct Run<'t> {
    text: &'t str,
}

impl Run<'_> {
    /// An error at `at`; columns are bytes from 0.
    fn failed<T>(&self, at: usize, context: &str, what: &str) -> Result<T, String> {
        let start = memchr::memrchr(b'\n', &self.text.as_bytes()[..at]).map_or(0, |found| found + 1);
        let place = format!("{}:{}", line(self.text, at), at - start);
        Err(format!("template: chainloop:{place}: executing \"chainloop\" at <{context}>: {what}"))
    }

    fn pipeline(&self, pipeline: &Pipeline) -> Result<Value, String> {
        let mut value = None;
        for command in pipeline {
            value = Some(self.command(command, value)?);
        }
        Ok(value.unwrap_or(Value::Nothing))
    }

    fn command(&self, command: &[Operand], last: Option<Value>) -> Result<Value, String> {
        let Some((first, arguments)) = command.split_first() else { return Ok(Value::Nothing) };
        if let Is::Function(name) = &first.is {
            let values = arguments.iter().map(|argument| self.operand(argument));
            let mut values = values.collect::<Result<Vec<_>, _>>()?;
            values.extend(last);
            let context = || command.iter().map(written).collect::<Vec<_>>().join(" ");
            return function(name, values).or_else(|what| self.failed(first.at, &context(), &what));
        }
        let given = !arguments.is_empty() || last.is_some();
        let shown = written(first);
        match (first.fields.last(), &first.is) {
            (Some((field, at)), _) if given => {
                // What is looked at is looked up first.
                self.operand(first)?;
                self.failed(*at, &shown, &format!("{field} is not a method but has arguments"))
            }
            (None, Is::Nil) => self.failed(first.at, &shown, "nil is not a command"),
            (None, _) if given => {
                self.failed(first.at, &shown, &format!("can't give argument to non-function {shown}"))
            }
            _ => self.operand(first),
        }
    }

    fn operand(&self, operand: &Operand) -> Result<Value, String> {
        let mut value = match &operand.is {
            Is::Everything => Value::Everything,
            Is::Nil => Value::Nothing,
            Is::Bool(value) => Value::Bool(*value),
            Is::Integer(number) => Value::Integer(*number),
            Is::Float(number) => Value::Float(*number),
            Is::Text(text) => Value::Text(text.clone()),
            Is::Pipeline(pipeline) => self.pipeline(pipeline)?,
            Is::Function(name) => function(name, Vec::new()).or_else(|what| self.failed(operand.at, name, &what))?,
        };
        // Go shows the place of the second name, if there is one.
        let at = operand.fields.get(1).or(operand.fields.first()).map_or(operand.at, |(_, at)| *at);
        for (field, _) in &operand.fields {
            value = match value {
                Value::Everything if field == "inputs" => Value::Inputs,
                Value::Everything => Value::Nothing,
                Value::Inputs => Value::Text(String::new()),
                Value::Nothing => {
                    return self.failed(
                        at,
                        &written(operand),
                        &format!("nil pointer evaluating interface {{}}.{field}"),
                    );
                }
                other => {
                    let what = format!("can't evaluate field {field} in type {}", kind(&other));
                    return self.failed(at, &written(operand), &what);
                }
            };
        }
        Ok(value)
    }
}

/// An operand as Go writes it.
fn written(operand: &Operand) -> String {
    let fields: String = operand.fields.iter().map(|(name, _)| format!(".{name}")).collect();
    let start = match &operand.is {
        Is::Everything if fields.is_empty() => ".".to_owned(),
        Is::Everything => String::new(),
        Is::Nil => "nil".to_owned(),
        Is::Bool(value) => value.to_string(),
        Is::Integer(number) => number.to_string(),
        Is::Float(number) => float(*number),
        Is::Text(text) => quoted(text),
        Is::Function(name) => name.clone(),
        Is::Pipeline(pipeline) => {
            let command = |command: &Vec<Operand>| command.iter().map(written).collect::<Vec<_>>().join(" ");
            format!("({})", pipeline.iter().map(command).collect::<Vec<_>>().join(" | "))
        }
    };
    format!("{start}{fields}")
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Nothing => "interface {}",
        Value::Text(_) => "string",
        Value::Bool(_) => "bool",
        Value::Integer(_) => "int",
        Value::Float(_) => "float64",
        Value::Inputs => "map[string]string",
        Value::Everything => "map[string]interface {}",
    }
}

fn function(name: &str, values: Vec<Value>) -> Result<Value, String> {
    let calling = |what: String| Err(format!("error calling {name}: {what}"));
    let count = |wanted: usize| {
        let got = values.len();
        if got == wanted { Ok(()) } else { Err(format!("wrong number of args for {name}: want {wanted} got {got}")) }
    };
    Ok(match name {
        "print" => Value::Text(sprint(&values)),
        "println" => Value::Text(values.iter().map(shown).collect::<Vec<_>>().join(" ") + "\n"),
        "html" => Value::Text(html(&plain(&values))),
        "urlquery" => Value::Text(url(&plain(&values))),
        "not" => {
            count(1)?;
            Value::Bool(!truth(&values[0]))
        }
        "and" | "or" => {
            if values.is_empty() {
                return Err(format!("wrong number of args for {name}: want at least 1 got 0"));
            }
            let stops = |value: &&Value| truth(value) == (name == "or");
            values.iter().find(stops).or(values.last()).cloned().unwrap_or(Value::Nothing)
        }
        "len" => {
            count(1)?;
            match &values[0] {
                Value::Text(text) => Value::Integer(text.len() as i64),
                Value::Inputs => Value::Integer(0),
                Value::Everything => Value::Integer(1),
                Value::Nothing => return calling("len of nil pointer".to_owned()),
                other => return calling(format!("len of type {}", kind(other))),
            }
        }
        "eq" | "ne" => match values.as_slice() {
            [_] | [] => return calling("missing argument for comparison".to_owned()),
            [first, others @ ..] => {
                let comparable = |value: &Value| !matches!(value, Value::Inputs | Value::Everything);
                let same_kind = |other: &Value| kind(first) == kind(other) || [first, other].contains(&&Value::Nothing);
                if !values.iter().all(comparable) || !others.iter().all(same_kind) {
                    return calling(format!("such a comparison is not evaluated here: {}", kinds(&values)));
                }
                Value::Bool(others.contains(first) == (name == "eq"))
            }
        },
        other => return Err(format!("{other} is not evaluated here: local evaluation has no values for it")),
    })
}

fn kinds(values: &[Value]) -> String {
    values.iter().map(kind).collect::<Vec<_>>().join(" and ")
}

fn truth(value: &Value) -> bool {
    match value {
        Value::Nothing | Value::Inputs => false,
        Value::Text(text) => !text.is_empty(),
        Value::Bool(value) => *value,
        Value::Integer(number) => *number != 0,
        Value::Float(number) => *number != 0.0,
        Value::Everything => true,
    }
}

/// A value as Go prints it.
fn shown(value: &Value) -> String {
    match value {
        Value::Nothing => "<nil>".to_owned(),
        Value::Text(text) => text.clone(),
        Value::Bool(value) => value.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => float(*number),
        Value::Inputs => "map[]".to_owned(),
        Value::Everything => "map[inputs:map[]]".to_owned(),
    }
}

/// Values one after the other, with a space between two that are no strings.
fn sprint(values: &[Value]) -> String {
    let mut made = String::new();
    for (index, value) in values.iter().enumerate() {
        let text = |value: &Value| matches!(value, Value::Text(_));
        if index > 0 && !text(value) && !text(&values[index - 1]) {
            made.push(' ');
        }
        made.push_str(&shown(value));
    }
    made
}

/// What escaping functions get.
fn plain(values: &[Value]) -> String {
    match values {
        [Value::Nothing] => "<no value>".to_owned(),
        values => sprint(values),
    }
}

fn float(number: f64) -> String {
    let text = format!("{number:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    match exponent.parse::<i32>() {
        Ok(exponent) if !(-4..21).contains(&exponent) || (exponent >= 6 && digits.len() < exponent as usize + 2) => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{digits}e{sign}{:02}", exponent.abs())
        }
        _ => number.to_string(),
    }
}

fn html(text: &str) -> String {
    let mut made = String::new();
    for letter in text.chars() {
        match letter {
            '"' => made.push_str("&#34;"),
            '\'' => made.push_str("&#39;"),
            '&' => made.push_str("&amp;"),
            '<' => made.push_str("&lt;"),
            '>' => made.push_str("&gt;"),
            '\0' => made.push('\u{fffd}'),
            letter => made.push(letter),
        }
    }
    made
}

fn url(text: &str) -> String {
    let mut made = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => made.push(char::from(byte)),
            b' ' => made.push('+'),
            byte => made.push_str(&format!("%{byte:02X}")),
        }
    }
    made
}
