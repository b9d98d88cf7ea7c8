//! Changing a value in the text of a document, and nothing else: comments, the order of keys and the style stay.

mod render;
mod splice;

use serde_json::Value;

use super::places::Step;
use super::yaml::outline::{Entry, Outline, Shape};
use super::{Document, Format};
use render::{Indent, Style};
use splice::Splices;

/// The text of `document` with `value` under `key` of the mapping at `path`, where nothing else is changed. Of a value that is an object,
/// the keys in `order` come first where they are new.
///
/// # Errors
///
/// Why it cannot be written there: the way leads through an alias, or the text would mean something else.
pub(crate) fn set(
    document: &Document,
    path: &[Step<'_>],
    key: &str,
    value: &Value,
    order: &[&str],
) -> Result<String, String> {
    const UNREADABLE: &str = "the text cannot be edited; write it by hand";
    let text = document.text();
    let outline = Outline::read(text).ok_or(UNREADABLE)?;
    let (mut here, mut old) = (&outline, document.value());
    for step in path {
        (here, old) = next(here, old, step).ok_or("this part of the file is not written there but referred to")?;
    }
    let Shape::Mapping { flow, entries } = &here.shape else { return Err(UNREADABLE.to_owned()) };
    let json = document.format() == Format::Json;
    let mut editor = Editor { text, json, order, splices: Splices::default() };
    let old = old.as_object().and_then(|object| object.get(key));
    match (entries.iter().find(|entry| entry.key == key), old) {
        (Some(entry), Some(old)) => editor.change(entry, old, value, editor.column(entry.at.start), *flow)?,
        (None, None) => editor.add(here, *flow, entries, key, value)?,
        // The key comes from a merge.
        _ => return Err(UNREADABLE.to_owned()),
    }
    let edited = editor.splices.applied(text);
    checked(document, path, key, value, &edited).then_some(edited).ok_or_else(|| UNREADABLE.to_owned())
}

fn next<'o, 'v>(outline: &'o Outline, value: &'v Value, step: &Step<'_>) -> Option<(&'o Outline, &'v Value)> {
    match (&outline.shape, step) {
        (Shape::Mapping { entries, .. }, Step::Key(key)) => {
            Some((&entries.iter().find(|entry| entry.key == *key)?.value, value.get(key)?))
        }
        (Shape::Sequence { items, .. }, Step::Index(index)) => Some((items.get(*index)?, value.get(index)?)),
        _ => None,
    }
}

/// Whether the text means what it meant, but for the value.
fn checked(document: &Document, path: &[Step<'_>], key: &str, value: &Value, edited: &str) -> bool {
    let Ok(read) = Document::parse(edited.as_bytes(), document.name()) else { return false };
    let mut wanted = document.value().clone();
    let mut here = Some(&mut wanted);
    for step in path {
        here = here.and_then(|here| match step {
            Step::Key(key) => here.get_mut(key),
            Step::Index(index) => here.get_mut(index),
        });
    }
    match here.and_then(Value::as_object_mut) {
        Some(object) => object.insert(key.to_owned(), super::as_sent(value)),
        None => return false,
    };
    *read.value() == wanted
}

struct Editor<'t> {
    text: &'t str,
    json: bool,
    /// The keys that come first in new objects.
    order: &'t [&'t str],
    splices: Splices,
}

impl Editor<'_> {
    /// Writes another value of an entry: only the parts that differ, where both are collections.
    fn change(&mut self, entry: &Entry, old: &Value, new: &Value, column: usize, in_flow: bool) -> Result<(), String> {
        let from = entry.at.end;
        self.change_value(&entry.value, old, new, Some(from), column, in_flow)
    }

    /// As [`change`](Self::change), of a value behind the key that ends at `key`, or in a list.
    fn change_value(
        &mut self,
        here: &Outline,
        old: &Value,
        new: &Value,
        key: Option<usize>,
        column: usize,
        in_flow: bool,
    ) -> Result<(), String> {
        if super::as_sent(new) == *old {
            return Ok(());
        }
        match (&here.shape, old, new) {
            (Shape::Mapping { flow, entries }, Value::Object(old), Value::Object(new))
                if !new.is_empty() && entries.iter().all(|entry| old.contains_key(&entry.key)) =>
            {
                for (index, entry) in entries.iter().enumerate() {
                    let Some(was) = old.get(&entry.key) else { continue };
                    match new.get(&entry.key) {
                        Some(is) => self.change(entry, was, is, self.column(entry.at.start), *flow)?,
                        None => self.remove(entries, index, *flow),
                    }
                }
                for (key, value) in render::ordered(new, self.order).filter(|(key, _)| !old.contains_key(*key)) {
                    self.add(here, *flow, entries, key, value)?;
                }
                return Ok(());
            }
            (Shape::Sequence { flow, items }, Value::Array(old), Value::Array(new))
                if old.len() == new.len() && items.len() == old.len() =>
            {
                for (item, (old, new)) in items.iter().zip(old.iter().zip(new)) {
                    self.change_value(item, old, new, None, self.column(item.span.start), *flow)?;
                }
                return Ok(());
            }
            _ => {}
        }
        let style = match &here.shape {
            _ if self.json => Style::Json,
            Shape::Mapping { flow: true, .. } | Shape::Sequence { flow: true, .. } => Style::Flow,
            _ if in_flow => Style::Flow,
            _ => Style::Block,
        };
        let empty = here.span.is_empty();
        match key {
            // Behind the key, whatever comes before the value but a comment is replaced as well.
            Some(key) => {
                let colon = key + self.text.get(key..).and_then(|rest| rest.find(':')).ok_or("no colon")? + 1;
                let between = self.text.get(colon..here.span.start).unwrap_or_default();
                let block =
                    matches!(&here.shape, Shape::Mapping { flow: false, .. } | Shape::Sequence { flow: false, .. });
                let written = render::value(new, style, Indent::below_key(column), self.order)?;
                if between.contains('#') && block && written.starts_with('\n') {
                    let line = self.text[..here.span.start].rfind('\n').unwrap_or(colon);
                    self.splices.replace(line..here.span.end, written);
                } else {
                    let end = if empty { colon } else { here.span.end };
                    self.splices.replace(colon..end.max(colon), written);
                }
            }
            None => {
                let written = render::value(new, style, Indent::in_list(column), self.order)?;
                self.splices.replace(here.span.clone(), written.trim_start().to_owned());
            }
        }
        Ok(())
    }

    /// Writes another entry behind the last one.
    fn add(
        &mut self,
        mapping: &Outline,
        flow: bool,
        entries: &[Entry],
        key: &str,
        value: &Value,
    ) -> Result<(), String> {
        let style = if self.json {
            Style::Json
        } else if flow {
            Style::Flow
        } else {
            Style::Block
        };
        let last = entries.last();
        if flow {
            let end = last.map_or(mapping.span.start + 1, |last| last.value.span.end.max(last.at.end));
            let comma = if last.is_some() { "," } else { "" };
            // In JSON an entry stands where those before it do.
            let place = match last {
                Some(last) if self.stands_alone(last.at.start) => {
                    format!("\n{}", " ".repeat(self.column(last.at.start)))
                }
                Some(_) => " ".to_owned(),
                None => String::new(),
            };
            let written = render::value(value, style, Indent::below_key(0), self.order)?;
            let key = render::key(key, style)?;
            self.splices.insert(end, format!("{comma}{place}{key}:{written}"));
            return Ok(());
        }
        let Some(last) = last else { return Err("there is nothing to write it behind".to_owned()) };
        let column = self.column(last.at.start);
        let end = self.end_of_line(last.value.span.end.max(last.at.end));
        let written = render::value(value, style, Indent::below_key(column), self.order)?;
        self.splices.insert(end, format!("\n{}{}:{written}", " ".repeat(column), render::key(key, style)?));
        Ok(())
    }

    fn remove(&mut self, entries: &[Entry], index: usize, flow: bool) {
        let Some(entry) = entries.get(index) else { return };
        let end = entry.value.span.end.max(entry.at.end);
        let range = match (flow, entries.get(index + 1), index.checked_sub(1).and_then(|before| entries.get(before))) {
            (true, Some(next), _) => entry.at.start..next.at.start,
            (true, None, Some(before)) => before.value.span.end.max(before.at.end)..end,
            (true, None, None) => entry.at.start..end,
            // Whole lines, but for the first entry of an item, which stands behind its dash.
            (false, Some(next), _) if !self.stands_alone(entry.at.start) => entry.at.start..next.at.start,
            (false, ..) => {
                let start = self.text[..entry.at.start].rfind('\n').unwrap_or(0);
                start..self.end_of_line(end)
            }
        };
        self.splices.replace(range, String::new());
    }

    /// The number of characters before this place in its line.
    fn column(&self, at: usize) -> usize {
        let start = self.text[..at].rfind('\n').map_or(0, |at| at + 1);
        self.text[start..at].chars().count()
    }

    /// Whether only white space stands before this place in its line.
    fn stands_alone(&self, at: usize) -> bool {
        let start = self.text[..at].rfind('\n').map_or(0, |at| at + 1);
        self.text[start..at].trim().is_empty()
    }

    fn end_of_line(&self, at: usize) -> usize {
        self.text[at..].find(['\n', '\r']).map_or(self.text.len(), |length| at + length)
    }
}

#[cfg(test)]
mod tests;
