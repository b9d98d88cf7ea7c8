//! HTTP as Chainloop's host does it for a policy: an allow-list of host names, and redirects.
//!
//! This is what happens around each single request, which the caller of [`perform`] sends. One thing differs from upstream
//! on purpose: upstream checks the allow-list once and then follows redirects to any host; here every hop is checked.

mod allow;
mod glob;
mod redirect;

use std::fmt;

use admit::wire::chainloop::{HttpRequest, HttpResponse};
use url::Url;

use self::allow::{MAX_HOST, allowed, short};
use crate::calls::{CallError, MAX_RESPONSE};

/// Most requests for one call, with those of redirects.
const MAX_REQUESTS: usize = 10;

/// Longest URL, in bytes. Servers refuse shorter ones.
const MAX_URL: usize = 64 * 1024;

/// Why there is no response. On Chainloop every one of them ends the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HttpError {
    /// The host of this URL is not on the list.
    Denied(String),
    /// The request cannot be made, it failed, or its response cannot be used. The texts are those of Go's client, except for
    /// reasons that come from elsewhere.
    Failed(String),
    /// The answering side has no answer, or none in time.
    Call(CallError),
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Denied(url) => write!(f, "HTTP request to '{url}' is not allowed"),
            Self::Failed(text) => f.write_str(text),
            Self::Call(error) => error.fmt(f),
        }
    }
}

/// Makes a request and follows its redirects; `call` makes one hop. `entries` are the user's allow-list; the hosts that every
/// policy may reach are added to it.
pub fn perform(
    mut request: HttpRequest,
    entries: &[String],
    call: &mut dyn FnMut(&HttpRequest) -> Result<HttpResponse, CallError>,
) -> Result<HttpResponse, HttpError> {
    request.method = match request.method.as_str() {
        "" => "GET".to_owned(),
        method => method.to_uppercase(),
    };
    let first = target(&request, entries)?;
    let mut hop = first.clone();
    for _ in 1..=MAX_REQUESTS {
        let response = call(&request).map_err(|error| match error {
            CallError::Failed(text) => HttpError::Failed(failed(&request.method, &request.url, &text)),
            other => HttpError::Call(other),
        })?;
        if response.body.len() > MAX_RESPONSE {
            return Err(HttpError::Failed("http: request body too large".to_owned()));
        }
        let Some(location) = redirect::location(&response) else { return Ok(response) };
        let unusable = |error: &dyn fmt::Display| {
            let text = format!("failed to parse Location header {:?}: {error}", short(location));
            HttpError::Failed(failed(&request.method, &request.url, &text))
        };
        if location.len() > MAX_URL {
            return Err(unusable(&too_long(location)));
        }
        let next = hop.join(location).map_err(|error| unusable(&error))?;
        redirect::prepare(&mut request, response.status, &first, &hop, &next);
        hop = target(&request, entries)?;
    }
    let text = format!("stopped after {MAX_REQUESTS} redirects");
    Err(HttpError::Failed(failed(&request.method, &request.url, &text)))
}

/// Where a request goes, if it may.
fn target(request: &HttpRequest, entries: &[String]) -> Result<Url, HttpError> {
    let denied = || HttpError::Denied(short(&request.url).into_owned());
    let allowed = |host: &str| allowed(host, entries).map_err(|why| HttpError::Call(CallError::Unanswerable(why)));
    if request.url.len() > MAX_URL {
        return Err(HttpError::Failed(failed(&request.method, &request.url, &too_long(&request.url))));
    }
    let url = match Url::parse(&request.url) {
        Ok(url) => url,
        // For upstream this is a URL with an empty host, which only a pattern like `*` matches.
        Err(url::ParseError::RelativeUrlWithoutBase) => {
            return Err(match allowed("")? {
                true => unsupported(request, ""),
                false => denied(),
            });
        }
        Err(error) => return Err(HttpError::Failed(format!("invalid url: parse {:?}: {error}", short(&request.url)))),
    };
    let host = allow::hostname(&url);
    if host.len() > MAX_HOST {
        let text = format!("the host name has {} characters, and no host name has more than {MAX_HOST}", host.len());
        return Err(HttpError::Failed(failed(&request.method, &request.url, &text)));
    }
    let as_written = allow::hostname_as_written(&request.url).filter(|written| written.eq_ignore_ascii_case(host));
    if !allowed(as_written.unwrap_or(host))? {
        return Err(denied());
    }
    match url.scheme() {
        "http" | "https" => Ok(url),
        other => Err(unsupported(request, other)),
    }
}

fn unsupported(request: &HttpRequest, scheme: &str) -> HttpError {
    let text = format!("unsupported protocol scheme \"{scheme}\"");
    HttpError::Failed(failed(&request.method, &request.url, &text))
}

/// The words of Go's client about a request that came to nothing: `Get "https://a.example/": the reason`.
fn failed(method: &str, url: &str, reason: &str) -> String {
    let (method, url) = (short(method), short(url));
    let mut letters = method.chars();
    let first: String = letters.next().into_iter().collect();
    format!("{first}{} {url:?}: {reason}", letters.as_str().to_lowercase())
}

fn too_long(url: &str) -> String {
    format!("the URL has {} bytes, and the longest that is asked for has {MAX_URL}", url.len())
}

#[cfg(test)]
mod tests;
