//! Following redirects, as Go's client does it.

use admit::wire::chainloop::{HttpRequest, HttpResponse};
use url::Url;

/// Header fields that are for the host they were written for, and the hosts below it.
const SECRET: [&str; 6] =
    ["authorization", "www-authenticate", "cookie", "cookie2", "proxy-authorization", "proxy-authenticate"];

/// Header fields that are about a body.
const OF_BODY: [&str; 4] = ["content-encoding", "content-language", "content-location", "content-type"];

/// Where a response sends the client, if it does. Without a `Location` a redirect is a response like others.
pub(super) fn location(response: &HttpResponse) -> Option<&str> {
    if !matches!(response.status, 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let mut fields = response.headers.iter();
    let (_, location) = fields.find(|(name, _)| name.eq_ignore_ascii_case("location"))?;
    Some(location.as_str()).filter(|location| !location.is_empty())
}

/// Turns the request to `hop`, which was answered with `status`, into the one to `next`; `first` is the URL of the first
/// request.
pub(super) fn prepare(request: &mut HttpRequest, status: u16, first: &Url, hop: &Url, next: &Url) {
    request.url = next.to_string();
    if matches!(status, 301..=303) {
        if request.method != "HEAD" {
            request.method = "GET".to_owned();
        }
        request.body.clear();
        remove(request, &OF_BODY);
    }
    // Once they are gone they stay away, as nothing puts them back.
    if !is_same_or_below(next, first) {
        remove(request, &SECRET);
    }
    remove(request, &["referer"]);
    if let Some(referer) = referer(hop, next) {
        request.headers.insert("Referer".to_owned(), referer);
    }
}

fn remove(request: &mut HttpRequest, names: &[&str]) {
    request.headers.retain(|given, _| !names.iter().any(|name| given.eq_ignore_ascii_case(name)));
}

fn is_same_or_below(url: &Url, parent: &Url) -> bool {
    match (url.domain(), parent.domain()) {
        (Some(host), Some(parent)) => {
            host == parent || host.strip_suffix(parent).is_some_and(|rest| rest.ends_with('.'))
        }
        // An address has nothing below it.
        _ => url.host() == parent.host(),
    }
}

/// The `Referer` of the next request: the URL of this hop, but none from https to http.
fn referer(hop: &Url, next: &Url) -> Option<String> {
    if hop.scheme() == "https" && next.scheme() == "http" {
        return None;
    }
    let mut hop = hop.clone();
    hop.set_fragment(None);
    // Neither can fail for a URL with a host.
    let _ = hop.set_username("");
    let _ = hop.set_password(None);
    Some(hop.into())
}
