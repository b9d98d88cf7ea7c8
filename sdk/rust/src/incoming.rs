//! The types that a policy's function can take as its first parameter.

use crate::error::Error;
use crate::json::{Document, Value};

/// The kind of input that a policy takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Admission requests.
    Request,
    /// Raw requests: any JSON.
    Raw,
    /// Materials of an attestation.
    Material,
}

/// The first parameter of a policy's function, behind the reference: [`Request`](crate::Request), [`Raw<T>`](crate::Raw)
/// or, with the feature `chainloop`, `Material<T>`. Not to be implemented elsewhere.
#[diagnostic::on_unimplemented(
    message = "a policy cannot look at `{Self}`",
    label = "write `&Request` for admission requests, `&Raw<T>` for any other JSON, or `&Material<T>` for a material"
)]
pub trait Incoming: Sized {
    /// The kind of input that this type is.
    const TAKES: Takes;

    /// The type of the policy's answer, without the error.
    type Answer;

    /// Reads the input from a payload, an object that also has the settings.
    ///
    /// # Errors
    ///
    /// When the payload does not keep to the contract. A mistake in a request is an answer instead, the inner `Err`.
    fn receive(payload: Document) -> Result<Result<Self, Self::Answer>, Error>;

    /// The root of the payload, which has the settings beside the input.
    fn payload(&self) -> Value<'_>;
}
