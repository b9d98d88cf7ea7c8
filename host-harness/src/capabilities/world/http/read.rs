//! Reads HTTP responses from the documents of a world.

use std::collections::BTreeMap;

use admit::wire::chainloop::HttpResponse;
use url::Url;

use super::{Answer, Http, key, normal};
use crate::input::{self, Cursor, InputError};
use crate::suite::Base;

const KEYS: [&str; 7] = ["status", "headers", "body", "json", "file", "redirect", "error"];

/// What a body can be written as.
const BODIES: [&str; 3] = ["body", "json", "file"];

/// Statuses with which a redirect is followed.
const REDIRECTS: [u16; 5] = [301, 302, 303, 307, 308];

/// Collects the entries of all documents with their places, so that an error about a duplicate can name both.
#[derive(Default)]
pub(in crate::capabilities::world) struct Reader<'d>(BTreeMap<String, (Answer, Cursor<'d>)>);

impl<'d> Reader<'d> {
    /// The `http` of a world.
    pub(in crate::capabilities::world) fn section(
        &mut self,
        section: &Cursor<'d>,
        base: &Base,
    ) -> Result<(), InputError> {
        for (name, entry) in section.entries()? {
            let key = asked(name).map_err(|message| entry.error(message))?;
            if let Some((_, first)) = self.0.get(&key) {
                return Err(entry.error(format!("`{key}` is given twice; it is already at {}", first.place())));
            }
            let answer = answer(&entry, base)?;
            self.0.insert(key, (answer, entry));
        }
        Ok(())
    }

    pub(in crate::capabilities::world) fn finish(self) -> Http {
        Http(self.0.into_iter().map(|(key, (answer, _))| (key, answer)).collect())
    }
}

/// The key of an entry, from its name: a URL, or a method and a URL.
fn asked(name: &str) -> Result<String, String> {
    let (method, url) = match name.split_once(' ') {
        Some((method, url)) => (method, url.trim_start()),
        None => ("GET", name),
    };
    let is_method = !method.is_empty() && method.bytes().all(|letter| letter.is_ascii_uppercase() || letter == b'-');
    let url = Url::parse(url).ok().filter(|url| ["http", "https"].contains(&url.scheme()));
    match url {
        Some(url) if is_method => Ok(key(method, &normal(url))),
        _ => Err("must be a URL such as `https://api.example.com/x`, with the method in front if it is not GET: \
                  `POST https://api.example.com/x`"
            .to_owned()),
    }
}

fn answer(entry: &Cursor<'_>, base: &Base) -> Result<Answer, InputError> {
    entry.only_keys(&KEYS)?;
    if let Some(error) = entry.optional("error")? {
        alone(entry, &["error"], "`error`: there is no response")?;
        return Ok(Answer::Failing(error.string()?.to_owned()));
    }
    let mut response = HttpResponse { status: 200, ..HttpResponse::default() };
    if let Some(headers) = entry.optional("headers")? {
        for (name, value) in headers.entries()? {
            if response.headers.insert(name.to_lowercase(), value.string()?.to_owned()).is_some() {
                return Err(value.error("is given twice: upper and lower case are the same in the name of a header"));
            }
        }
    }
    let status = entry.optional("status")?;
    if let Some(redirect) = entry.optional("redirect")? {
        alone(entry, &["redirect", "status", "headers"], "`redirect`")?;
        response.status = 302;
        if response.headers.insert("location".to_owned(), redirect.string()?.to_owned()).is_some() {
            return Err(redirect.error("does not go with a header `Location`, which says the same"));
        }
    }
    if let Some(status) = status {
        let code = status.code()?;
        if response.headers.contains_key("location")
            && entry.optional("redirect")?.is_some()
            && !REDIRECTS.contains(&code)
        {
            return Err(status.error("must be 301, 302, 303, 307 or 308: clients follow no other status"));
        }
        if !(200..=599).contains(&code) {
            return Err(status.error("must be from 200 to 599"));
        }
        response.status = code;
    }
    response.body = body(entry, base)?;
    Ok(Answer::Response(response))
}

fn body(entry: &Cursor<'_>, base: &Base) -> Result<Vec<u8>, InputError> {
    let mut body: Option<(&str, Vec<u8>)> = None;
    for name in BODIES {
        let Some(given) = entry.given(name)? else { continue };
        if let Some((first, _)) = body {
            return Err(given.error(format!("does not go with `{first}`: a response has one body")));
        }
        let bytes = match name {
            "json" => given.exact().to_string().into_bytes(),
            "file" => {
                let path = base.named(&given, given.string()?)?;
                base.count(&given, &path)?;
                input::read(&path).map_err(|error| given.error(error.to_string()))?
            }
            _ => given.string()?.as_bytes().to_vec(),
        };
        body = Some((name, bytes));
    }
    Ok(body.map(|(_, bytes)| bytes).unwrap_or_default())
}

/// Refuses keys that make no sense beside `what`.
fn alone(entry: &Cursor<'_>, known: &[&str], what: &str) -> Result<(), InputError> {
    for (key, other) in entry.entries()? {
        if !known.contains(&key) {
            return Err(other.error(format!("does not go with {what}")));
        }
    }
    Ok(())
}
