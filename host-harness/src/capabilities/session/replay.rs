//! Answering from a session.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Exchange, Session, closest};
use crate::capabilities::{CallError, Capabilities, HostRequest, failure};

/// Answers calls with what was recorded.
///
/// It has a position in the session: make a new one for each run.
pub struct Replay {
    session: Session,
    mode: Mode,
    /// Which exchanges were replayed, by position.
    used: Mutex<Vec<bool>>,
    mismatches: Mutex<Vec<String>>,
}

#[derive(Clone, Copy)]
enum Mode {
    Strict,
    Keyed,
}

impl Replay {
    /// As kwctl replays: calls must come in the recorded order. One that differs fails with upstream's text, and uses up
    /// the exchange that was due.
    pub fn strict(session: Session) -> Self {
        Self::with(session, Mode::Strict)
    }

    /// Calls may come in any order, and any number of times. Of several exchanges with the same request each answers once
    /// in the recorded order, and the last one from then on. A call that was not recorded ends the run,
    /// which then tells what comes nearest.
    pub fn keyed(session: Session) -> Self {
        Self::with(session, Mode::Keyed)
    }

    fn with(session: Session, mode: Mode) -> Self {
        let used = Mutex::new(vec![false; session.exchanges.len()]);
        Self { session, mode, used, mismatches: Mutex::default() }
    }

    /// The exchanges that no call was answered with so far.
    pub fn leftovers(&self) -> Vec<&Exchange> {
        let used = self.used();
        self.session
            .exchanges
            .iter()
            .zip(used.iter())
            .filter(|(_, used)| !**used)
            .map(|(exchange, _)| exchange)
            .collect()
    }

    /// What the guest was told about calls that were not the recorded ones, by a [`strict`](Self::strict) replay. A policy
    /// may take that for any other failure of its host.
    pub fn mismatches(&self) -> Vec<String> {
        self.mismatches.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn mismatch(&self, text: String) -> String {
        self.mismatches.lock().unwrap_or_else(PoisonError::into_inner).push(text.clone());
        text
    }

    fn used(&self) -> MutexGuard<'_, Vec<bool>> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self, request: &HostRequest) -> Result<&Exchange, String> {
        let mut used = self.used();
        let index = used.iter().position(|used| !used);
        let index = index.ok_or_else(|| self.mismatch("the list of recorded responses is empty".to_owned()))?;
        used[index] = true;
        let exchange = &self.session.exchanges[index];
        if exchange.request == *request {
            return Ok(exchange);
        }
        let expected = &exchange.request;
        let text = format!("Replay error: unexpected request. Was expecting {expected:?}, got {request:?} instead");
        Err(self.mismatch(text))
    }

    fn find(&self, request: &HostRequest) -> Result<&Exchange, String> {
        let mut used = self.used();
        let exchanges = &self.session.exchanges;
        let same = |index: &usize| exchanges[*index].request == *request;
        let fresh = (0..exchanges.len()).filter(same).find(|index| !used[*index]);
        let index = fresh.or_else(|| (0..exchanges.len()).rev().find(same));
        let index = index.ok_or_else(|| closest::miss(&self.session, request))?;
        used[index] = true;
        Ok(&exchanges[index])
    }
}

impl Capabilities for Replay {
    fn call(&self, namespace: &str, operation: &str, payload: &[u8]) -> Result<Vec<u8>, CallError> {
        // In a native test the call is not authorised before.
        let request = HostRequest::parse(namespace, operation, payload)?;
        let response = match self.mode {
            Mode::Strict => self.next(&request).and_then(|exchange| exchange.response.clone()),
            Mode::Keyed => self.find(&request).map_err(CallError::Unanswerable)?.response.clone(),
        };
        response.map(String::into_bytes).map_err(|text| failure(namespace, &text))
    }
}
