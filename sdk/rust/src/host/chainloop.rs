//! HTTP requests and `chainloop/discover` as host calls by name, for fake hosts in tests. On Chainloop both are imports of
//! their own.

pub(super) use crate::wire::chainloop::{CHAINLOOP, HTTP};
#[cfg(any(not(target_arch = "wasm32"), test))]
use crate::wire::chainloop::{DISCOVER, DiscoverRequest, REQUEST};
use crate::wire::chainloop::{HttpRequest, HttpResponse};

/// The import behind [`HostClient::http`](super::HostClient::http).
pub(crate) type HttpImport = fn(&HttpRequest) -> Result<HttpResponse, String>;

/// The import behind [`HostClient::discover`](super::HostClient::discover).
pub(crate) type DiscoverImport = fn(&str, &str) -> Result<Vec<u8>, String>;

/// In a module, the host of Chainloop makes requests through the import, and other hosts make none. So this is an error, and
/// the code for [`HttpRequest`] documents is not in every module.
#[cfg(all(target_arch = "wasm32", not(test)))]
pub(super) fn http(
    _: impl Fn(&str, &[u8]) -> Result<Vec<u8>, String>,
    _: &HttpRequest,
) -> Result<HttpResponse, String> {
    Err("this host makes no HTTP requests".to_owned())
}

#[cfg(all(target_arch = "wasm32", not(test)))]
pub(super) fn discover(
    _: impl Fn(&str, &[u8]) -> Result<Vec<u8>, String>,
    _: &str,
    _: &str,
) -> Result<Vec<u8>, String> {
    Err("this host knows no artifacts".to_owned())
}

#[cfg(any(not(target_arch = "wasm32"), test))]
pub(super) fn http(
    call: impl Fn(&str, &[u8]) -> Result<Vec<u8>, String>,
    request: &HttpRequest,
) -> Result<HttpResponse, String> {
    let payload = serde_json::to_vec(request).map_err(|error| error.to_string())?;
    let answer = call(REQUEST, &payload)?;
    serde_json::from_slice(&answer).map_err(|error| format!("the answer to an HTTP request cannot be read: {error}"))
}

#[cfg(any(not(target_arch = "wasm32"), test))]
pub(super) fn discover(
    call: impl Fn(&str, &[u8]) -> Result<Vec<u8>, String>,
    digest: &str,
    kind: &str,
) -> Result<Vec<u8>, String> {
    let request = DiscoverRequest { digest: digest.to_owned(), kind: kind.to_owned() };
    call(DISCOVER, &serde_json::to_vec(&request).map_err(|error| error.to_string())?)
}
