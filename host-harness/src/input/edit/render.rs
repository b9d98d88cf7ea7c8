//! Values as text, for a place in a document.

use serde_json::{Map, Value};

use crate::{input::write::yaml, visible};

/// How a collection is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// JSON, in one line.
    Json,
    /// `{ a: 1 }`, in one line.
    Flow,
    /// With an entry in each line.
    Block,
}

/// Where the lines of a block start.
#[derive(Clone, Copy, Debug)]
pub(super) struct Indent(usize);

impl Indent {
    /// Below a key in this column.
    pub(super) fn below_key(column: usize) -> Self {
        Self(column + 2)
    }

    /// In an item of a list that stands in this column.
    pub(super) fn in_list(column: usize) -> Self {
        Self(column)
    }
}

/// What stands behind the colon: a space and the value, or the lines below. Of an object, the keys in `order` come first.
pub(super) fn value(value: &Value, style: Style, indent: Indent, order: &[&str]) -> Result<String, String> {
    let margin = " ".repeat(indent.0);
    match (style, value) {
        (Style::Json, Value::Object(object)) => {
            let entry = |(key, value): (&String, &Value)| format!("{}: {value}", Value::from(key.as_str()));
            let entries = ordered(object, order).map(entry).collect::<Vec<_>>().join(", ");
            Ok(format!(" {}", visible::json(&format!("{{{entries}}}"))))
        }
        (Style::Json, _) => Ok(format!(" {}", visible::json(&value.to_string()))),
        (Style::Flow, _) => Ok(format!(" {}", flow(value, order)?)),
        (Style::Block, Value::Object(object)) if !object.is_empty() => {
            let entry = |(key, item): (&String, &Value)| {
                let written = self::value(item, style, Indent(indent.0 + 2), &[])?;
                Ok(format!("\n{margin}{}:{written}", self::key(key, style)?))
            };
            ordered(object, order).map(entry).collect()
        }
        (Style::Block, Value::Array(items)) if !items.is_empty() => {
            let lines = yaml(value)?;
            let line = |line: &str| if line.trim().is_empty() { "\n".to_owned() } else { format!("\n{margin}{line}") };
            Ok(lines.lines().map(line).collect())
        }
        (Style::Block, Value::String(text)) if text.contains('\n') => {
            // As the value of a key, because at the top a text may stand without a margin.
            let whole = yaml(&serde_json::json!({ "a": text }))?;
            let mut lines = whole.trim_start_matches("a:").trim_end_matches('\n').lines();
            let first = lines.next().unwrap_or_default().to_owned();
            let rest = lines.map(|line| match line.strip_prefix("  ").unwrap_or(line) {
                "" => "\n".to_owned(),
                line => format!("\n{margin}{line}"),
            });
            Ok(std::iter::once(first).chain(rest).collect())
        }
        (Style::Block, scalar) => Ok(format!(" {}", flow_or_plain(scalar)?)),
    }
}

/// The entries, those of `order` first.
pub(super) fn ordered<'v>(
    object: &'v Map<String, Value>,
    order: &[&str],
) -> impl Iterator<Item = (&'v String, &'v Value)> {
    let first: Vec<_> = order.iter().filter_map(|key| object.get_key_value(*key)).collect();
    let order: Vec<String> = order.iter().map(|key| (*key).to_owned()).collect();
    first.into_iter().chain(object.iter().filter(move |(key, _)| !order.contains(key)))
}

/// A scalar or an empty collection.
fn flow_or_plain(value: &Value) -> Result<String, String> {
    match value {
        Value::Object(_) | Value::Array(_) => flow(value, &[]),
        scalar => Ok(yaml(scalar)?.trim_end().to_owned()),
    }
}

/// A key of a mapping.
pub(super) fn key(key: &str, style: Style) -> Result<String, String> {
    match style {
        Style::Json => Ok(visible::json(&Value::from(key).to_string()).into_owned()),
        Style::Flow | Style::Block => flow(&Value::from(key), &[]),
    }
}

/// One line of YAML.
fn flow(value: &Value, order: &[&str]) -> Result<String, String> {
    Ok(match value {
        Value::Object(object) if object.is_empty() => "{}".to_owned(),
        Value::Array(items) if items.is_empty() => "[]".to_owned(),
        Value::Object(object) => {
            let entry = |(key, value): (&String, &Value)| {
                Ok(format!("{}: {}", flow(&Value::from(key.as_str()), &[])?, flow(value, &[])?))
            };
            let entries = ordered(object, order).map(entry).collect::<Result<Vec<_>, String>>()?;
            format!("{{ {} }}", entries.join(", "))
        }
        Value::Array(items) => {
            let items = items.iter().map(|item| flow(item, &[])).collect::<Result<Vec<_>, _>>()?;
            format!("[{}]", items.join(", "))
        }
        Value::String(text) => {
            let plain = yaml(value)?;
            let plain = plain.trim_end();
            // What ends a value in this style, or starts another one.
            let unfit = plain != text || text.contains([',', '[', ']', '{', '}', '\n', '#']) || text.contains(": ");
            if unfit { visible::json(&value.to_string()).into_owned() } else { plain.to_owned() }
        }
        scalar => yaml(scalar)?.trim_end().to_owned(),
    })
}
