//! Mutation: edits of the object or the raw request that came in.
//!
//! An edit starts from the JSON that came in, so every field that the policy does not touch survives, also fields that this
//! crate does not know.

mod container;
mod copy;
mod metadata;
#[cfg(feature = "json-patch")]
mod patch;
mod place;
mod pod_spec;
#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::ops::{Deref, DerefMut};

pub use container::ContainerMut;
pub use metadata::MetadataMut;
pub use place::ValueMut;
pub use pod_spec::PodSpecMut;

use crate::error::Error;
use crate::json::{self, Value};

/// The object of a request (for [`Raw`](crate::Raw) requests: the whole request), being edited; for
/// [`Verdict::mutate`](crate::Verdict::mutate). It can only be had from [`Request::edit`](crate::Request::edit) and
/// [`Raw::edit`](crate::Raw::edit), so it has every field that came in.
///
/// There are four ways to edit, which can be mixed:
///
/// * by JSON pointer: [`set`](Self::set), [`remove`](Self::remove), [`push`](Self::push), and [`at`](Self::at) for several
///   edits in one place;
/// * with views that know Kubernetes: [`metadata_mut`](Self::metadata_mut), [`pod_spec_mut`](Self::pod_spec_mut) and the
///   containers in it;
/// * as a `serde_json::Value`, which an `Edited` dereferences to, or in a closure: [`update`](Self::update). Mind that
///   `value["a"]["b"] = …` panics where `a` is a string or a number; the first two ways answer an error;
/// * with patches in JSON: `patch` (RFC 6902) and `merge` (RFC 7386), with the feature `json-patch`.
///
/// ```
/// # use admit::prelude::*;
/// fn add_label(request: &Request) -> Result<Verdict, Error> {
///     let mut object = request.edit()?;
///     object.metadata_mut().set_label("checked", "true")?;
///     for mut container in object.pod_spec_mut()?.all_containers_mut()? {
///         container.set_security_context("readOnlyRootFilesystem", true)?;
///     }
///     let mut verdict = Verdict::accept();
///     verdict.mutate(object);
///     Ok(verdict)
/// }
/// ```
///
/// # Numbers
///
/// Integers of up to 64 bits and `-0` stay what they are. Other numbers are 64-bit floats, as in the API server and in
/// hosts: `2.0` stays `2.0`, `1e3` becomes `1000.0`, more than 17 digits are rounded. An edit of what such a float cannot
/// keep is an error: an integer that would lose digits, and numbers that are too large or too small (`1e400`, `1e-400`).
#[derive(Clone, Debug)]
pub struct Edited {
    value: serde_json::Value,
    base: Base,
    changed: Cell<bool>,
}

/// The kind of value that is edited: it decides which results can be a mutation.
#[derive(Clone, Debug)]
enum Base {
    /// An object, and where its kind keeps the pod spec.
    Object(Result<&'static [&'static str], Error>),
    /// Any JSON.
    Whole {
        /// Whether the request was `null` when it came in.
        null: bool,
    },
}

impl Edited {
    /// A copy of the object of a request.
    pub(crate) fn object(value: Value<'_>, pod_spec: Result<&'static [&'static str], Error>) -> Result<Self, Error> {
        Ok(Self { value: copy::copy(value)?, base: Base::Object(pod_spec), changed: Cell::new(false) })
    }

    /// A copy of a request that is any JSON.
    pub(crate) fn whole(value: Value<'_>) -> Result<Self, Error> {
        let value = copy::copy(value)?;
        let base = Base::Whole { null: value.is_null() };
        Ok(Self { value, base, changed: Cell::new(false) })
    }

    /// The value behind a JSON pointer, for several edits in it. Values that are missing on the path are created when the
    /// first field is set.
    ///
    /// # Errors
    ///
    /// When the pointer is not a JSON pointer, leads through a value that is neither an object nor an array, or to an item
    /// that an array does not have. The error says where. The same holds for the other edits by pointer.
    pub fn at(&mut self, pointer: &str) -> Result<ValueMut<'_>, json::Error> {
        self.root().into_at(pointer)
    }

    /// Sets the value behind a JSON pointer. Objects that are missing on the path are created; `null` counts as missing. The
    /// pointer of the end of an array (its length, or `-`) appends.
    ///
    /// ```
    /// # use admit::prelude::*;
    /// # fn main() -> Result<(), Error> {
    /// let mut order = Raw::<()>::from_json("null")?.edit()?;
    /// order.set("/customer/address/city", "Oslo")?;
    /// assert_eq!(order.to_string(), r#"{"customer":{"address":{"city":"Oslo"}}}"#);
    /// let error = order.set("/customer/address/city/name", "Oslo").unwrap_err();
    /// assert_eq!(error.to_string(), "/customer/address/city: expected an object or an array, found a string");
    /// # Ok(())
    /// # }
    /// ```
    pub fn set(&mut self, pointer: &str, value: impl Into<serde_json::Value>) -> Result<(), json::Error> {
        self.root().set(pointer, value)
    }

    /// Removes the value behind a JSON pointer, and gives it back; `None` when there is none. Items behind it in an array
    /// move up.
    pub fn remove(&mut self, pointer: &str) -> Result<Option<serde_json::Value>, json::Error> {
        self.root().remove(pointer)
    }

    /// Appends to the array behind a JSON pointer, which is made when it is missing.
    pub fn push(&mut self, pointer: &str, value: impl Into<serde_json::Value>) -> Result<(), json::Error> {
        self.root().push(pointer, value)
    }

    /// Edits the JSON in a closure, and gives back what the closure does.
    ///
    /// ```
    /// # use admit::prelude::*;
    /// # let mut order = Raw::<admit::Untyped>::from_json(r#"{"lines": [{"quantity": 1}]}"#)?.edit()?;
    /// order.update(|order| {
    ///     for line in order["lines"].as_array_mut().into_iter().flatten() {
    ///         line["checked"] = true.into();
    ///     }
    /// });
    /// # assert_eq!(order["lines"][0]["checked"], true);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn update<R>(&mut self, edit: impl FnOnce(&mut serde_json::Value) -> R) -> R {
        edit(&mut *self)
    }

    /// The `metadata` of the object.
    pub fn metadata_mut(&mut self) -> MetadataMut<'_> {
        MetadataMut::new(self.root(), "/metadata")
    }

    /// The pod spec of the object: of a Pod itself, or of the template of a Deployment, ReplicaSet, StatefulSet, DaemonSet,
    /// ReplicationController, Job or CronJob.
    ///
    /// # Errors
    ///
    /// When the object is of another kind, or has no pod spec where its kind has one.
    pub fn pod_spec_mut(&mut self) -> Result<PodSpecMut<'_>, Error> {
        let path = self.pod_spec_path()?;
        PodSpecMut::find(self.root(), path)
    }

    /// The `metadata` of the pods: of a Pod itself, or of the template of the other kinds that have a
    /// [pod spec](Self::pod_spec_mut).
    ///
    /// # Errors
    ///
    /// When the object is of a kind without a pod spec.
    pub fn pod_metadata_mut(&mut self) -> Result<MetadataMut<'_>, Error> {
        let mut pointer = String::new();
        // Without the last key (`spec`), the path leads to the pod or the pod template.
        for key in self.pod_spec_path()?.split_last().map_or(&[][..], |(_, parents)| parents) {
            json::segment(&mut pointer, key);
        }
        pointer.push_str("/metadata");
        Ok(MetadataMut::new(self.root(), &pointer))
    }

    fn pod_spec_path(&self) -> Result<&'static [&'static str], Error> {
        match &self.base {
            Base::Object(path) => path.clone(),
            Base::Whole { .. } => Err(Error::new("a raw request has no pod spec")),
        }
    }

    fn root(&mut self) -> ValueMut<'_> {
        ValueMut::new(&mut self.value, String::new(), &self.changed)
    }

    /// The mutated object or request for the response to the host; `None` when nothing was edited.
    ///
    /// # Errors
    ///
    /// When an object became another type, or a raw request became `null`, which hosts take for no mutation.
    pub(crate) fn into_mutation(self) -> Result<Option<serde_json::Value>, Error> {
        if !self.changed.get() {
            return Ok(None);
        }
        match self.base {
            Base::Object(_) if !self.value.is_object() => {
                Err(Error::new("the policy replaced the object by something that is not an object"))
            }
            // `changed` is also set by mutable access that changed nothing.
            Base::Whole { null: true } if self.value.is_null() => Ok(None),
            Base::Whole { .. } if self.value.is_null() => {
                Err(Error::new("the policy replaced the request by `null`, which says that nothing was mutated"))
            }
            _ => Ok(Some(self.value)),
        }
    }
}

impl PartialEq for Edited {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Deref for Edited {
    type Target = serde_json::Value;

    fn deref(&self) -> &serde_json::Value {
        &self.value
    }
}

impl DerefMut for Edited {
    fn deref_mut(&mut self) -> &mut serde_json::Value {
        // What is done through the reference is not known, so mutable access counts as a change.
        self.changed.set(true);
        &mut self.value
    }
}
