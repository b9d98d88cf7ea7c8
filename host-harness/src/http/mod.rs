//! HTTP requests of policies: which are allowed, and how they travel to who answers them.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use url::{ParseError, Url};

use crate::capabilities::CallError;

/// The hosts that every policy may ask.
const BASE_HOSTS: [&str; 2] = ["www.chainloop.dev", "www.cisa.gov"];

/// A request of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HttpRequest {
    /// Where to, as the policy wrote it.
    pub(crate) url: String,
    /// `GET` and the like.
    pub(crate) method: String,
    /// Its headers.
    pub(crate) headers: BTreeMap<String, String>,
    /// Its body, when it has one.
    pub(crate) body: Option<Vec<u8>>,
}

/// What a policy is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HttpResponse {
    /// The status.
    pub(crate) status: u16,
    /// The body.
    pub(crate) body: Vec<u8>,
}

/// The answer to one request on the way to a response.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct HttpHop {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

/// Why a request ends the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum HttpError {
    /// It may not be made.
    Denied(String),
    /// It failed.
    Failed(String),
    /// Nobody answered it.
    Call(CallError),
}

/// Makes a request, if it is allowed.
pub(crate) fn perform(
    request: HttpRequest,
    allowed: &[String],
    call: &mut dyn FnMut(&HttpRequest) -> Result<HttpHop, CallError>,
) -> Result<HttpResponse, HttpError> {
    let url = match Url::parse(&request.url) {
        Ok(url) => Some(url),
        Err(ParseError::RelativeUrlWithoutBase) => None,
        Err(error) => return Err(HttpError::Failed(format!("Invalid Url: {error}"))),
    };
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    if !allowed.iter().map(String::as_str).chain(BASE_HOSTS).any(|allowed| allowed == host || allowed == "*") {
        return Err(HttpError::Denied(format!("HTTP request to '{}' is not allowed", request.url)));
    }
    let HttpHop { status, body, .. } = call(&request).map_err(HttpError::Call)?;
    Ok(HttpResponse { status, body })
}

#[derive(Serialize)]
struct Asked<'a> {
    url: &'a str,
    method: &'a str,
    headers: &'a BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body_base64: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answered {
    status: u16,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    body: Option<String>,
    body_base64: Option<String>,
}

/// A request as the payload of a host call.
pub(crate) fn payload(request: &HttpRequest) -> Vec<u8> {
    let text = request.body.as_deref().map(std::str::from_utf8);
    let asked = Asked {
        url: &request.url,
        method: &request.method,
        headers: &request.headers,
        body: text.and_then(Result::ok),
        body_base64: request
            .body
            .as_ref()
            .filter(|_| text.is_some_and(|text| text.is_err()))
            .map(|b| STANDARD.encode(b)),
    };
    serde_json::to_vec(&asked).expect("texts are JSON")
}

/// The answer of a host call.
pub(crate) fn hop(answer: &[u8]) -> Result<HttpHop, String> {
    let answered: Answered =
        serde_json::from_slice(answer).map_err(|error| format!("the answer to an HTTP request is not one: {error}"))?;
    let body = match (answered.body, answered.body_base64) {
        (text, None) => text.unwrap_or_default().into_bytes(),
        (None, Some(encoded)) => STANDARD.decode(encoded).map_err(|error| format!("`body_base64` is not: {error}"))?,
        (Some(_), Some(_)) => return Err("an HTTP answer has `body` or `body_base64`, not both".to_owned()),
    };
    Ok(HttpHop { status: answered.status, headers: answered.headers, body })
}
