//! The HTTP responses of a world.

mod read;

use std::collections::BTreeMap;

use admit::wire::chainloop::{HttpRequest, HttpResponse};
use serde_json::Value;
use url::Url;

pub(super) use read::Reader;

use super::{miss, short};
use crate::capabilities::CallError;

/// Answers by method and URL: `https://a.example/` for GET, `POST https://a.example/` for others.
pub(super) struct Http(BTreeMap<String, Answer>);

enum Answer {
    Response(HttpResponse),
    /// There is no response, for this reason.
    Failing(String),
}

impl Http {
    /// The response to one request; a redirect is not followed.
    pub(super) fn respond(&self, request: &HttpRequest, world: &str) -> Result<Value, CallError> {
        let url = Url::parse(&request.url).map_err(|error| format!("invalid url: {error}"))?;
        let url = normal(url);
        let head = request.method == "HEAD";
        let found = match self.0.get(&key(&request.method, &url)) {
            None if head => self.0.get(&key("GET", &url)),
            found => found,
        };
        match found {
            Some(Answer::Response(response)) => {
                let mut response = response.clone();
                if head {
                    response.body.clear();
                }
                serde_json::to_value(response).map_err(|error| error.to_string().into())
            }
            Some(Answer::Failing(text)) => Err(text.clone().into()),
            None => {
                let key = key(&request.method, &url);
                let entry = serde_json::to_string(short(&key)).unwrap_or_default();
                let entry = format!("http: {{{entry}: {{json: {{…}}}}}}");
                Err(miss(world, "URL", &key, self.0.keys().map(String::as_str), &entry))
            }
        }
    }
}

fn key(method: &str, url: &Url) -> String {
    match method {
        "GET" => url.to_string(),
        method => format!("{method} {url}"),
    }
}

/// The URL without its fragment, which is not sent.
fn normal(mut url: Url) -> Url {
    url.set_fragment(None);
    url
}
