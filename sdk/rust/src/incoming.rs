//! What a policy's function can look at: its first parameter.

use crate::error::Error;
use crate::json::{Document, Value};
use crate::verdict::Verdict;

/// The first parameter of a policy's function, behind the reference: [`Request`](crate::Request) or
/// [`Raw<T>`](crate::Raw). Not to be implemented elsewhere.
#[diagnostic::on_unimplemented(
    message = "a policy cannot look at `{Self}`",
    label = "write `&Request` for admission requests, or `&Raw<T>` for any other JSON"
)]
pub trait Incoming: Sized {
    /// Whether it is any JSON, and not an admission request.
    const RAW: bool;

    /// Takes what came in from a payload whose root is the object that holds it.
    ///
    /// # Errors
    ///
    /// When the host sent what no host should send. What whoever made the request did wrong is a verdict.
    fn receive(payload: Document) -> Result<Result<Self, Verdict>, Error>;

    /// A field of the payload beside the request.
    fn payload(&self) -> Value<'_>;
}
