//! What a policy's function can look at: its first parameter.

use crate::error::Error;
use crate::json::{Document, Value};

/// What a policy's function looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Admission requests.
    Request,
    /// Any JSON that is asked about.
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
    /// Which of them it is.
    const TAKES: Takes;

    /// What the function answers with.
    type Answer;

    /// Takes what came in from a payload whose root is the object that holds it.
    ///
    /// # Errors
    ///
    /// When the host sent what no host should send. What whoever made the request did wrong is an answer.
    fn receive(payload: Document) -> Result<Result<Self, Self::Answer>, Error>;

    /// A field of the payload beside the request.
    fn payload(&self) -> Value<'_>;
}
