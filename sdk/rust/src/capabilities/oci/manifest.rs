//! Views on manifests: of the OCI, and of Docker, which have the same fields.

use std::borrow::Cow;

use super::super::missing;
use crate::json::{self, Value};

/// The manifest behind a reference: that of one image, or an index of several.
#[derive(Clone, Copy, Debug)]
pub enum Manifest<'a> {
    /// One image.
    Image(ImageManifest<'a>),
    /// A list of images, one for each platform.
    Index(ImageIndex<'a>),
}

impl<'a> Manifest<'a> {
    /// Distinguishes the two by their fields, because `mediaType` is optional.
    ///
    /// # Errors
    ///
    /// When it is neither.
    pub(super) fn read(value: Value<'a>) -> Result<Self, json::Error> {
        if value.array("manifests")?.is_some() {
            return Ok(Self::Index(ImageIndex(value)));
        }
        if value.array("layers")?.is_some() && value.object("config")?.is_some() {
            return Ok(Self::Image(ImageManifest(value)));
        }
        let text = "expected a manifest (with `config` and `layers`) or an index (with `manifests`)";
        Err(json::Error::new(text).at(|| value.pointer()))
    }

    /// As [`read`](Self::read), for a value that has passed it.
    pub(super) fn of(value: Value<'a>) -> Self {
        match value.get("manifests") {
            Some(_) => Self::Index(ImageIndex(value)),
            None => Self::Image(ImageManifest(value)),
        }
    }

    /// The JSON behind this view.
    pub fn value(self) -> Value<'a> {
        match self {
            Self::Image(manifest) => manifest.value(),
            Self::Index(index) => index.value(),
        }
    }

    /// The media type, where the manifest says it.
    ///
    /// # Errors
    ///
    /// When it is not a string.
    pub fn media_type(self) -> Result<Option<Cow<'a, str>>, json::Error> {
        self.value().str("mediaType")
    }

    /// The annotation `key`.
    ///
    /// # Errors
    ///
    /// When it is not a string.
    pub fn annotation(self, key: &str) -> Result<Option<Cow<'a, str>>, json::Error> {
        annotation(self.value(), key)
    }
}

/// The manifest of one image.
///
/// Getters answer an error when the field is missing or has the wrong type.
#[derive(Clone, Copy, Debug)]
pub struct ImageManifest<'a>(pub(super) Value<'a>);

impl<'a> ImageManifest<'a> {
    /// The JSON behind this view.
    pub fn value(self) -> Value<'a> {
        self.0
    }

    /// The descriptor of the image's configuration.
    pub fn config(self) -> Result<Descriptor<'a>, json::Error> {
        self.0.object("config")?.map(Descriptor).ok_or_else(|| missing(self.0, "config"))
    }

    /// The descriptors of the layers, the lowest layer first.
    pub fn layers(self) -> Result<impl Iterator<Item = Descriptor<'a>>, json::Error> {
        descriptors(self.0, "layers")
    }

    /// The annotation `key`, if it is there.
    pub fn annotation(self, key: &str) -> Result<Option<Cow<'a, str>>, json::Error> {
        annotation(self.0, key)
    }
}

/// A list of images, one for each platform.
///
/// Getters answer an error when the field is missing or has the wrong type.
#[derive(Clone, Copy, Debug)]
pub struct ImageIndex<'a>(Value<'a>);

impl<'a> ImageIndex<'a> {
    /// The JSON behind this view.
    pub fn value(self) -> Value<'a> {
        self.0
    }

    /// The descriptors of the manifests.
    pub fn manifests(self) -> Result<impl Iterator<Item = Descriptor<'a>>, json::Error> {
        descriptors(self.0, "manifests")
    }

    /// The annotation `key`, if it is there.
    pub fn annotation(self, key: &str) -> Result<Option<Cow<'a, str>>, json::Error> {
        annotation(self.0, key)
    }
}

/// An OCI descriptor: media type, digest and size of a part of an image.
///
/// Getters answer an error when the field is missing or has the wrong type.
#[derive(Clone, Copy, Debug)]
pub struct Descriptor<'a>(Value<'a>);

impl<'a> Descriptor<'a> {
    /// The JSON behind this view.
    pub fn value(self) -> Value<'a> {
        self.0
    }

    /// The media type of the part.
    pub fn media_type(self) -> Result<Cow<'a, str>, json::Error> {
        self.0.str("mediaType")?.ok_or_else(|| missing(self.0, "mediaType"))
    }

    /// Its digest.
    pub fn digest(self) -> Result<Cow<'a, str>, json::Error> {
        self.0.str("digest")?.ok_or_else(|| missing(self.0, "digest"))
    }

    /// Its size in bytes.
    pub fn size(self) -> Result<i64, json::Error> {
        self.0.i64("size")?.ok_or_else(|| missing(self.0, "size"))
    }

    /// The platform that it is for: an object with `architecture`, `os` and maybe `variant`.
    pub fn platform(self) -> Result<Option<Value<'a>>, json::Error> {
        self.0.object("platform")
    }

    /// The annotation `key`, if it is there.
    pub fn annotation(self, key: &str) -> Result<Option<Cow<'a, str>>, json::Error> {
        annotation(self.0, key)
    }
}

fn descriptors<'a>(
    parent: Value<'a>,
    key: &str,
) -> Result<impl Iterator<Item = Descriptor<'a>> + use<'a>, json::Error> {
    let items = parent.array(key)?.ok_or_else(|| missing(parent, key))?;
    match items.clone().find(|item| item.kind() != json::Kind::Object) {
        Some(item) => Err(item.unexpected("an object")),
        None => Ok(items.map(Descriptor)),
    }
}

fn annotation<'a>(parent: Value<'a>, key: &str) -> Result<Option<Cow<'a, str>>, json::Error> {
    match parent.object("annotations")? {
        Some(annotations) => annotations.str(key),
        None => Ok(None),
    }
}
