//! Finding the lines and columns of all fields of a text in YAML or JSON.
//!
//! JSON is a subset of YAML for this purpose, so one parser with positions serves both. It runs only when there is an error
//! to report.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

use super::Position;
use super::places::{Below, Places};
use super::room::with_room;
use super::yaml::options;

/// The places in each document of a YAML or JSON text; none when it cannot be read this way.
pub(super) fn places(text: &str) -> Vec<Places> {
    with_room(|| {
        let read = serde_saphyr::from_multiple_with_options::<Spanned<Tree>>(text, options());
        let Ok(mut roots) = read else { return Vec::new() };
        if roots.is_empty() {
            // A text without a document has an end, at least.
            roots.extend(serde_saphyr::from_str_with_options(text, options()));
        }
        roots.into_iter().map(|root| of(position(root.referenced), root.value)).collect()
    })
}

fn of(at: Option<Position>, tree: Tree) -> Places {
    let below = match tree {
        Tree::Map(entries) => {
            // The first one counts.
            let entries = entries.into_iter().rev();
            Below::Map(entries.map(|(key, value)| (key.value, of(position(key.referenced), value.value))).collect())
        }
        Tree::Seq(items) => {
            Below::Seq(items.into_iter().map(|item| of(position(item.referenced), item.value)).collect())
        }
        Tree::Leaf => Below::Nothing,
    };
    Places::new(at, below)
}

fn position(at: serde_saphyr::Location) -> Option<Position> {
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
