//! HTTP requests, on Chainloop.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::host::{Host, HostError};
#[cfg(all(target_arch = "wasm32", not(test), feature = "chainloop"))]
use crate::imports::extism::http as import;
use crate::json::{self, Document};
use crate::wire::chainloop::{HTTP, HttpRequest, HttpResponse as Answer, REQUEST};

/// Stands for the import in native builds, where there is no network. Fake hosts do not use it.
#[cfg(not(all(target_arch = "wasm32", not(test), feature = "chainloop")))]
fn import(_: &HttpRequest) -> Result<Answer, String> {
    Err("there is no network here".to_owned())
}

impl Host {
    /// HTTP requests: a capability of Chainloop, which Kubewarden does not have.
    pub fn http(&self) -> Http<'_> {
        Http { host: self }
    }
}

/// HTTP requests; comes from [`Host::http`].
///
/// Chainloop allows requests to its own hosts, and to those that the user who runs the attestation allows. A request that is
/// not allowed, or that gets no response, **ends the evaluation** with an error: there is nothing that a policy could catch.
/// A response with any status is a response. Redirects are followed.
///
/// ```
/// # use admit::prelude::*;
/// fn allowed(host: &Host) -> Result<Vec<String>, Error> {
///     let response = host.http().get("https://example.com/licenses.json")?;
///     if response.status() != 200 {
///         return Err(Error::new(format!("the list of licenses answered {}", response.status())));
///     }
///     Ok(response.json()?)
/// }
/// # let host = Host::new(|_: &str, _: &str, _: &[u8]| Ok(br#"{"status":200,"body":"[\"MIT\"]"}"#.to_vec()));
/// # assert_eq!(allowed(&host)?, ["MIT"]);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Http<'h> {
    host: &'h Host,
}

impl<'h> Http<'h> {
    /// A GET.
    ///
    /// # Errors
    ///
    /// In tests, what the fake host fails with; on Chainloop the evaluation ends instead.
    pub fn get(self, url: &str) -> Result<HttpResponse, HostError> {
        self.request("GET", url).send()
    }

    /// A POST with these bytes.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get).
    pub fn post(self, url: &str, body: impl Into<Vec<u8>>) -> Result<HttpResponse, HostError> {
        self.request("POST", url).body(body).send()
    }

    /// A POST of a value as JSON.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get), or that the value is not JSON (a map whose keys are not strings).
    pub fn post_json(self, url: &str, body: &impl Serialize) -> Result<HttpResponse, HostError> {
        let body = serde_json::to_vec(body).map_err(|error| failed(format!("the body is not JSON: {error}")))?;
        self.request("POST", url).header("content-type", "application/json").body(body).send()
    }

    /// A request with any method, which is made by [`send`](HttpCall::send).
    pub fn request(self, method: &str, url: &str) -> HttpCall<'h> {
        let request = HttpRequest { url: url.to_owned(), method: method.to_owned(), ..HttpRequest::default() };
        HttpCall { host: self.host, request }
    }
}

/// A request that is about to be made; comes from [`Http::request`].
#[derive(Debug)]
#[must_use = "a request is made by `send`"]
pub struct HttpCall<'h> {
    host: &'h Host,
    request: HttpRequest,
}

impl HttpCall<'_> {
    /// Sets a header field.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.request.headers.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Sets the body.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.request.body = body.into();
        self
    }

    /// Makes the request.
    ///
    /// # Errors
    ///
    /// As [`Http::get`].
    pub fn send(self) -> Result<HttpResponse, HostError> {
        self.host.calls().http(import, &self.request).map(HttpResponse).map_err(failed)
    }
}

#[cold]
fn failed(message: String) -> HostError {
    HostError::from_host(HTTP, REQUEST, message)
}

/// The response to a request, whatever its status. Header fields are not known on Chainloop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpResponse(Answer);

impl HttpResponse {
    /// The status code.
    pub fn status(&self) -> u16 {
        self.0.status
    }

    /// The body.
    pub fn bytes(&self) -> &[u8] {
        &self.0.body
    }

    /// The body as text.
    ///
    /// # Errors
    ///
    /// When it is not UTF-8.
    pub fn text(&self) -> Result<&str, HostError> {
        std::str::from_utf8(&self.0.body).map_err(|_| unreadable("it is not UTF-8 text"))
    }

    /// The body, decoded from JSON.
    ///
    /// # Errors
    ///
    /// When it is not JSON, or of another shape.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, HostError> {
        match Document::parse(self.0.body.clone()) {
            Ok(document) => document.root().decode().map_err(|error| HostError::invalid_answer(HTTP, REQUEST, &error)),
            Err(error) => Err(unreadable(&format!("it is not JSON: {error}"))),
        }
    }
}

#[cold]
fn unreadable(what: &str) -> HostError {
    HostError::invalid_answer(HTTP, REQUEST, &json::Error::new(what))
}
