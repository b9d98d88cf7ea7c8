//! Metadata of Kubewarden policies as authors write it, whether the code agrees with it, and how it gets into a module.

mod agreement;
mod annotate;
mod embed;
mod read;
mod spelling;

pub use agreement::{UsedAndDeclared, check};
pub use annotate::{AnnotateError, Annotated, annotate};
pub(crate) use annotate::{askable, protocol_version};
pub use embed::{EmbedError, embed};
pub use read::Written;
