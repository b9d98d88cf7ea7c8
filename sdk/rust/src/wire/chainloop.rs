//! Host calls of policies on Chainloop, as JSON documents: HTTP requests, and artifacts with their references.
//!
//! On Chainloop itself these are calls of the Extism ABI with blocks of memory. Our host makes these documents of them, so
//! that they are seen, answered and recorded like every other host call.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::base64;

/// Key of the args beside the material, and the name by which Chainloop gives them.
pub const ARGS: &str = "args";

/// Namespace of [`REQUEST`].
pub const HTTP: &str = "http";

/// Operation of [`HTTP`]: one request and its response, without following redirects. Payload [`HttpRequest`], answer
/// [`HttpResponse`].
pub const REQUEST: &str = "request";

/// Namespace of [`DISCOVER`].
pub const CHAINLOOP: &str = "chainloop";

/// Operation of [`CHAINLOOP`]: an artifact and its references. Payload [`DiscoverRequest`], answer the JSON that the guest
/// gets.
pub const DISCOVER: &str = "discover";

/// An HTTP request. A body that is text is the field `body` of its JSON, another one `body_base64`, none is neither.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HttpRequest {
    /// The URL.
    pub url: String,
    /// The method, for example `GET`.
    pub method: String,
    /// Header fields.
    pub headers: BTreeMap<String, String>,
    /// The body, empty when there is none.
    pub body: Vec<u8>,
}

/// The response to an [`HttpRequest`], whatever its status. Its body is written as that of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HttpResponse {
    /// The status code.
    pub status: u16,
    /// Header fields; names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body, empty when there is none.
    pub body: Vec<u8>,
}

/// The payload of [`DISCOVER`]: the artifact that is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiscoverRequest {
    /// `sha256:` and the digest.
    pub digest: String,
    /// The kind that is wanted, for example `ATTESTATION`; empty for any.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
}

/// How violations of an admission policy name the object, in front of the text: `Pod shop/web: `.
pub fn object_name(kind: &str, namespace: Option<&str>, name: Option<&str>) -> String {
    let mut text = kind.to_owned();
    text.push(' ');
    if let Some(namespace) = namespace {
        text.push_str(namespace);
        text.push('/');
    }
    text.push_str(name.unwrap_or("(no name)"));
    text.push_str(": ");
    text
}

#[derive(Serialize, Deserialize)]
struct WrittenRequest<'a> {
    url: Cow<'a, str>,
    #[serde(default = "get")]
    method: Cow<'a, str>,
    #[serde(default)]
    headers: Cow<'a, BTreeMap<String, String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body_base64: Option<Cow<'a, str>>,
}

#[derive(Serialize, Deserialize)]
struct WrittenResponse<'a> {
    status: u16,
    #[serde(default)]
    headers: Cow<'a, BTreeMap<String, String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body_base64: Option<Cow<'a, str>>,
}

fn get<'a>() -> Cow<'a, str> {
    Cow::Borrowed("GET")
}

/// The fields `body` and `body_base64` of a body.
fn written(body: &[u8]) -> (Option<Cow<'_, str>>, Option<Cow<'_, str>>) {
    match std::str::from_utf8(body) {
        Ok("") => (None, None),
        Ok(text) => (Some(text.into()), None),
        Err(_) => (None, Some(base64::encode(body).into())),
    }
}

fn read(body: Option<Cow<'_, str>>, base64: Option<Cow<'_, str>>) -> Result<Vec<u8>, &'static str> {
    match (body, base64) {
        (Some(_), Some(_)) => Err("`body` and `body_base64` do not go together"),
        (Some(text), None) => Ok(text.into_owned().into_bytes()),
        (None, Some(base64)) => base64::decode(&base64).ok_or("`body_base64` is not base64"),
        (None, None) => Ok(Vec::new()),
    }
}

impl Serialize for HttpRequest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (body, body_base64) = written(&self.body);
        let (url, method) = (self.url.as_str().into(), self.method.as_str().into());
        WrittenRequest { url, method, headers: Cow::Borrowed(&self.headers), body, body_base64 }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for HttpRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let WrittenRequest { url, method, headers, body, body_base64 } = WrittenRequest::deserialize(deserializer)?;
        let body = read(body, body_base64).map_err(D::Error::custom)?;
        Ok(Self { url: url.into_owned(), method: method.into_owned(), headers: headers.into_owned(), body })
    }
}

impl Serialize for HttpResponse {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (body, body_base64) = written(&self.body);
        let headers = Cow::Borrowed(&self.headers);
        WrittenResponse { status: self.status, headers, body, body_base64 }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for HttpResponse {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let WrittenResponse { status, headers, body, body_base64 } = WrittenResponse::deserialize(deserializer)?;
        let body = read(body, body_base64).map_err(D::Error::custom)?;
        Ok(Self { status, headers: headers.into_owned(), body })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;

    #[track_caller]
    fn same<T: Serialize + for<'de> Deserialize<'de> + PartialEq + std::fmt::Debug>(value: &T, text: &str) {
        assert_eq!(serde_json::to_string(value).expect("JSON"), text);
        assert_eq!(&serde_json::from_str::<T>(text).expect("it is read"), value);
    }

    #[test]
    fn bodies_are_text_where_they_can_be() {
        let headers = BTreeMap::from([("Accept".to_owned(), "text/plain".to_owned())]);
        let mut request =
            HttpRequest { url: "https://a.example".to_owned(), method: "GET".to_owned(), headers, body: vec![] };
        same(&request, r#"{"url":"https://a.example","method":"GET","headers":{"Accept":"text/plain"}}"#);
        request.headers.clear();
        request.body = b"\"\xc3\xa9".to_vec();
        same(&request, r#"{"url":"https://a.example","method":"GET","headers":{},"body":"\"é"}"#);
        request.body = vec![0xff, 0xfe, 0xfd];
        same(&request, r#"{"url":"https://a.example","method":"GET","headers":{},"body_base64":"//79"}"#);
        let response = HttpResponse { status: 204, ..HttpResponse::default() };
        same(&response, r#"{"status":204,"headers":{}}"#);
        same(&HttpResponse { body: vec![0x80], ..response }, r#"{"status":204,"headers":{},"body_base64":"gA=="}"#);
    }

    #[test]
    fn what_can_be_left_out() {
        let request: HttpRequest = serde_json::from_str(r#"{"url": "u", "more": 1}"#).expect("a request");
        assert_eq!((request.method.as_str(), request.body.len()), ("GET", 0));
        same(&DiscoverRequest { digest: "d".to_owned(), kind: String::new() }, r#"{"digest":"d"}"#);
        same(&DiscoverRequest { digest: "d".to_owned(), kind: "K".to_owned() }, r#"{"digest":"d","kind":"K"}"#);
    }

    #[test]
    fn what_cannot_be_read() {
        let error = |text: &str| serde_json::from_str::<HttpRequest>(text).expect_err("it is wrong").to_string();
        assert!(error(r#"{"url": "u", "body_base64": "%"}"#).starts_with("`body_base64` is not base64"));
        assert!(error(r#"{"url": "u", "body": "", "body_base64": ""}"#).starts_with("`body` and `body_base64` do not"));
        assert!(error(r#"{"method": "GET"}"#).starts_with("missing field `url`"));
    }
}
