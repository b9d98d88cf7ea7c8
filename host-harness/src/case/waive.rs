//! What a policy need not keep, with the reasons: laws of mutations, and shapes of violations.

use std::collections::BTreeMap;

use super::{Law, Shape};
use crate::input::{Cursor, InputError, nearest};

/// What does not hold on purpose, each with the reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waivers(BTreeMap<&'static str, String>);

impl Waivers {
    /// Why a law of mutations need not hold.
    pub fn law(&self, law: Law) -> Option<&str> {
        self.reason(law.word())
    }

    /// Why a violation of this shape may pass.
    pub fn shape(&self, shape: Shape) -> Option<&str> {
        self.reason(shape.word())
    }

    fn reason(&self, word: &str) -> Option<&str> {
        self.0.get(word).map(String::as_str)
    }

    /// These, and others: those of a suite hold for each of its cases.
    pub(super) fn extend(&mut self, others: &Self) {
        for (word, reason) in &others.0 {
            self.0.entry(word).or_insert_with(|| reason.clone());
        }
    }

    /// Reads `waive`: laws and shapes, each with a reason.
    ///
    /// # Errors
    ///
    /// What is neither, and a reason that says nothing.
    pub(super) fn read(waive: &Cursor<'_>) -> Result<Self, InputError> {
        let (laws, shapes) = (Law::ALL.map(Law::word), Shape::ALL.map(Shape::word));
        let known = [&laws[..], &shapes[..]].concat();
        let mut waivers = BTreeMap::new();
        for (given, reason) in waive.entries()? {
            let Some(word) = known.iter().find(|word| **word == given) else {
                let hint = match nearest(given, &known) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("laws: {}; shapes: {}", laws.join(", "), shapes.join(", ")),
                };
                return Err(reason.error(format!("no law of mutations and no shape has this name; {hint}")));
            };
            let text = reason.string()?.trim();
            if text.is_empty() {
                return Err(reason.error("say why the policy need not keep to it"));
            }
            waivers.insert(*word, text.to_owned());
        }
        Ok(Self(waivers))
    }
}
