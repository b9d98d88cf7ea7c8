//! Requests that are any JSON, of a shape that the policy's author chose.

use std::fmt;
use std::ops::Deref;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, IgnoredAny};

use crate::edit::Edited;
use crate::error::Error;
use crate::incoming::{Incoming, Takes};
use crate::json::{self, Document, Value};
use crate::request::missing_in_payload;
use crate::verdict::{Reason, Verdict};

/// A raw request: any JSON, for policies that are not about Kubernetes objects.
///
/// `T` is the author's type for it, any that derives `Deserialize`; `Raw<T>` dereferences to it and keeps the JSON as it
/// came ([`value`](Self::value)). A request that does not have the shape of `T` is rejected with code 400 and the JSON
/// pointer of what is wrong, before the policy is called. Fields that `T` does not have are ignored, unless `T` says
/// `#[serde(deny_unknown_fields)]`. Without `T` nothing is decoded, and any JSON comes through.
///
/// ```
/// use admit::prelude::*;
///
/// #[derive(Deserialize)]
/// struct Order {
///     quantity: u32,
/// }
///
/// #[admit::policy]
/// fn validate(order: &Raw<Order>) -> Verdict {
///     if order.quantity > 100 {
///         return Verdict::reject(Reason::new("at most 100 at a time").at("/quantity"));
///     }
///     Verdict::accept()
/// }
///
/// let order = Raw::from_json(r#"{"quantity": 500, "note": "as soon as possible"}"#)?;
/// assert!(!validate(&order).is_accepted());
/// assert_eq!(order.value().str("note")?.as_deref(), Some("as soon as possible"));
/// # Ok::<(), admit::Error>(())
/// ```
pub struct Raw<T = Untyped> {
    document: Document,
    /// Where the request is in the document.
    node: u32,
    typed: T,
}

/// In place of a type, for [`Raw`] requests that are looked at as JSON only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Untyped;

impl<'de> Deserialize<'de> for Untyped {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self)
    }
}

/// What a [`Raw`] request can be read into: any type that derives `Deserialize`. Not to be implemented elsewhere.
#[diagnostic::on_unimplemented(
    message = "a raw request cannot be read into `{Self}`",
    label = "`{Self}` does not implement `Deserialize`, or borrows",
    note = "add `#[derive(Deserialize)]` to it, and own what it holds"
)]
pub trait Shape: Sized {
    /// Decodes the request.
    ///
    /// # Errors
    ///
    /// When it has another shape.
    fn decode(request: Value<'_>) -> Result<Self, json::Error>;
}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned> Shape for T {
    fn decode(request: Value<'_>) -> Result<Self, json::Error> {
        request.decode()
    }
}

impl<T: Shape> Raw<T> {
    /// Reads a request, for tests of a policy's function.
    ///
    /// # Errors
    ///
    /// When the text is not JSON, or does not have the shape of `T`.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        Ok(Self::decode(Document::parse(text.as_bytes().to_vec())?, 0)?)
    }

    fn decode(document: Document, node: u32) -> Result<Self, json::Error> {
        let typed = T::decode(document.value(node, node))?;
        Ok(Self { document, node, typed })
    }
}

impl<T> Raw<T> {
    /// The request as it came.
    pub fn value(&self) -> Value<'_> {
        self.document.value(self.node, self.node)
    }

    /// A copy of the whole request to edit, for [`Verdict::mutate`]. It has every field that came in, known to `T` or not.
    ///
    /// # Errors
    ///
    /// When the request has a number that an edit cannot keep: see [`Edited`].
    pub fn edit(&self) -> Result<Edited, Error> {
        Edited::whole(self.value())
    }
}

impl<T> Deref for Raw<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.typed
    }
}

impl<T> fmt::Debug for Raw<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value().fmt(f)
    }
}

impl<T: Shape> Incoming for Raw<T> {
    const TAKES: Takes = Takes::Raw;

    type Answer = Verdict;

    fn receive(payload: Document) -> Result<Result<Self, Verdict>, Error> {
        // `null` is a request as well.
        let request = payload.root().field("request").ok_or_else(|| missing_in_payload(&payload))?;
        let node = request.index();
        Ok(Self::decode(payload, node).map_err(|error| bad_request(&error)))
    }

    fn payload(&self) -> Value<'_> {
        self.document.root()
    }
}

/// The answer to a request that does not have the shape of `T`: a rejection with code 400.
#[cold]
fn bad_request(error: &json::Error) -> Verdict {
    let reason = Reason::new(error.message()).code(400);
    Verdict::reject(if error.pointer().is_empty() { reason } else { reason.at(error.pointer()) })
}
