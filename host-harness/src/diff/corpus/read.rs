//! From a piece of a corpus to the requests in it.

use serde_json::Value;

use super::{LeftOut, Piece, Reason, audit};
use crate::diff::subject::Place;
use crate::input::{Document, InputError, Position};
use crate::request::{self, Item, ReadRequest, Request, RequestOptions};

/// A request of a corpus.
pub(in crate::diff) struct Asked {
    pub(in crate::diff) request: Request,
    pub(in crate::diff) place: Place,
    /// What had to be guessed.
    pub(in crate::diff) notes: Vec<String>,
}

impl Piece {
    /// The requests in it; one, in most pieces. With `raw` each document is one, whatever it is.
    pub(in crate::diff) fn requests(self, raw: bool) -> Vec<Result<Asked, LeftOut>> {
        let documents = match Document::parse_all(&self.text, &*self.file) {
            Ok(documents) => documents,
            Err(error) => return vec![Err(self.unreadable(error, self.item))],
        };
        let mut found = Vec::new();
        for document in &documents {
            if raw {
                let asked = request::raw(&document.root(), &RequestOptions { raw: true, ..RequestOptions::default() });
                found.push(self.asked(asked, self.item));
                continue;
            }
            if is_array_of_objects(document.value()) {
                let about =
                    "it is an array: write its items as documents (`jq -c '.[]'`), or as the `items` of a `kind: List`"
                        .to_owned();
                found.push(Err(LeftOut { reason: Reason::Unreadable, place: self.place(self.item), about }));
                continue;
            }
            if !document.value().is_object() {
                let about = "it is no object".to_owned();
                found.push(Err(LeftOut { reason: Reason::NoObject, place: self.place(self.item), about }));
                continue;
            }
            match Item::all_of(&document.root(), self.of.clone()) {
                Err(error) => found.push(Err(self.unreadable(error, self.item))),
                Ok(items) => {
                    let several = items.len() > 1;
                    for (item, number) in items.iter().zip(1..) {
                        found.push(self.one(item, self.item.or(several.then_some(number))));
                    }
                }
            }
        }
        found
    }

    fn one(&self, item: &Item<'_>, number: Option<u64>) -> Result<Asked, LeftOut> {
        if let Some(read) = audit::event(item) {
            return match read {
                Ok(asked) => self.asked(asked, number),
                Err(reason) => Err(LeftOut { reason, place: self.place(number), about: audit::about(item) }),
            };
        }
        if !item.of_list() && is_something_else(item.cursor.value()) {
            let about = "it has not both apiVersion and kind".to_owned();
            return Err(LeftOut { reason: Reason::NoObject, place: self.place(number), about });
        }
        self.asked(request::one(item, &RequestOptions::default()), number)
    }

    fn asked(&self, read: Result<ReadRequest, InputError>, number: Option<u64>) -> Result<Asked, LeftOut> {
        match read {
            Ok(ReadRequest { request, notes }) => Ok(Asked { request, notes, place: self.place(number) }),
            Err(error) => Err(self.unreadable(error, number)),
        }
    }

    fn place(&self, item: Option<u64>) -> Place {
        Place { file: self.file.to_string(), line: self.line + self.before, item }
    }

    fn unreadable(&self, error: InputError, item: Option<u64>) -> LeftOut {
        let InputError { position, field, message, .. } = error;
        let about = if field.is_empty() { message } else { format!("{field}: {message}") };
        // The line is that of the piece.
        let line = position.map(|Position { line, .. }| self.line + line as u64 - 1);
        let mut place = self.place(item);
        place.line = line.unwrap_or(place.line);
        LeftOut { reason: Reason::Unreadable, place, about }
    }
}

/// Whether a document is an array with what an API server would take in it, as programs for JSON write it.
fn is_array_of_objects(document: &Value) -> bool {
    document.as_array().is_some_and(|items| items.iter().any(|item| item.is_object() && !is_something_else(item)))
}

/// Whether a document is not meant for an API server: the values and the description of a chart, for example.
fn is_something_else(document: &Value) -> bool {
    let has = |key: &str| document.get(key).is_some_and(|value| !value.is_null());
    let object = has("apiVersion") && has("kind");
    let request = ["uid", "operation", "resource", "userInfo", "request"].into_iter().any(has);
    !object && !request
}
