//! `ObjectMeta`, being edited.

use std::ops::{Deref, DerefMut};

use super::place::ValueMut;
use crate::json::Error;

/// The `metadata` of an object that is being edited. Where it is missing, the first setter creates it.
///
/// It dereferences to [`ValueMut`], for fields that have no setter here.
#[derive(Debug)]
pub struct MetadataMut<'a>(ValueMut<'a>);

impl<'a> MetadataMut<'a> {
    /// The metadata at `pointer` below a place.
    pub(super) fn new(place: ValueMut<'a>, pointer: &str) -> Self {
        Self(place.below(pointer))
    }

    /// Sets the label `key`.
    ///
    /// # Errors
    ///
    /// When the metadata or its labels are not an object; the same holds for the other methods.
    pub fn set_label(&mut self, key: &str, value: impl Into<String>) -> Result<(), Error> {
        self.set_field("/labels", key, value.into())
    }

    /// Removes the label `key`, and tells whether it was there.
    pub fn remove_label(&mut self, key: &str) -> Result<bool, Error> {
        Ok(self.remove_field("/labels", key)?.is_some())
    }

    /// Sets the annotation `key`.
    pub fn set_annotation(&mut self, key: &str, value: impl Into<String>) -> Result<(), Error> {
        self.set_field("/annotations", key, value.into())
    }

    /// Removes the annotation `key`, and tells whether it was there.
    pub fn remove_annotation(&mut self, key: &str) -> Result<bool, Error> {
        Ok(self.remove_field("/annotations", key)?.is_some())
    }
}

impl<'a> Deref for MetadataMut<'a> {
    type Target = ValueMut<'a>;

    fn deref(&self) -> &ValueMut<'a> {
        &self.0
    }
}

impl DerefMut for MetadataMut<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}
