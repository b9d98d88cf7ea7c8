//! The bytes that a policy receives.
//!
//! Keys are sorted at every level, as Kubewarden sends them. The `serde_json` of this workspace sorts anyway, but any crate of the same
//! build can switch that off, so it is asked for.

use serde_json::{Map, Value};

use crate::request::Request;

/// `{"request": …, "settings": {…}}`, in this order.
pub(crate) fn validate(request: &Request, settings: &Map<String, Value>) -> Vec<u8> {
    let mut request = match request {
        Request::Kubernetes(request) => serde_json::to_value(request).expect("an admission request is JSON"),
        Request::Raw(raw) => raw.clone(),
    };
    request.sort_all_objects();
    let mut payload = br#"{"request":"#.to_vec();
    payload.extend_from_slice(request.to_string().as_bytes());
    payload.extend_from_slice(br#","settings":"#);
    payload.extend_from_slice(&self::settings(settings));
    payload.push(b'}');
    payload
}

/// The settings, without a wrapper.
pub(crate) fn settings(settings: &Map<String, Value>) -> Vec<u8> {
    let mut settings = Value::Object(settings.clone());
    settings.sort_all_objects();
    settings.to_string().into_bytes()
}
