//! Materials, and what a policy sees of them.

mod archive;
mod check;
mod envelope;
mod error;
mod guess;
mod image;
mod input;
mod layout;
mod metadata;
mod project;
mod sbom;

use std::collections::BTreeMap;
use std::path::Path;

pub use check::check;
pub use error::MaterialError;

use self::image::Image;
use super::json::{Json, Sink};
use super::kind::{Form, Kind};
use crate::file::{MAX_MATERIAL, Refused, read};

/// A material, which a policy of Chainloop evaluates.
///
/// Its content is in memory once: [`into_input`](Self::into_input) consumes it.
#[derive(Clone, Debug)]
pub struct Material {
    kind: Kind,
    /// What a contract calls it, or what stands for that.
    name: String,
    by_contract: bool,
    annotations: BTreeMap<String, String>,
    content: Content,
}

#[derive(Clone, Debug)]
enum Content {
    Text(String),
    Image(Image),
    File {
        /// The last part of its path.
        name: String,
        bytes: Vec<u8>,
    },
}

impl Material {
    /// The material that `argument` names: the text itself for [`Kind::String`], a reference or the folder of an OCI layout
    /// for [`Kind::ContainerImage`], a path for all others.
    ///
    /// # Errors
    ///
    /// A file that cannot be read or is not [of its kind](check), and a reference without a digest.
    pub fn open(kind: Kind, argument: &str) -> Result<Self, MaterialError> {
        match kind.form() {
            Form::Text => Ok(Self::text(argument)),
            Form::Image => match layout::open(argument)? {
                Some(image) => Ok(Self::new(kind, Content::Image(image))),
                None => Self::image(argument),
            },
            Form::Json | Form::Any | Form::Projected => Self::file(kind, Path::new(argument)),
        }
    }

    /// A text: a material of kind [`Kind::String`].
    pub fn text(text: impl Into<String>) -> Self {
        Self::new(Kind::String, Content::Text(text.into()))
    }

    /// An image: `repository@sha256:…` or `repository:tag@sha256:…`. No registry is asked, so the digest has to be there.
    ///
    /// # Errors
    ///
    /// A text that is not such a reference.
    pub fn image(reference: &str) -> Result<Self, MaterialError> {
        Ok(Self::new(Kind::ContainerImage, Content::Image(Image::parse(reference)?)))
    }

    /// A file.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, or that is not [of its kind](check).
    pub fn file(kind: Kind, path: &Path) -> Result<Self, MaterialError> {
        let shown = path.display().to_string();
        let failed = |error: std::io::Error| {
            if let Some(refused) = Refused::of(&error) {
                return MaterialError::refused(&shown, refused);
            }
            let words = check::missing(kind, &shown, &error);
            MaterialError::crafting(kind, &shown, &words).explain(format!("it cannot be read: {error}"))
        };
        if kind == Kind::HelmChart && shown.starts_with("oci://") {
            let words = "no registry is asked here";
            return Err(MaterialError::crafting(kind, &shown, words).advise("give the chart as a file"));
        }
        let bytes = read(path, MAX_MATERIAL).map_err(failed)?;
        check(kind, &shown, &bytes)?;
        let name = path.file_name().map_or_else(|| shown.clone(), |name| name.to_string_lossy().into_owned());
        Self::bytes(kind, name, bytes)
    }

    /// A file of this name that has these bytes, whether they are [of its kind](check) or not: a policy may be tried with
    /// any document.
    ///
    /// # Errors
    ///
    /// A file without content. (A report of no secrets is fine: TruffleHog writes nothing then.)
    pub fn bytes(kind: Kind, name: impl Into<String>, bytes: Vec<u8>) -> Result<Self, MaterialError> {
        let (name, mut bytes) = (name.into(), bytes);
        if bytes.is_empty() && kind == Kind::TrufflehogJson {
            bytes = b"[]".to_vec();
        }
        if bytes.is_empty() {
            return Err(MaterialError::crafting(kind, &name, check::EMPTY).explain("there is nothing in it"));
        }
        Ok(Self::new(kind, Content::File { name, bytes }))
    }

    fn new(kind: Kind, content: Content) -> Self {
        let name = "material".to_owned();
        Self { kind, name, by_contract: false, annotations: BTreeMap::new(), content }
    }

    /// With the name that a contract gives it, in place of `material`. Policies that are about no kind are asked about such
    /// materials only.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self.by_contract = true;
        self
    }

    /// With the name of materials whose kind nobody said.
    #[must_use]
    pub fn detected(mut self) -> Self {
        self.name = "auto-detected-material".to_owned();
        self
    }

    /// Whether a contract gave it its [name](Self::named).
    pub fn is_named_by_contract(&self) -> bool {
        self.by_contract
    }

    /// With an annotation. One that Chainloop sets itself stays as it is.
    #[must_use]
    pub fn annotated(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.annotations.insert(key.into(), value.into());
        self
    }

    /// Its kind.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The bytes that a policy gets as its input: a JSON object with the document's entries and `chainloop_metadata`.
    ///
    /// # Errors
    ///
    /// A document that is not JSON, in Chainloop's words with line and column, or that cannot be made JSON.
    pub fn into_input(self) -> Result<Vec<u8>, MaterialError> {
        input::input(&self)
    }
}

/// The input of a policy about a whole attestation: the statement, without `chainloop_metadata`. An envelope or a bundle
/// around it is taken off.
///
/// # Errors
///
/// What is no JSON object, or no envelope of one. `name` is what errors call it.
pub fn attestation_input(name: &str, bytes: &[u8]) -> Result<Vec<u8>, MaterialError> {
    let syntax = |error| MaterialError::syntax(name, bytes, &error);
    let json = Json::first(bytes).map_err(syntax)?;
    let statement = match json.member(json.start(), "_type") {
        Some(_) => None,
        None => Some(envelope::payload(name, bytes)?),
    };
    let bytes = statement.as_deref().unwrap_or(bytes);
    let json = Json::first(bytes).map_err(|error| MaterialError::syntax(name, bytes, &error))?;
    if json.byte(json.start()) != b'{' {
        return Err(MaterialError::new(name, "failed to parse input: the statement is not a JSON object"));
    }
    let mut sink = Sink::with_capacity(bytes.len());
    json.write(json.start(), &mut sink);
    Ok(sink.into_bytes())
}
