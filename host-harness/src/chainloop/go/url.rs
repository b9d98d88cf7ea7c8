//! URLs as `net/url` reads them, which is laxer than the standard.

use std::net::Ipv6Addr;

/// What of a URL decides whether it is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Url {
    /// Whether it starts with a scheme.
    pub(crate) absolute: bool,
}

impl Url {
    /// `None` for what is no URL.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.bytes().any(|byte| byte < b' ' || byte == 0x7f) {
            return None;
        }
        let (text, fragment) = text.split_once('#').unwrap_or((text, ""));
        let (scheme, rest) = scheme(text)?;
        let absolute = !scheme.is_empty();
        let (rest, _query) = rest.split_once('?').unwrap_or((rest, ""));
        if !rest.starts_with('/') {
            // What comes after a scheme is taken as it is.
            if absolute {
                return escapes(fragment).then_some(Self { absolute });
            }
            let first = rest.split('/').next().unwrap_or_default();
            if first.contains(':') {
                return None;
            }
        }
        let (authority, path) = match rest.strip_prefix("//") {
            Some(after) if absolute || !rest.starts_with("///") => {
                after.find('/').map_or((after, ""), |slash| after.split_at(slash))
            }
            _ => ("", rest),
        };
        (host(authority) && escapes(path) && escapes(fragment)).then_some(Self { absolute })
    }
}

/// The scheme, and what is behind it; `None` if there is only its colon.
fn scheme(text: &str) -> Option<(&str, &str)> {
    for (at, character) in text.char_indices() {
        match character {
            'a'..='z' | 'A'..='Z' => {}
            '0'..='9' | '+' | '-' | '.' if at > 0 => {}
            ':' if at == 0 => return None,
            ':' => return Some((&text[..at], &text[at + 1..])),
            _ => break,
        }
    }
    Some(("", text))
}

/// Whether every `%` is followed by two hexadecimal digits.
fn escapes(text: &str) -> bool {
    let digits = |after: &str| {
        let mut bytes = after.bytes();
        [bytes.next(), bytes.next()].iter().all(|byte| byte.is_some_and(|byte| byte.is_ascii_hexdigit()))
    };
    text.split('%').skip(1).all(digits)
}

/// Whether this can be a name, with a user before it and a port behind it.
fn host(authority: &str) -> bool {
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._:~!$&'()*+,;=%@".contains(c);
    if !user.chars().all(allowed) || !escapes(user) {
        return false;
    }
    let port =
        |port: &str| port.is_empty() || port.strip_prefix(':').is_some_and(|p| p.bytes().all(|b| b.is_ascii_digit()));
    if let Some(inside) = host.strip_prefix('[') {
        let Some((address, rest)) = inside.rsplit_once(']') else { return false };
        let address = address.split_once('%').map_or(address, |(address, _)| address);
        return port(rest) && address.parse::<Ipv6Addr>().is_ok();
    }
    let (name, rest) = host.rfind(':').map_or((host, ""), |colon| host.split_at(colon));
    // Only bytes beyond ASCII may be escaped in a name.
    let beyond =
        |after: &str| after.get(..2).is_some_and(|digits| u8::from_str_radix(digits, 16).is_ok_and(|b| b >= 0x80));
    let byte = |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:[]<>\"%".contains(c);
    port(rest) && !name.contains(':') && name.chars().all(byte) && name.split('%').skip(1).all(beyond)
}
