//! The args of a policy as Chainloop gives them.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};

use crate::settings::Settings;

/// The args of a policy, untyped: the second parameter of a policy that does not know their names.
///
/// ```
/// use admit::prelude::*;
///
/// #[admit::policy]
/// fn check(material: &Material, args: &Args) -> Result<Evaluation, Error> {
///     let wanted = args.list("kinds");
///     let kind = material.metadata()?.kind()?.unwrap_or_default();
///     if wanted.is_empty() || wanted.iter().any(|wanted| *wanted == kind) {
///         return Ok(Evaluation::success());
///     }
///     Ok(Evaluation::fail(format!("{kind} is not one of {}", wanted.join(", "))))
/// }
///
/// let material = Material::from_json(r#"{"chainloop_metadata": {"annotations": {"chainloop.material.type": "SARIF"}}}"#)?;
/// let args: Args = [("kinds", ["OPENVEX"])].into();
/// assert_eq!(check(&material, &args)?.violations(), ["SARIF is not one of OPENVEX"]);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Args(BTreeMap<String, Arg>);

/// The value of one arg. Chainloop splits a value that has commas or several lines into an array of strings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arg {
    /// A string.
    One(String),
    /// An array of strings, usually two or more.
    Many(Vec<String>),
}

impl Args {
    /// The value of an arg that is one string; `None` when it is missing or an array: see [`list`](Self::list).
    pub fn string(&self, name: &str) -> Option<&str> {
        match self.0.get(name)? {
            Arg::One(text) => Some(text),
            Arg::Many(_) => None,
        }
    }

    /// The strings of an arg: those of an array, or the one string; empty when the arg is missing.
    pub fn list(&self, name: &str) -> Vec<&str> {
        match self.0.get(name) {
            None => Vec::new(),
            Some(Arg::One(text)) => vec![text],
            Some(Arg::Many(texts)) => texts.iter().map(String::as_str).collect(),
        }
    }

    /// Every arg by its name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Arg)> {
        self.0.iter().map(|(name, arg)| (name.as_str(), arg))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Settings for Args {}

impl<const N: usize, A: Into<Arg>> From<[(&str, A); N]> for Args {
    fn from(args: [(&str, A); N]) -> Self {
        Self(args.into_iter().map(|(name, arg)| (name.to_owned(), arg.into())).collect())
    }
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::One(text.to_owned())
    }
}

impl<const N: usize> From<[&str; N]> for Arg {
    fn from(texts: [&str; N]) -> Self {
        Self::Many(texts.map(str::to_owned).into())
    }
}

impl<'de> Deserialize<'de> for Arg {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Arg;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or an array of strings")
            }

            fn visit_str<E>(self, text: &str) -> Result<Arg, E> {
                Ok(Arg::One(text.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut texts: A) -> Result<Arg, A::Error> {
                let mut list = Vec::new();
                while let Some(text) = texts.next_element()? {
                    list.push(text);
                }
                Ok(Arg::Many(list))
            }
        }
        deserializer.deserialize_any(Read)
    }
}
