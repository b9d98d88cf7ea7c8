//! Why a call was not answered.

/// Why a [`Capabilities`](super::Capabilities) did not answer a call.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The host fails, or refuses. The guest receives this text and continues. Errors of upstream's own capabilities begin
    /// with `Callback evaluation failure: `, which is part of the text.
    #[error("{0}")]
    Failed(String),
    /// A faked host does not know what the real one would say. No answer would be right, so the run ends with
    /// [`Failure::Unanswerable`](crate::outcome::Failure::Unanswerable), whatever the guest would have made of it.
    #[error("{0}")]
    Unanswerable(String),
    /// The host takes so long that the policy's time is up when the answer comes. The run ends as if it had waited, with
    /// [`Failure::Timeout`](crate::outcome::Failure::Timeout), but at once.
    #[error("the host did not answer in time")]
    TimedOut,
}

impl From<String> for CallError {
    /// A host that fails.
    fn from(text: String) -> Self {
        Self::Failed(text)
    }
}

impl CallError {
    /// The text of the error.
    pub fn text(&self) -> &str {
        match self {
            Self::Failed(text) | Self::Unanswerable(text) => text,
            Self::TimedOut => "the host did not answer in time",
        }
    }
}
