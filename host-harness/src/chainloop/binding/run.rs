//! Evaluating a template that has no values.

use super::tree::{Block, Clause, Is, Operand, Part, Pipeline};
use super::value::{Value, float, function, kind, shown, truth};
use super::{error, line, quoted};

/// The text that a template makes.
pub(super) fn run(text: &str, parts: &[Part]) -> Result<String, String> {
    let mut run =
        Run { text, made: String::new(), dot: Value::Everything, variables: Vec::new(), steps: 0, left: MOST_WORK };
    run.list(parts)?;
    Ok(run.made)
}

/// How a list of parts ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    On,
    Break,
    Continue,
}

struct Run<'t> {
    text: &'t str,
    made: String,
    dot: Value,
    variables: Vec<(String, Value)>,
    /// Repetitions so far.
    steps: usize,
    /// What of [`MOST_WORK`] is left.
    left: usize,
}

/// As many bytes as a template may make, and as many repetitions: a short one can ask for any number.
const MOST: usize = 1 << 20;

/// What a template may do altogether: bytes of all values that it makes and copies, and [`PART`] for each part that is evaluated.
const MOST_WORK: usize = 64 << 20;

/// What it takes to evaluate a part, besides the bytes.
const PART: usize = 32;

impl Run<'_> {
    /// Takes note of work on values of this size.
    fn spend(&mut self, bytes: usize) -> Result<(), String> {
        match self.left.checked_sub(bytes.saturating_add(PART)) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(error(self.text, 0, "it makes and repeats more than 64 MiB of values, which no input needs")),
        }
    }

    fn list(&mut self, parts: &[Part]) -> Result<Flow, String> {
        for part in parts {
            self.spend(0)?;
            if self.made.len() > MOST {
                return Err(error(self.text, 0, "it makes more than 1 MiB of text, which is no input"));
            }
            let flow = match part {
                Part::Text(text) => {
                    self.made.push_str(text);
                    Flow::On
                }
                Part::Action(clause) => {
                    let value = self.pipeline(&clause.pipeline)?;
                    match (clause.variables.is_empty(), value) {
                        (true, Value::Nothing) => self.made.push_str("<no value>"),
                        (true, value) => self.made.push_str(&shown(&value)),
                        (false, value) => self.set(clause, &[value])?,
                    }
                    Flow::On
                }
                Part::Break => Flow::Break,
                Part::Continue => Flow::Continue,
                Part::Block(block, clause, then, otherwise) => {
                    let (dot, variables) = (self.dot.clone(), self.variables.len());
                    let flow = self.block(*block, clause, then, otherwise)?;
                    self.dot = dot;
                    self.variables.truncate(variables);
                    flow
                }
            };
            if flow != Flow::On {
                return Ok(flow);
            }
        }
        Ok(Flow::On)
    }

    fn block(&mut self, block: Block, clause: &Clause, then: &[Part], otherwise: &[Part]) -> Result<Flow, String> {
        let value = self.pipeline(&clause.pipeline)?;
        if block == Block::Range {
            return self.range(clause, value, then, otherwise);
        }
        if !clause.variables.is_empty() {
            self.set(clause, std::slice::from_ref(&value))?;
        }
        if !truth(&value) {
            return self.list(otherwise);
        }
        if block == Block::With {
            self.dot = value;
        }
        self.list(then)
    }

    fn range(&mut self, clause: &Clause, value: Value, then: &[Part], otherwise: &[Part]) -> Result<Flow, String> {
        // Until there are elements they are all of it.
        self.set(clause, &vec![value.clone(); clause.variables.len()])?;
        let steps: Box<dyn Iterator<Item = (Value, Value)>> = match &value {
            Value::Nothing | Value::Inputs => return self.list(otherwise),
            Value::Integer(count) if clause.variables.len() > 1 => {
                let (at, context) = place(&clause.pipeline);
                return self.failed(at, &context, &format!("can't use {count} to iterate over more than one variable"));
            }
            Value::Integer(count) if *count <= 0 => return self.list(otherwise),
            Value::Integer(count) => Box::new((0..*count).map(|step| (Value::Integer(step), Value::Integer(step)))),
            Value::Everything => Box::new(std::iter::once((Value::Text("inputs".to_owned()), Value::Inputs))),
            other => {
                let (at, context) = place(&clause.pipeline);
                return self.failed(at, &context, &format!("range can't iterate over {}", shown(other)));
            }
        };
        let (dot, variables) = (self.dot.clone(), self.variables.len());
        for (key, element) in steps {
            self.steps += 1;
            if self.steps > MOST {
                return Err(error(self.text, 0, "it repeats something a million times, which no input needs"));
            }
            match clause.variables.len() {
                0 => {}
                1 => self.set(clause, std::slice::from_ref(&element))?,
                _ => self.set(clause, &[key, element.clone()])?,
            }
            self.dot = element;
            let flow = self.list(then)?;
            self.dot = dot.clone();
            // Those that are declared in the block are new each time.
            self.variables.truncate(variables);
            if flow == Flow::Break {
                break;
            }
        }
        Ok(Flow::On)
    }

    /// Gives the variables of a clause their values.
    fn set(&mut self, clause: &Clause, values: &[Value]) -> Result<(), String> {
        for (name, value) in clause.variables.iter().zip(values) {
            if clause.declares {
                self.variables.push((name.clone(), value.clone()));
                continue;
            }
            let found = self.variables.iter_mut().rev().find(|(known, _)| known == name);
            match found {
                Some((_, known)) => *known = value.clone(),
                None => {
                    let (at, context) = place(&clause.pipeline);
                    return self.failed(at, &context, &format!("undefined variable: {name}"));
                }
            }
        }
        Ok(())
    }

    /// An error at `at`; columns are bytes from 0.
    fn failed<T>(&self, at: usize, context: &str, what: &str) -> Result<T, String> {
        let start = memchr::memrchr(b'\n', &self.text.as_bytes()[..at]).map_or(0, |found| found + 1);
        let place = format!("{}:{}", line(self.text, at), at - start);
        Err(format!("template: chainloop:{place}: executing \"chainloop\" at <{context}>: {what}"))
    }

    fn pipeline(&mut self, pipeline: &Pipeline) -> Result<Value, String> {
        let mut value = None;
        for command in pipeline {
            value = Some(self.command(command, value)?);
        }
        Ok(value.unwrap_or(Value::Nothing))
    }

    fn command(&mut self, command: &[Operand], last: Option<Value>) -> Result<Value, String> {
        let Some((first, arguments)) = command.split_first() else { return Ok(Value::Nothing) };
        if let Is::Function(name) = &first.is {
            let values = arguments.iter().map(|argument| self.operand(argument));
            let mut values = values.collect::<Result<Vec<_>, _>>()?;
            values.extend(last);
            let size = values.iter().map(Value::size).sum();
            self.spend(size)?;
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

    fn operand(&mut self, operand: &Operand) -> Result<Value, String> {
        self.spend(0)?;
        let mut value = match &operand.is {
            Is::Dot => self.dot.clone(),
            Is::Variable(name) if name == "$" => Value::Everything,
            Is::Variable(name) => {
                let found = self.variables.iter().rev().find(|(known, _)| known == name);
                match found.map(|(_, value)| value.clone()) {
                    Some(value) => {
                        self.spend(value.size())?;
                        value
                    }
                    None => return self.failed(operand.at, name, &format!("undefined variable: {name}")),
                }
            }
            Is::Nil => Value::Nothing,
            Is::Bool(value) => Value::Bool(*value),
            Is::Integer(number) => Value::Integer(*number),
            Is::Float(number) => Value::Float(*number),
            Is::Text(text) => Value::Text(text.clone()),
            Is::Clause(clause) => {
                let value = self.pipeline(&clause.pipeline)?;
                self.set(clause, std::slice::from_ref(&value))?;
                value
            }
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

/// Where a pipeline is, and how it is written, for errors about its value.
fn place(pipeline: &Pipeline) -> (usize, String) {
    let last = pipeline.last().and_then(|command| command.first());
    last.map_or((0, String::new()), |operand| (operand.at, written(operand)))
}

/// An operand as Go writes it.
fn written(operand: &Operand) -> String {
    let fields: String = operand.fields.iter().map(|(name, _)| format!(".{name}")).collect();
    let start = match &operand.is {
        Is::Dot if fields.is_empty() => ".".to_owned(),
        Is::Dot => String::new(),
        Is::Variable(name) => name.clone(),
        Is::Nil => "nil".to_owned(),
        Is::Bool(value) => value.to_string(),
        Is::Integer(number) => number.to_string(),
        Is::Float(number) => float(*number),
        Is::Text(text) => quoted(text),
        Is::Function(name) => name.clone(),
        Is::Clause(Clause { variables, declares, pipeline }) => {
            let command = |command: &Vec<Operand>| command.iter().map(written).collect::<Vec<_>>().join(" ");
            let pipeline = pipeline.iter().map(command).collect::<Vec<_>>().join(" | ");
            let sign = if *declares { ":=" } else { "=" };
            match variables.as_slice() {
                [] => format!("({pipeline})"),
                variables => format!("({} {sign} {pipeline})", variables.join(", ")),
            }
        }
    };
    format!("{start}{fields}")
}
