//! What expressions come to, and the functions of templates.

/// What an expression comes to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
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

impl Value {
    /// The bytes that it holds.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            _ => 0,
        }
    }
}

pub(super) fn kind(value: &Value) -> &'static str {
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

pub(super) fn function(name: &str, values: Vec<Value>) -> Result<Value, String> {
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
        "lt" | "le" | "gt" | "ge" => {
            count(2)?;
            let order = match (&values[0], &values[1]) {
                (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
                (Value::Integer(a), Value::Integer(b)) => Some(a.cmp(b)),
                (Value::Float(a), Value::Float(b)) => a.partial_cmp(b),
                _ => return calling(format!("such a comparison is not evaluated here: {}", kinds(&values))),
            };
            Value::Bool(order.is_some_and(|order| match name {
                "lt" => order.is_lt(),
                "le" => order.is_le(),
                "gt" => order.is_gt(),
                _ => order.is_ge(),
            }))
        }
        "index" => match values.as_slice() {
            [value] => value.clone(),
            [Value::Inputs, Value::Text(_)] => Value::Text(String::new()),
            [Value::Everything, Value::Text(key)] if key == "inputs" => Value::Inputs,
            [Value::Everything, Value::Text(_)] => Value::Nothing,
            _ => return calling(format!("such an index is not evaluated here: {}", kinds(&values))),
        },
        "printf" => match values.split_first() {
            Some((Value::Text(format), values)) => Value::Text(printf(format, values)?),
            _ => return calling(format!("such a format is not evaluated here: {}", kinds(&values))),
        },
        other => return Err(format!("{other} is not evaluated here: local evaluation has no values for it")),
    })
}

/// Formats without flags and widths.
fn printf(format: &str, values: &[Value]) -> Result<String, String> {
    let mut made = String::new();
    let mut values = values.iter();
    let mut letters = format.chars();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            made.push(letter);
            continue;
        }
        let verb = letters.next();
        if verb == Some('%') {
            made.push('%');
            continue;
        }
        match (verb, values.next()) {
            (Some('v'), Some(value)) | (Some('s'), Some(value @ (Value::Text(_) | Value::Inputs))) => {
                made.push_str(&shown(value));
            }
            (Some('d'), Some(value @ Value::Integer(_))) | (Some('t'), Some(value @ Value::Bool(_))) => {
                made.push_str(&shown(value));
            }
            (Some('q'), Some(Value::Text(text))) => made.push_str(&super::quoted(text)),
            (verb, _) => {
                let verb = verb.map(String::from).unwrap_or_default();
                return Err(format!("error calling printf: %{verb} is not evaluated here, or not for this value"));
            }
        }
    }
    match values.next() {
        Some(_) => Err("error calling printf: there are more values than the format has places for".to_owned()),
        None => Ok(made),
    }
}

fn kinds(values: &[Value]) -> String {
    values.iter().map(kind).collect::<Vec<_>>().join(" and ")
}

pub(super) fn truth(value: &Value) -> bool {
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
pub(super) fn shown(value: &Value) -> String {
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

pub(super) fn float(number: f64) -> String {
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
