//! Which Kubewarden the host behaves like.

use semver::Version;

/// The version of Kubewarden whose behaviour is implemented, and which a policy's `minimumKubewardenVersion` is compared
/// with when nothing else is asked for.
pub const KUBEWARDEN_VERSION: Version = Version::new(1, 36, 0);

/// A policy needs a newer Kubewarden.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Policy required Kubewarden version {required} but is running on {running}")]
pub struct TooOld {
    /// The `minimumKubewardenVersion` of the policy's metadata.
    pub required: Version,
    /// The version of Kubewarden that the host implements.
    pub running: Version,
}

/// Compares major and minor version only, as policy-server does: a patch release brings nothing that a policy could need.
///
/// # Errors
///
/// [`TooOld`], in upstream's words.
pub(crate) fn check(required: Option<&Version>, running: &Version) -> Result<(), TooOld> {
    match required {
        Some(required) if (required.major, required.minor) > (running.major, running.minor) => {
            Err(TooOld { required: required.clone(), running: running.clone() })
        }
        _ => Ok(()),
    }
}
