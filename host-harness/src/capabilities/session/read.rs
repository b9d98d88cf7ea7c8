//! Reading session files.

use std::path::Path;

use super::{Exchange, Session};
use crate::capabilities::HostRequest;
use crate::input::{Cursor, Document, InputError, nearest};

/// Tags of calls that hosts make for Rego policies only.
const REGO_TAGS: [&str; 2] =
    ["KubernetesGetResourcePluralName", "HasKubernetesListResourceAllResultChangedSinceInstant"];

impl Session {
    /// Reads a session file.
    ///
    /// # Errors
    ///
    /// What is wrong, with file, line and field.
    pub fn open(path: &Path) -> Result<Self, InputError> {
        read(&Document::open(path)?)
    }

    /// Reads the content of a session file; `name` goes into errors.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn parse(bytes: &[u8], name: impl Into<String>) -> Result<Self, InputError> {
        read(&Document::parse(bytes, name)?)
    }
}

fn read(document: &Document) -> Result<Session, InputError> {
    let root = document.root();
    if root.value().is_object() {
        return Err(root.error("must be an array, found an object; a world goes to --world, in a case to `world`"));
    }
    let exchanges = root.list()?.iter().map(exchange).collect::<Result<_, _>>()?;
    Ok(Session { name: document.name().to_owned(), exchanges })
}

fn exchange(cursor: &Cursor<'_>) -> Result<Exchange, InputError> {
    cursor.only_keys(&["type", "request", "response"])?;
    let kind = cursor.required("type", "write `type: Exchange`")?;
    if kind.string()? != "Exchange" {
        return Err(kind.error("unknown type; the only one is `Exchange`"));
    }
    let text = cursor.required("request", "it is a string that holds a tagged request, such as `!DNSLookupHost`")?;
    let request = request(text.string()?).map_err(|message| text.error(message))?;
    let response = cursor.required("response", "it holds `type` and `payload` or `message`")?;
    let kind = response.required("type", "it is `Success` or `Error`")?;
    let response = match kind.string()? {
        "Success" => {
            response.only_keys(&["type", "payload"])?;
            Ok(response
                .required("payload", "a `Success` has the answer's bytes there, as a string")?
                .string()?
                .to_owned())
        }
        "Error" => {
            response.only_keys(&["type", "message"])?;
            Err(response.required("message", "an `Error` has its text there")?.string()?.to_owned())
        }
        _ => return Err(kind.error("unknown type; it is `Success` or `Error`")),
    };
    Ok(Exchange { request, response })
}

/// A request in the text of an exchange.
pub(super) fn request(text: &str) -> Result<HostRequest, String> {
    let tag = text.trim_start().strip_prefix('!').ok_or_else(|| {
        "must start with a tag that says what is asked, for example `!KubernetesGetResource`".to_owned()
    })?;
    let tag = tag.split([' ', '\t', '\r', '\n', '{']).next().unwrap_or_default();
    if REGO_TAGS.contains(&tag) {
        return Err(format!("`!{tag}` is asked for Rego policies only; take this exchange out"));
    }
    if !HostRequest::TAGS.contains(&tag) {
        let hint = match nearest(tag, &HostRequest::TAGS) {
            Some(near) => format!("did you mean `!{near}`?"),
            None => format!("known tags: {}", HostRequest::TAGS.join(", ")),
        };
        return Err(format!("unknown tag `!{tag}`; {hint}"));
    }
    let options = serde_saphyr::options! { with_snippet: false };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let line = error.location().map_or(1, |at| at.line());
        let message = error.render_with_formatter(&serde_saphyr::UserMessageFormatter);
        let message = message.trim().strip_prefix("error: ").unwrap_or(message.trim());
        let message = message.rsplit_once(" at line ").map_or(message, |(message, _)| message);
        format!("line {line} of this text, after `!{tag}`: {message}")
    })
}
