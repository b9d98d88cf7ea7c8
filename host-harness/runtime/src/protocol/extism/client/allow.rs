//! Which hosts a policy may reach.

use url::{Host, Url};

use super::glob;

/// Hosts that every policy may reach.
const BASE_HOSTS: [&str; 2] = ["www.chainloop.dev", "www.cisa.gov"];

/// Whether a list allows a host name, which has no port. An entry is a name or a pattern; one with a port fits nothing.
pub(crate) fn allowed(hostname: &str, entries: &[String]) -> bool {
    let entries = entries.iter().map(String::as_str).chain(BASE_HOSTS);
    entries.into_iter().any(|entry| entry == hostname || glob::matches(entry, hostname))
}

/// The host that a request to `url` reaches, without the brackets of an IPv6 address; empty when there is none.
pub(super) fn hostname(url: &Url) -> &str {
    let text = url.host_str().unwrap_or_default();
    match url.host() {
        Some(Host::Ipv6(_)) => text.trim_start_matches('[').trim_end_matches(']'),
        _ => text,
    }
}

/// The host name as it is written in the URL, for entries with the same upper and lower case. It is not parsed as a URL, so
/// it may only be used when it equals the [`hostname`] but for case.
pub(super) fn hostname_as_written(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '\\', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    match host.strip_prefix('[') {
        Some(address) => address.split_once(']').map(|(address, _)| address),
        None => host.split(':').next(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(entry: &str, hostname: &str) -> bool {
        allowed(hostname, &[entry.to_owned()])
    }

    #[test]
    fn names_and_patterns() {
        for (entry, hostname) in [
            ("*", "api.example.com"),
            ("*.example.com", "a.b.example.com"),
            ("api.*.com", "api.a.b.com"),
            ("127.*", "127.0.0.1"),
            ("127.0.0.?", "127.0.0.1"),
            ("Api.example.com", "Api.example.com"),
            ("::1", "::1"),
        ] {
            assert!(fits(entry, hostname), "{entry} {hostname}");
        }
        for (entry, hostname) in [
            ("127.0.0.1:18999", "127.0.0.1"),
            ("*.example.com", "example.com"),
            ("example.com", "Example.com"),
            ("https://example.com", "example.com"),
            ("", "example.com"),
        ] {
            assert!(!fits(entry, hostname), "{entry} {hostname}");
        }
    }

    #[test]
    fn some_hosts_are_always_there() {
        assert!(allowed("www.cisa.gov", &[]) && allowed("www.chainloop.dev", &[]));
        assert!(!allowed("cisa.gov", &[]) && !allowed("", &[]));
    }

    #[test]
    fn host_names_of_urls() {
        for (url, written, reached) in [
            ("https://User:pw@Api.Example.com:8443/a@b", Some("Api.Example.com"), "api.example.com"),
            ("https://api.example.com?a=//b", Some("api.example.com"), "api.example.com"),
            ("http://[::1]:80/", Some("::1"), "::1"),
            ("http://0x7f.1/", Some("0x7f.1"), "127.0.0.1"),
            ("https:good.example", None, "good.example"),
            ("https://evil.example\\@good.example/", Some("evil.example"), "evil.example"),
            ("data:text/plain,x", None, ""),
        ] {
            assert_eq!(hostname_as_written(url), written, "{url}");
            assert_eq!(hostname(&Url::parse(url).expect("a URL")), reached, "{url}");
        }
    }
}
