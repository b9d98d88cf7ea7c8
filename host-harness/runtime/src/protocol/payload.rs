//! The bytes that a policy receives.

use serde_json::{Map, Value};

use crate::request;

/// `{"request": …, "settings": {…}}`, in this order.
pub(crate) fn validate(request: &[u8], settings: &Map<String, Value>) -> Vec<u8> {
    let settings = self::settings(settings);
    [br#"{"request":"#, request, br#","settings":"#, settings.as_slice(), b"}"].concat()
}

/// The settings, without a wrapper.
pub(crate) fn settings(settings: &Map<String, Value>) -> Vec<u8> {
    request::settings(settings)
}
