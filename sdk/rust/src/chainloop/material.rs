//! Materials, as policies see them.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use super::document::{self, document};
use super::{Execute, MATERIAL, METADATA, Output, Rule};
use crate::base64;
use crate::dispatch::PolicyOf;
use crate::error::Error;
use crate::host::Host;
use crate::incoming::{Incoming, Takes};
use crate::json::{self, Document, Value};
use crate::raw::Untyped;

/// A material of an attestation: what a policy on Chainloop looks at.
///
/// `T` is the author's type for its document, any that derives `Deserialize`; `Material<T>` dereferences to it. A material
/// that does not have the shape of `T` is an error of the evaluation, with the JSON pointer of what is wrong, and the policy
/// is not called. Fields that `T` does not have are ignored. Without `T` nothing is decoded; [`value`](Self::value) has
/// views on the JSON.
///
/// Materials that are no JSON (texts, container images) have metadata only; [`content`](Self::content) is the original
/// where Chainloop has it at hand.
pub struct Material<T = Untyped> {
    payload: Document,
    /// Where the material is in the payload.
    node: u32,
    typed: T,
}

/// What the document of a [`Material`] can be read into: any type that derives `Deserialize`. Not to be implemented
/// elsewhere.
#[diagnostic::on_unimplemented(
    message = "a material cannot be read into `{Self}`",
    label = "`{Self}` does not implement `Deserialize`, or borrows",
    note = "add `#[derive(Deserialize)]` to it, and own what it holds"
)]
pub trait MaterialShape: Sized {
    /// Decodes the document.
    ///
    /// # Errors
    ///
    /// When it has another shape.
    fn decode(payload: &Document, node: u32) -> Result<Self, json::Error>;
}

#[diagnostic::do_not_recommend]
impl<T: serde::de::DeserializeOwned> MaterialShape for T {
    fn decode(payload: &Document, node: u32) -> Result<Self, json::Error> {
        document::decode(payload, node)
    }
}

impl<T: MaterialShape> Material<T> {
    /// Reads a material in the form in which Chainloop sends it, for tests of a policy's function.
    ///
    /// # Errors
    ///
    /// When the text is not JSON, or does not have the shape of `T`.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        Self::at(Document::parse(text.as_bytes().to_vec())?, 0)
    }

    fn at(payload: Document, node: u32) -> Result<Self, Error> {
        let document = document(payload.value(node, node)).index();
        let typed = T::decode(&payload, document)
            .map_err(|error| Error::new(format!("the material cannot be read: {error}")))?;
        Ok(Self { payload, node, typed })
    }
}

impl<T> Material<T> {
    /// The document as JSON: an array that Chainloop put under `elements` is an array here. An object still has
    /// `chainloop_metadata` in it.
    pub fn value(&self) -> Value<'_> {
        document(self.whole()).rebase()
    }

    /// The JSON text that Chainloop sent, including `chainloop_metadata`.
    pub fn input(&self) -> &str {
        self.whole().raw()
    }

    /// Chainloop's metadata of the material (`chainloop_metadata`).
    ///
    /// # Errors
    ///
    /// When there is none: the material that is an attestation as a whole has none.
    pub fn metadata(&self) -> Result<MaterialMetadata<'_>, Error> {
        match self.whole().object(METADATA)? {
            Some(value) => Ok(MaterialMetadata { value }),
            None => Err(Error::new("the material has no `chainloop_metadata`")),
        }
    }

    /// The bytes of the original. Chainloop puts them into the metadata of small materials and of texts, not of others.
    ///
    /// # Errors
    ///
    /// When there are none, or what is there is not base64.
    pub fn content(&self) -> Result<Vec<u8>, Error> {
        let Some(content) = self.metadata()?.value.str("content")? else {
            return Err(Error::new("the original of the material is not at hand: its metadata has no `content`"));
        };
        base64::decode(&content).ok_or_else(|| Error::new("the `content` of the material's metadata is not base64"))
    }

    /// The original as text.
    ///
    /// # Errors
    ///
    /// As [`content`](Self::content), or when it is not UTF-8.
    pub fn text(&self) -> Result<String, Error> {
        String::from_utf8(self.content()?).map_err(|_| Error::new("the material is not UTF-8 text"))
    }

    fn whole(&self) -> Value<'_> {
        self.payload.value(self.node, self.node)
    }
}

impl<T> Deref for Material<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.typed
    }
}

impl<T> fmt::Debug for Material<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.whole().fmt(f)
    }
}

impl<T: MaterialShape> Incoming for Material<T> {
    const TAKES: Takes = Takes::Material;

    type Answer = Output;

    fn receive(payload: Document) -> Result<Result<Self, Output>, Error> {
        let Some(material) = payload.root().field(MATERIAL) else {
            return Err(Error::new("missing field `material`"));
        };
        let node = material.index();
        Self::at(payload, node).map(Ok)
    }

    fn payload(&self) -> Value<'_> {
        self.payload.root()
    }
}

impl<T: MaterialShape> Execute for Material<T> {
    fn execute(policy: &PolicyOf<Self>, payload: Document, _: &[Rule], host: &Host) -> Result<Output, Error> {
        (policy.validate)(payload, host)
    }
}

/// Chainloop's metadata of a material: an in-toto resource descriptor, with annotations.
#[derive(Clone, Copy)]
pub struct MaterialMetadata<'a> {
    value: Value<'a>,
}

/// The annotations of a material.
#[derive(Clone, Copy)]
pub struct Annotations<'a> {
    value: Option<Value<'a>>,
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident: $field:literal,)*) => {$(
        $(#[$doc])*
        ///
        /// # Errors
        ///
        /// When it is there and not a string.
        pub fn $name(self) -> Result<Option<Cow<'a, str>>, Error> {
            Ok(self.value.str($field)?)
        }
    )*};
}

impl<'a> MaterialMetadata<'a> {
    texts! {
        /// Name of the file, or of the image without tag and digest. Texts have none.
        name: "name",
        /// The URI that identifies the material.
        uri: "uri",
        /// The URI from which the material can be downloaded.
        download_location: "download_location",
        /// Its media type.
        media_type: "media_type",
    }

    /// A digest of the material, as hexadecimal digits: `sha256` is the algorithm that Chainloop uses.
    ///
    /// # Errors
    ///
    /// When it is there and not a string.
    pub fn digest(self, algorithm: &str) -> Result<Option<Cow<'a, str>>, Error> {
        match self.value.object("digest")? {
            Some(digests) => Ok(digests.str(algorithm)?),
            None => Ok(None),
        }
    }

    /// The kind of the material, for example `SBOM_CYCLONEDX_JSON`.
    ///
    /// # Errors
    ///
    /// When it is there and not a string.
    pub fn kind(self) -> Result<Option<Cow<'a, str>>, Error> {
        self.annotations()?.text("chainloop.material.type")
    }

    /// The name that the workflow gives the material.
    ///
    /// # Errors
    ///
    /// When it is there and not a string.
    pub fn material_name(self) -> Result<Option<Cow<'a, str>>, Error> {
        self.annotations()?.text("chainloop.material.name")
    }

    /// The tag of a container image.
    ///
    /// # Errors
    ///
    /// When it is there and not a string.
    pub fn image_tag(self) -> Result<Option<Cow<'a, str>>, Error> {
        self.annotations()?.text("chainloop.material.image.tag")
    }

    /// Whether that tag is the latest one.
    ///
    /// # Errors
    ///
    /// When it is there and neither `true` nor `false`.
    pub fn image_is_latest_tag(self) -> Result<Option<bool>, Error> {
        self.annotations()?.flag("chainloop.material.image.is_latest_tag")
    }

    /// The annotations: Chainloop's own, which begin with `chainloop.`, and those of the user.
    ///
    /// # Errors
    ///
    /// When they are there and not an object.
    pub fn annotations(self) -> Result<Annotations<'a>, Error> {
        Ok(Annotations { value: self.value.object("annotations")? })
    }

    /// All of it as JSON.
    pub fn value(self) -> Value<'a> {
        self.value
    }
}

impl<'a> Annotations<'a> {
    /// The value of an annotation.
    pub fn get(self, name: &str) -> Option<Value<'a>> {
        self.value?.get(name)
    }

    /// The value of an annotation that is a string.
    ///
    /// # Errors
    ///
    /// When it is there and not a string.
    pub fn text(self, name: &str) -> Result<Option<Cow<'a, str>>, Error> {
        match self.value {
            Some(value) => Ok(value.str(name)?),
            None => Ok(None),
        }
    }

    /// The value of an annotation that is `true` or `false`.
    ///
    /// # Errors
    ///
    /// When it is there and neither.
    pub fn flag(self, name: &str) -> Result<Option<bool>, Error> {
        match self.value {
            Some(value) => Ok(value.bool(name)?),
            None => Ok(None),
        }
    }

    /// Names and values.
    pub fn iter(self) -> impl Iterator<Item = (Cow<'a, str>, Value<'a>)> {
        self.value.into_iter().flat_map(Value::entries)
    }
}

impl fmt::Debug for MaterialMetadata<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl fmt::Debug for Annotations<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value {
            Some(value) => value.fmt(f),
            None => f.write_str("{}"),
        }
    }
}
