//! Writing session files.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{Exchange, Session, read};
use crate::{file, visible};

/// A session cannot be written. The file was not changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SessionError {
    /// The format cannot express an exchange.
    #[error("exchange {number} ({call}) cannot be written to a session file: {reason}")]
    Exchange {
        /// Which exchange, counted from 1.
        number: usize,
        /// What was called.
        call: String,
        /// Why not.
        reason: String,
    },
    /// The file cannot be written.
    #[error("cannot write the session to {path}: {error}; choose another file, or save it again when this is mended")]
    File {
        /// The file.
        path: PathBuf,
        /// The operating system's error.
        error: std::io::Error,
    },
}

#[derive(Serialize)]
struct Entry<'a> {
    r#type: &'static str,
    request: String,
    response: Response<'a>,
}

#[derive(Serialize)]
#[serde(tag = "type")]
enum Response<'a> {
    Success { payload: &'a str },
    Error { message: &'a str },
}

impl Session {
    /// The content of a session file, for us and for kwctl.
    ///
    /// # Errors
    ///
    /// [`SessionError::Exchange`], for a text that YAML cannot hold.
    pub fn to_yaml(&self) -> Result<String, SessionError> {
        let entries = self.exchanges.iter().enumerate().map(|(index, exchange)| {
            entry(exchange).map_err(|reason| SessionError::Exchange {
                number: index + 1,
                call: exchange.request.tag().to_owned(),
                reason,
            })
        });
        let entries: Vec<Entry<'_>> = entries.collect::<Result<_, _>>()?;
        visible::yaml(&entries, false).map_err(|reason| SessionError::Exchange {
            number: 1,
            call: "and others".to_owned(),
            reason,
        })
    }

    /// Writes a session file, or none: a file that is there stays as it is until the new one is complete.
    ///
    /// # Errors
    ///
    /// As [`to_yaml`](Self::to_yaml), and [`SessionError::File`].
    pub fn save(&self, path: &Path) -> Result<(), SessionError> {
        let text = self.to_yaml()?;
        file::replace(path, text.as_bytes()).map_err(|error| SessionError::File { path: path.to_owned(), error })
    }
}

fn entry(exchange: &Exchange) -> Result<Entry<'_>, String> {
    // A variant is written as a map with one entry; what is below it becomes the tagged map.
    let map = visible::inner_yaml(&exchange.request, false)?;
    let mut lines = map.lines();
    let mut request = format!("!{}\n", exchange.request.tag());
    lines.next();
    for line in lines {
        request.push_str(line.strip_prefix("  ").unwrap_or(line));
        request.push('\n');
    }
    if read::request(&request).as_ref() != Ok(&exchange.request) {
        return Err("it does not read back as it was".to_owned());
    }
    let response = match &exchange.response {
        Ok(payload) => Response::Success { payload },
        Err(message) => Response::Error { message },
    };
    Ok(Entry { r#type: "Exchange", request, response })
}
