//! Reading what Chainloop knows out of a world's documents.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{Chainloop, Entry, kind_of};
use crate::capabilities::world::files::named_file;
use crate::input::{Cursor, Document, InputError};
use crate::suite::Base;

const ITEM: [&str; 7] = ["digest", "kind", "downloadable", "references", "created_at", "metadata", "annotations"];

/// Deepest nesting of references. Upstream has one level.
const MAX_DEPTH: usize = 8;

/// Collects the entries of all documents with their places, so that an error about a duplicate can name both.
#[derive(Default)]
pub(in crate::capabilities::world) struct Reader<'d>(BTreeMap<String, (Entry, Cursor<'d>)>);

impl<'d> Reader<'d> {
    /// The `chainloop` of a world.
    pub(in crate::capabilities::world) fn section(
        &mut self,
        section: &Cursor<'d>,
        base: &Base,
    ) -> Result<(), InputError> {
        section.only_keys(&["discover"])?;
        let Some(discover) = section.optional("discover")? else { return Ok(()) };
        for (digest, entry) in discover.entries()? {
            if let Some((_, first)) = self.0.get(digest) {
                return Err(entry.error(format!("`{digest}` is given twice; it is already at {}", first.place())));
            }
            self.0.insert(digest.to_owned(), (read(digest, &entry, base)?, entry));
        }
        Ok(())
    }

    pub(in crate::capabilities::world) fn finish(self) -> Chainloop {
        Chainloop(self.0.into_iter().map(|(digest, (entry, _))| (digest, entry)).collect())
    }
}

fn read(digest: &str, entry: &Cursor<'_>, base: &Base) -> Result<Entry, InputError> {
    if entry.value().is_null() {
        return Ok(Entry::Items(Vec::new()));
    }
    if let Some(path) = named_file(entry, base)? {
        let inner = |error: InputError| entry.error(error.to_string());
        base.count(entry, &path)?;
        let document = Document::open(&path).map_err(inner)?;
        return items(digest, &document.root()).map(Entry::Items).map_err(inner);
    }
    if entry.value().get("error").is_some() {
        entry.only_keys(&["error"])?;
        let text = entry.required("error", "the text that asking fails with")?.string()?;
        return Ok(Entry::Failing(text.to_owned()));
    }
    items(digest, entry).map(Entry::Items)
}

fn items(digest: &str, entry: &Cursor<'_>) -> Result<Vec<Value>, InputError> {
    if !entry.value().is_array() {
        return Ok(vec![of_digest(digest, entry)?]);
    }
    let (mut items, mut kinds) = (Vec::new(), BTreeSet::new());
    for cursor in entry.list()? {
        let item = of_digest(digest, &cursor)?;
        if !kinds.insert(kind_of(&item).to_owned()) {
            return Err(cursor.error(format!("there are two items of the kind {}", kind_of(&item))));
        }
        items.push(item);
    }
    Ok(items)
}

/// An item whose digest is the key of its entry.
fn of_digest(digest: &str, cursor: &Cursor<'_>) -> Result<Value, InputError> {
    if let Some(given) = cursor.optional("digest")?
        && given.string()? != digest
    {
        return Err(given.error(format!("must be {digest}, as the entry says, or be left out")));
    }
    item(cursor, Some(digest), 0)
}

/// An item in the form in which it is sent: fields with nothing in them are left out.
fn item(cursor: &Cursor<'_>, digest: Option<&str>, depth: usize) -> Result<Value, InputError> {
    cursor.only_keys(&ITEM)?;
    if depth > MAX_DEPTH {
        return Err(cursor.error(format!("there are more than {MAX_DEPTH} levels of references")));
    }
    let mut item = Map::new();
    let digest = match digest {
        Some(digest) => digest,
        None => cursor.required("digest", "it is what is referred to")?.string()?,
    };
    item.insert("digest".to_owned(), digest.into());
    let kind = cursor.required("kind", "for example `ATTESTATION` or `SBOM_CYCLONEDX_JSON`")?.string()?;
    item.insert("kind".to_owned(), kind.into());
    if cursor.optional("downloadable")?.map(|given| given.boolean()).transpose()? == Some(true) {
        item.insert("downloadable".to_owned(), true.into());
    }
    if let Some(references) = cursor.optional("references")? {
        let below = |reference: &Cursor<'_>| self::item(reference, None, depth + 1);
        let references: Vec<Value> = references.list()?.iter().map(below).collect::<Result<_, _>>()?;
        insert(&mut item, "references", references.is_empty(), references.into());
    }
    if let Some(created) = cursor.optional("created_at")? {
        created.only_keys(&["seconds", "nanos"])?;
        for (_, number) in created.entries()? {
            if !number.value().is_i64() {
                return Err(number.error("must be a whole number"));
            }
        }
        insert(&mut item, "created_at", false, created.value().clone());
    }
    for key in ["metadata", "annotations"] {
        let Some(texts) = cursor.optional(key)? else { continue };
        for (_, text) in texts.entries()? {
            text.string()?;
        }
        insert(&mut item, key, texts.object()?.is_empty(), texts.value().clone());
    }
    Ok(Value::Object(item))
}

fn insert(item: &mut Map<String, Value>, key: &str, empty: bool, value: Value) {
    if !empty {
        item.insert(key.to_owned(), value);
    }
}
