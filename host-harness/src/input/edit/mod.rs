//! Changing a value in the text of a document, and nothing else: comments, the order of keys and the style stay.

mod render;
mod splice;

use serde_json::Value;

use super::places::Step;
use super::yaml::outline::{Entry, Outline, Shape};
use super::{Document, Format};
use render::{Indent, Style};
use splice::Splices;

/// A value that is to stand under a key of the mapping at a path.
pub(crate) struct Edit<'e> {
    pub(crate) path: Vec<Step<'e>>,
    pub(crate) key: &'e str,
    pub(crate) value: &'e Value,
}

/// The text of `document` with all of the edits, which are about different places, where nothing else is changed. Of a value that is an
/// object, the keys in `order` come first where they are new.
///
/// # Errors
///
/// Why it cannot be written there: the way leads through an alias, or the text would mean something else.
pub(crate) fn edited(document: &Document, edits: &[Edit<'_>], order: &[&str]) -> Result<String, String> {
    const UNREADABLE: &str = "the text cannot be edited; write it by hand";
    let text = document.text();
    let outline = Outline::read(text).ok_or(UNREADABLE)?;
    let json = document.format() == Format::Json;
    let mut editor = Editor { text, json, order, splices: Splices::default() };
    for Edit { path, key, value } in edits {
        let (mut here, mut old) = (&outline, document.value());
        for step in path {
            (here, old) = next(here, old, step).ok_or("this part of the file is not written there but referred to")?;
        }
        let Shape::Mapping { flow, entries } = &here.shape else { return Err(UNREADABLE.to_owned()) };
        let old = old.as_object().and_then(|object| object.get(*key));
        match (entries.iter().find(|entry| entry.key == *key), old) {
            (Some(entry), Some(old)) => editor.change(entry, old, value, editor.column(entry.at.start), *flow)?,
            (None, None) => editor.add(here, *flow, entries, key, value)?,
            // The key comes from a merge.
            _ => return Err(UNREADABLE.to_owned()),
        }
    }
    let edited = editor.splices.applied(text);
    means(document, edits, &edited).then_some(edited).ok_or_else(|| UNREADABLE.to_owned())
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

/// Whether the text means what the document means, with the edits.
fn means(document: &Document, edits: &[Edit<'_>], text: &str) -> bool {
    let Ok(read) = Document::parse(text.as_bytes(), document.name()) else { return false };
    let mut wanted = document.value().clone();
    for Edit { path, key, value } in edits {
        let mut here = Some(&mut wanted);
        for step in path {
            here = here.and_then(|here| match step {
                Step::Key(key) => here.get_mut(key),
                Step::Index(index) => here.get_mut(index),
            });
        }
        match here.and_then(Value::as_object_mut) {
            Some(object) => object.insert((*key).to_owned(), super::as_sent(value)),
            None => return false,
        };
    }
    *read.value() == wanted
}

/// Whether there is a text of several lines in it.
fn has_lines(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\n'),
        Value::Array(items) => items.iter().any(has_lines),
        Value::Object(fields) => fields.values().any(has_lines),
        _ => false,
    }
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
                if entries.iter().all(|entry| old.contains_key(&entry.key))
                    && entries.iter().any(|entry| new.contains_key(&entry.key)) =>
            {
                for entry in entries {
                    if let (Some(was), Some(is)) = (old.get(&entry.key), new.get(&entry.key)) {
                        self.change(entry, was, is, self.column(entry.at.start), *flow)?;
                    }
                }
                self.remove(entries, |entry| !new.contains_key(&entry.key), *flow);
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
                // A block of text would take a comment behind it for a part of itself.
                let comment = self.text[here.span.end..self.end_of_line(here.span.end)].contains('#');
                let style = if comment && has_lines(new) && style == Style::Block { Style::Flow } else { style };
                let written = render::value(new, style, Indent::below_key(column), self.order)?;
                if between.contains('#') && !empty {
                    // Comments between the key and the value stay there.
                    match written.starts_with('\n') {
                        true => {
                            let line = self.text[..here.span.start].rfind('\n').unwrap_or(colon);
                            self.splices.replace(line..here.span.end, written);
                        }
                        false => self.splices.replace(here.span.clone(), written.trim_start().to_owned()),
                    }
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
                    format!("\n{}", self.margin(last.at.start))
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

    /// Takes entries away, those that stand next to each other at once, with the comments in their lines. One at least stays.
    fn remove(&mut self, entries: &[Entry], goes: impl Fn(&Entry) -> bool, flow: bool) {
        let end = |entry: &Entry| entry.value.span.end.max(entry.at.end);
        let mut index = 0;
        while let Some(first) = entries.get(index) {
            let count = entries.iter().skip(index).take_while(|entry| goes(entry)).count();
            let Some(last) = count.checked_sub(1).and_then(|more| entries.get(index + more)) else {
                index += 1;
                continue;
            };
            let (next, before) =
                (entries.get(index + count), index.checked_sub(1).and_then(|before| entries.get(before)));
            let range = match (flow, next, before) {
                (true, Some(next), _) => first.at.start..next.at.start,
                (true, None, Some(before)) => end(before)..end(last),
                (true, None, None) => first.at.start..end(last),
                // Whole lines, but for the first entry of an item, which stands behind its dash.
                (false, Some(next), _) if !self.stands_alone(first.at.start) => first.at.start..next.at.start,
                (false, ..) => {
                    let start = self.text[..first.at.start].rfind('\n').unwrap_or(0);
                    start..self.end_of_line(end(last))
                }
            };
            self.splices.replace(range, String::new());
            index += count;
        }
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

    /// The white space before this place in its line.
    fn margin(&self, at: usize) -> &str {
        let start = self.text[..at].rfind('\n').map_or(0, |at| at + 1);
        &self.text[start..at]
    }

    fn end_of_line(&self, at: usize) -> usize {
        self.text[at..].find(['\n', '\r']).map_or(self.text.len(), |length| at + length)
    }
}

#[cfg(test)]
mod tests;
