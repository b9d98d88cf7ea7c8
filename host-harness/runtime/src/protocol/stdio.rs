//! What a guest reads and prints, in memory.

use std::collections::VecDeque;

use super::failure::{LimitExceeded, within};
use crate::outcome::LimitKind;

/// stdin, stdout and stderr of one evaluation.
pub(crate) struct Stdio {
    pub(super) stdin: VecDeque<u8>,
    pub(super) stdout: Capture,
    pub(super) stderr: Capture,
}

impl Stdio {
    /// A waPC or Chainloop policy's: nothing to read, and what is printed is kept up to `limit` bytes per stream.
    pub(super) fn console(limit: usize) -> Self {
        let capture = || Capture { bytes: Vec::new(), limit, dropped: 0, cut: true };
        Self { stdin: VecDeque::new(), stdout: capture(), stderr: capture() }
    }

    /// A WASI policy's: stdin holds `payload`, and printing more than `limit` bytes per stream ends the run.
    pub(super) fn pipes(payload: Vec<u8>, limit: usize) -> Self {
        let capture = || Capture { bytes: Vec::new(), limit, dropped: 0, cut: false };
        Self { stdin: payload.into(), stdout: capture(), stderr: capture() }
    }

    pub(super) fn stdout(&self) -> &[u8] {
        &self.stdout.bytes
    }

    pub(super) fn stderr(&self) -> &[u8] {
        &self.stderr.bytes
    }

    /// Appends to what the guest has not read yet, at most `limit` bytes in all.
    pub(super) fn feed(&mut self, bytes: &[u8], limit: u64) -> wasmtime::Result<()> {
        if self.stdin.len().saturating_add(bytes.len()) as u64 > limit {
            return Err(LimitExceeded { kind: LimitKind::Memory, limit }.into());
        }
        self.stdin.extend(bytes);
        Ok(())
    }

    /// stdout and stderr as texts.
    pub(super) fn into_texts(self) -> (String, String) {
        (self.stdout.into_text(), self.stderr.into_text())
    }
}

/// What was printed to one stream, up to a limit.
pub(super) struct Capture {
    bytes: Vec<u8>,
    limit: usize,
    dropped: u64,
    /// Whether output beyond the limit is cut off; otherwise it ends the run.
    cut: bool,
}

impl Capture {
    /// # Errors
    ///
    /// Ends the run when the output exceeds the limit, unless it is cut off there.
    pub(super) fn push(&mut self, bytes: &[u8]) -> wasmtime::Result<()> {
        let room = self.limit - self.bytes.len();
        if !self.cut {
            within(self.bytes.len().saturating_add(bytes.len()), self.limit)?;
        }
        let (kept, rest) = bytes.split_at(bytes.len().min(room));
        self.bytes.extend_from_slice(kept);
        self.dropped = self.dropped.saturating_add(rest.len() as u64);
        Ok(())
    }

    fn into_text(self) -> String {
        let mut text = String::from_utf8_lossy(&self.bytes).into_owned();
        if self.dropped > 0 {
            text.push_str(&format!(
                "\n[{} more bytes were dropped: the limit is {} bytes]\n",
                self.dropped, self.limit
            ));
        }
        text
    }
}
