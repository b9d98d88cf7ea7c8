//! Which hosts a policy may reach.

use std::borrow::Cow;

use url::{Host, Url};

use super::glob;

/// Hosts that every policy may reach.
const BASE_HOSTS: [&str; 2] = ["www.chainloop.dev", "www.cisa.gov"];

/// Characters of a text that a message repeats.
const MAX_SHOWN: usize = 300;

/// Characters of a host name; DNS has no longer ones.
pub(super) const MAX_HOST: usize = 253;

/// Characters of a pattern.
const MAX_PATTERN: usize = 4_096;

/// Steps of comparing a host name with all patterns of a list: each of their characters with each of its.
const MAX_STEPS: usize = 5_000_000;

/// Whether a list allows a host name, which has no port. An entry is a name or a pattern; one with a port fits nothing.
///
/// # Errors
///
/// The patterns are too long to be compared with the name, all together or one of them.
pub(super) fn allowed(hostname: &str, entries: &[String]) -> Result<bool, String> {
    let mut left = MAX_STEPS;
    for entry in entries.iter().map(String::as_str).chain(BASE_HOSTS) {
        if entry == hostname {
            return Ok(true);
        }
        if !glob::is_pattern(entry) {
            continue;
        }
        if entry.len() > MAX_PATTERN {
            return Err(format!(
                "the allow-list has a pattern of {} bytes, and one has at most {MAX_PATTERN}: write several shorter ones",
                entry.len()
            ));
        }
        left = left.checked_sub(entry.len() * (hostname.len() + 1)).ok_or_else(|| {
            format!(
                "the allow-list has too many patterns to compare all of them with the host name `{}`: name hosts in place of \
                 patterns, or shorten the list",
                short(hostname)
            )
        })?;
        if glob::matches(entry, hostname) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The beginning of a text that a policy or a server sent, for messages.
pub(super) fn short(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
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
        allowed(hostname, &[entry.to_owned()]).expect("a short list")
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
        let always = |hostname| allowed(hostname, &[]).expect("a short list");
        assert!(always("www.cisa.gov") && always("www.chainloop.dev"));
        assert!(!always("cisa.gov") && !always(""));
    }

    #[test]
    fn lists_that_take_long_are_not_compared() {
        let name = "a".repeat(MAX_HOST);
        let error = allowed(&name, &["*".repeat(1_000_000)]).expect_err("a pattern");
        assert!(error.contains("a pattern of 1000000 bytes"), "{error}");
        let error = allowed(&name, &vec!["*{a,b}c".repeat(500); 1_000]).expect_err("many patterns");
        assert!(error.contains("too many patterns"), "{error}");
        // Names are compared as they are.
        let mut names: Vec<String> = (0..100_000).map(|number| format!("a{number}.example")).collect();
        assert_eq!(allowed(&name, &names), Ok(false));
        names.push("x".repeat(1_000_000));
        names.push("*a".to_owned());
        assert_eq!(allowed(&name, &names), Ok(true));
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
