//! A panic becomes one readable record in the host's log before the module traps.

use std::panic::PanicHookInfo;

#[cfg(not(any(feature = "chainloop", feature = "wasi-stderr")))]
use crate::host::{Level, Record};

/// Sends every panic's message and place to `report`.
pub(crate) fn install(report: fn(Panic)) {
    std::panic::set_hook(Box::new(move |info| report(Panic::new(info))));
}

/// What is known about a panic.
pub(crate) struct Panic {
    message: String,
    file: String,
    line: u32,
    column: u32,
}

impl Panic {
    fn new(info: &PanicHookInfo<'_>) -> Self {
        let message = info.payload_as_str().unwrap_or("a panic whose payload is not a text").to_owned();
        let (file, line, column) =
            info.location().map_or((String::new(), 0, 0), |at| (at.file().to_owned(), at.line(), at.column()));
        Self { message, file, line, column }
    }

    /// The panic as a record for the host's log, with the place in the fields `file`, `line` and `column`.
    #[cfg(not(any(feature = "chainloop", feature = "wasi-stderr")))]
    pub(crate) fn record(&self) -> Record {
        Record::new(Level::Error, self.text())
            .with("file", &self.file)
            .with("line", self.line)
            .with("column", self.column)
    }

    /// The panic as one sentence, for stderr and for the message of a record.
    #[cfg(not(feature = "chainloop"))]
    pub(crate) fn text(&self) -> String {
        format!("the policy panicked at {}:{}:{}: {}", self.file, self.line, self.column, self.message)
    }

    /// The panic as the error of an Extism plug-in. Chainloop takes an error for a crash of the plug-in when it starts with
    /// `runtime error: `, is one line, and has no parenthesis.
    #[cfg(feature = "chainloop")]
    pub(crate) fn runtime_error(&self) -> String {
        let text = format!("runtime error: {} at {}:{}:{}", self.message, self.file, self.line, self.column);
        text.replace(['\r', '\n'], " ").replace('(', "[").replace(')', "]")
    }
}
