//! Finding the line and column of a field.
//!
//! JSON is a subset of YAML for this purpose, so one parser with positions serves both. It runs only when there is
//! something to complain about.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

use super::{Position, cursor::Step, document::yaml_options};

/// Where the value at `path` (for a mapping entry: its key) stands in the document with this index in `text`; for a path that leads nowhere, where its
/// last existing part stands.
pub(super) fn position(text: &str, index: usize, path: &[Step<'_>]) -> Option<Position> {
    let roots: Vec<Spanned<Tree>> = serde_saphyr::from_multiple_with_options(text, yaml_options()).ok()?;
    let root = match roots.into_iter().nth(index) {
        Some(root) => root,
        // A text without a document has an end, at least.
        None => serde_saphyr::from_str_with_options(text, yaml_options()).ok()?,
    };
    let mut at = root.referenced;
    let mut tree = &root.value;
    for step in path {
        let (location, next) = match (tree, step) {
            (Tree::Map(entries), Step::Key(key)) => match entries.iter().find(|(k, _)| k.value == *key) {
                Some((key, value)) => (key.referenced, &value.value),
                None => break,
            },
            (Tree::Seq(items), Step::Index(index)) => match items.get(*index) {
                Some(item) => (item.referenced, &item.value),
                None => break,
            },
            _ => break,
        };
        if location.line() > 0 {
            at = location;
        }
        tree = next;
    }
    (at.line() > 0).then(|| Position { line: at.line() as usize, column: at.column() as usize })
}

enum Tree {
    Map(Vec<(Spanned<String>, Spanned<Tree>)>),
    Seq(Vec<Spanned<Tree>>),
    Leaf,
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Leaf)
    }

    fn visit_none<E>(self) -> Result<Tree, E> {
        Ok(Tree::Leaf)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        Tree::deserialize(deserializer)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Tree, E> {
        Ok(Tree::Leaf)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Tree, E> {
        Ok(Tree::Leaf)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Tree, E> {
        Ok(Tree::Leaf)
    }

    fn visit_i128<E>(self, _: i128) -> Result<Tree, E> {
        Ok(Tree::Leaf)
    }

    fn visit_u128<E>(self, _: u128) -> Result<Tree, E> {
        Ok(Tree::Leaf)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Tree, E> {
        Ok(Tree::Leaf)
    }

    fn visit_str<E>(self, _: &str) -> Result<Tree, E> {
        Ok(Tree::Leaf)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Tree, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Tree::Seq(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tree, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = map.next_key()? {
            entries.push((key, map.next_value()?));
        }
        Ok(Tree::Map(entries))
    }

    fn visit_enum<A: serde::de::EnumAccess<'de>>(self, data: A) -> Result<Tree, A::Error> {
        data.variant::<IgnoredAny>().map(|_| Tree::Leaf)
    }
}
