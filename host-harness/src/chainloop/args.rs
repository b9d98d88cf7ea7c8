//! What a policy gets as arguments.

use std::collections::BTreeMap;

use super::binding::rendered;
use super::json::{Sink, write_string};
use super::policy_file::Input;

/// Arguments of a policy, and warnings about the inputs that were given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arguments {
    /// Values as they were given or declared, before they are split.
    pub values: BTreeMap<String, String>,
    /// Warnings for a log.
    pub warnings: Vec<String>,
}

impl Arguments {
    /// The value of the module's configuration key `args`: a JSON object of strings and arrays of strings. `None` when there is
    /// nothing in it, since the key is absent then.
    pub fn config(&self) -> Option<String> {
        let mut sink = Sink::default();
        for (name, value) in &self.values {
            let values = split(value);
            if values.is_empty() {
                continue;
            }
            sink.push(b",");
            write_string(name, &mut sink);
            sink.push(b":");
            match values.as_slice() {
                [value] => write_string(value, &mut sink),
                values => {
                    for (index, value) in values.iter().enumerate() {
                        sink.push(if index == 0 { b"[" } else { b"," });
                        write_string(value, &mut sink);
                    }
                    sink.push(b"]");
                }
            }
        }
        let mut bytes = sink.into_bytes();
        *bytes.first_mut()? = b'{';
        bytes.push(b'}');
        String::from_utf8(bytes).ok()
    }
}

/// Matches what was given with the inputs that the policy named `policy` declares.
///
/// What is not declared is dropped with a warning; a policy that declares nothing gets it all the same. Defaults are filled
/// in where nothing was given. A value that was given as an empty text replaces the default and is then dropped, as in
/// Chainloop. Values and defaults are templates: see `rendered`.
///
/// # Errors
///
/// In Chainloop's words, when a required input is missing or empty, or is declared with a default, or when a template is not
/// valid.
pub fn arguments(policy: &str, inputs: &[Input], given: &BTreeMap<String, String>) -> Result<Arguments, String> {
    let mut result = Arguments::default();
    if inputs.is_empty() {
        result.values.clone_from(given);
    }
    for input in inputs {
        if let Some(contradiction) = input.contradiction() {
            return Err(contradiction);
        }
        let Input { name, required, default, .. } = input;
        let value = rendered(given.get(name).map_or("", String::as_str))?;
        if !value.is_empty() {
            continue;
        }
        if *required {
            return Err(format!("missing required input \"{name}\""));
        }
        if !default.is_empty() {
            result.values.insert(name.clone(), rendered(default)?);
        }
    }
    for (name, value) in given {
        if inputs.iter().any(|input| input.name == *name) {
            result.values.insert(name.clone(), rendered(value)?);
        } else {
            let passed = match inputs {
                [] => "; it is passed on all the same, because the policy declares no inputs",
                _ => "",
            };
            result.warnings.push(format!(
                "argument {} not defined in policy {} spec, ignoring it{passed}",
                quoted(name),
                quoted(policy)
            ));
        }
    }
    Ok(result)
}

/// A name in Go's quotes.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\t', "\\t"))
}

/// The values in the text of one argument: one for each line, and in each line one for each comma that has no backslash
/// before it. Other backslashes stay, which regular expressions need. White space around values and empty values go.
pub fn split(text: &str) -> Vec<String> {
    let mut values = Vec::new();
    let mut value = String::new();
    let mut end = |value: &mut String| {
        let trimmed = value.trim();
        if !trimmed.is_empty() {
            values.push(trimmed.to_owned());
        }
        value.clear();
    };
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\n' | ',' => end(&mut value),
            '\\' if characters.next_if_eq(&',').is_some() => value.push(','),
            other => value.push(other),
        }
    }
    end(&mut value);
    values
}
