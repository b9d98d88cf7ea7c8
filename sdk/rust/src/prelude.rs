//! Everything a policy usually needs: `use admit::prelude::*;`

pub use serde::Deserialize;

pub use crate::{
    Container, ContainerKind, Error, Host, HostError, HostErrorKind, JsonSchema, Level, Metadata, NoSettings,
    Operation, PodSpec, Raw, Reason, Record, Request, Settings, SettingsError, Verdict,
};

#[cfg(feature = "chainloop")]
pub use crate::{Args, Evaluation, LicenseViolation, Material, Sast, Severity, Vulnerability};
