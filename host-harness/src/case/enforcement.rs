//! How the answer counts: the keys `mode`, `allowed_to_mutate` and `rejection_message`; and `audit`.

use crate::{
    admission::{Enforcement, Mode},
    input::{Cursor, InputError},
    mode,
};

/// The keys of this file.
pub(super) const KEYS: [&str; 4] = ["mode", "allowed_to_mutate", "rejection_message", "audit"];

/// Whether the case is about the audit scanner.
pub(super) fn audit(root: &Cursor<'_>) -> Result<bool, InputError> {
    Ok(root.optional("audit")?.map(|audit| audit.boolean()).transpose()?.unwrap_or_default())
}

/// The enforcement of a case; the default one for the audit scanner, which applies none.
pub(super) fn enforcement(root: &Cursor<'_>, name: &str) -> Result<Enforcement, InputError> {
    if audit(root)? {
        for key in ["mode", "allowed_to_mutate", "rejection_message"] {
            if let Some(given) = root.given(key)? {
                return Err(given.error("does not go with `audit`: the audit scanner gets the policy's own answer"));
            }
        }
    }
    let default = Enforcement::default();
    let allowed = root.optional("allowed_to_mutate")?.map(|allowed| allowed.boolean()).transpose()?;
    let message = root.optional("rejection_message")?.map(|text| text.string().map(str::to_owned)).transpose()?;
    let enforcement = Enforcement {
        mode: root.optional("mode")?.map(|word| mode::read(&word)).transpose()?.unwrap_or_default(),
        allowed_to_mutate: allowed.unwrap_or(default.allowed_to_mutate),
        message,
        policy_id: name.to_owned(),
    };
    if enforcement.mode == Mode::Monitor {
        for key in ["allowed_to_mutate", "rejection_message"] {
            if let Some(given) = root.given(key)? {
                return Err(given.error("says nothing in mode monitor, which rejects and mutates nothing"));
            }
        }
    }
    Ok(enforcement)
}
