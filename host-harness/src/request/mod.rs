//! What is evaluated: an AdmissionRequest as the host would send it, or a raw document.
//!
//! [`read()`] takes what people have (an AdmissionReview, a bare AdmissionRequest, a plain Kubernetes object, in JSON or
//! YAML); a plain object is wrapped in the request that an API server would make of it. [`read_all()`] takes several: YAML
//! documents, as `helm template` prints them, and lists, as `kubectl get -o yaml` does.

mod action;
mod item;
mod make;
mod operation;
mod options;
mod read;
pub(crate) mod resources;
mod settings;
mod stored;

pub use admit_runtime::request::{AdmissionRequest, GroupVersionKind, GroupVersionResource, Request, UserInfo};
pub(crate) use make::DEFAULT_USER;
pub use make::MADE_UID;
pub use operation::{Operation, UnknownOperation};
pub use options::RequestOptions;
pub use read::{Documents, ReadRequest, read, read_all, read_object};
pub use settings::{read_settings, settings_read_otherwise_by_kwctl};
pub use stored::{read_all_stored, read_stored};

pub(crate) use item::Item;
pub(crate) use make::made_from;
pub(crate) use read::{no_unknown_fields, one, plain_object, raw, review_or_request};
pub(crate) use settings::settings_of;
pub(crate) use stored::stored;
