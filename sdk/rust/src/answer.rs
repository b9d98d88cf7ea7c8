//! What a policy's function may return.

use std::fmt;

use crate::error::Error;
use crate::verdict::Verdict;

/// What the function behind `#[admit::policy]` may return: `A`, or `Result<A, E>` with any error that can be displayed. `A` is
/// [`Verdict`] for requests, and `Evaluation` for materials.
#[diagnostic::on_unimplemented(
    message = "a policy cannot return `{Self}`",
    label = "return `Verdict` or `Result<Verdict, E>` where `E` implements `Display`; of a material, `Evaluation`"
)]
pub trait IntoAnswer<A> {
    /// The answer, or the error's text.
    ///
    /// # Errors
    ///
    /// When the policy's function returned an error.
    fn into_answer(self) -> Result<A, Error>;
}

impl IntoAnswer<Verdict> for Verdict {
    fn into_answer(self) -> Result<Verdict, Error> {
        Ok(self)
    }
}

impl<E: fmt::Display> IntoAnswer<Verdict> for Result<Verdict, E> {
    fn into_answer(self) -> Result<Verdict, Error> {
        self.map_err(|error| Error::new(error.to_string()))
    }
}
