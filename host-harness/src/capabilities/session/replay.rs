//! Answering from a session.

use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Exchange, Session, closest};
use crate::capabilities::{CallError, Capabilities, HostRequest, failure};

/// Answers calls with what was recorded.
///
/// It has a position in the session: make a new one for each run.
pub struct Replay {
    session: Session,
    mode: Mode,
    missing: Missing,
    state: Mutex<State>,
}

#[derive(Clone, Copy)]
enum Mode {
    Strict,
    Keyed,
}

/// What becomes of a call that has no recorded answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Missing {
    /// The run has no result: a [`keyed`](Replay::keyed) replay ends it with
    /// [`Failure::Unanswerable`](crate::outcome::Failure::Unanswerable), and whoever runs a [`strict`](Replay::strict) one has to
    /// look at its [mismatches](Replay::mismatches).
    #[default]
    Stop,
    /// The policy has the error that kwctl's replay gives, and its answer counts.
    Error,
}

impl Missing {
    const WORDS: [(&str, Self); 2] = [("stop", Self::Stop), ("error", Self::Error)];
}

impl FromStr for Missing {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match Self::WORDS.iter().find(|(known, _)| *known == word) {
            Some((_, missing)) => Ok(*missing),
            None => Err(format!("`{word}` is not a way to go on; use `stop` or `error`")),
        }
    }
}

#[derive(Default)]
struct State {
    calls: usize,
    /// Which exchanges were replayed, by position.
    used: Vec<bool>,
    mismatches: Vec<Mismatch>,
}

/// A call that was not the recorded one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Which call of the run it is, counted from 1.
    pub number: usize,
    /// What was called, for example `kubernetes/get_resource`.
    pub call: String,
    /// What the policy was told, in upstream's words.
    pub told: String,
    /// Whether the session has this call, elsewhere.
    pub recorded: bool,
    /// Which exchange was due, and what comes nearest.
    pub explanation: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "call {}, {}: {}", self.number, self.call, self.explanation)
    }
}

impl Replay {
    /// As kwctl replays: calls must come in the recorded order. One that differs fails with upstream's text, and uses up
    /// the exchange that was due.
    pub fn strict(session: Session) -> Self {
        Self::with(session, Mode::Strict)
    }

    /// Calls may come in any order, and any number of times. Of several exchanges with the same request each answers once
    /// in the recorded order, and the last one from then on. What becomes of a call that was not recorded is
    /// [`Missing`]'s; by default it ends the run, which then tells what comes nearest.
    pub fn keyed(session: Session) -> Self {
        Self::with(session, Mode::Keyed)
    }

    /// With this for calls that have no recorded answer.
    pub fn on_missing(mut self, missing: Missing) -> Self {
        self.missing = missing;
        self
    }

    fn with(session: Session, mode: Mode) -> Self {
        let used = vec![false; session.exchanges.len()];
        let state = Mutex::new(State { used, ..State::default() });
        Self { session, mode, missing: Missing::default(), state }
    }

    /// The exchanges that no call was answered with so far.
    pub fn leftovers(&self) -> Vec<&Exchange> {
        self.unused().map(|index| &self.session.exchanges[index]).collect()
    }

    /// The [leftovers](Self::leftovers) for people: which exchanges of the session they are, and what they answer.
    pub fn told_leftovers(&self) -> Vec<String> {
        let exchanges = &self.session.exchanges;
        let told = |index: usize| {
            format!("exchange {} of {}: {}", index + 1, exchanges.len(), closest::told(&exchanges[index].request))
        };
        self.unused().map(told).collect()
    }

    fn unused(&self) -> impl Iterator<Item = usize> + use<> {
        self.state().used.clone().into_iter().enumerate().filter(|(_, used)| !used).map(|(index, _)| index)
    }

    /// The calls that were not the recorded ones: all of a [`strict`](Self::strict) replay, and of a [`keyed`](Self::keyed) one
    /// those that had [an error](Missing::Error). A policy may take what it was told for any other failure of its host.
    pub fn mismatches(&self) -> Vec<Mismatch> {
        self.state().mismatches.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The position of the exchange that answers; `Err` has the position of the one that was due, if there is any left.
    fn find(&self, request: &HostRequest, state: &mut State) -> Result<usize, Option<usize>> {
        let exchanges = &self.session.exchanges;
        let same = |index: &usize| exchanges[*index].request == *request;
        let due = state.used.iter().position(|used| !used);
        let found = match self.mode {
            Mode::Strict => {
                // It is used up in any case.
                due.into_iter().for_each(|index| state.used[index] = true);
                due.filter(same)
            }
            Mode::Keyed => {
                let fresh = (0..exchanges.len()).filter(same).find(|index| !state.used[*index]);
                fresh.or_else(|| (0..exchanges.len()).rev().find(same))
            }
        };
        found.ok_or(due)
    }

    /// Takes down a call without an answer; what upstream says about it.
    fn miss(&self, call: String, request: &HostRequest, due: Option<usize>, state: &mut State) -> String {
        let exchanges = &self.session.exchanges;
        let elsewhere = exchanges.iter().position(|exchange| exchange.request == *request);
        let told = match due.map(|index| &exchanges[index].request) {
            None => "the list of recorded responses is empty".to_owned(),
            Some(expected) => {
                format!("Replay error: unexpected request. Was expecting {expected:?}, got {request:?} instead")
            }
        };
        let mut explanation = match due {
            None => format!("all {} exchanges of {} have been replayed", exchanges.len(), self.session.name),
            Some(index) => format!(
                "exchange {} of {} in {} was due, {}",
                index + 1,
                exchanges.len(),
                self.session.name,
                closest::told(&exchanges[index].request)
            ),
        };
        explanation.push_str(&match elsewhere {
            Some(index) => format!("; exchange {} is this call", index + 1),
            None => format!("; {}", closest::nearest(&self.session, request)),
        });
        let number = state.calls;
        state.mismatches.push(Mismatch {
            number,
            call,
            told: told.clone(),
            recorded: elsewhere.is_some(),
            explanation,
        });
        told
    }
}

impl Capabilities for Replay {
    fn call(&self, namespace: &str, operation: &str, payload: &[u8]) -> Result<Vec<u8>, CallError> {
        // In a native test the call is not authorised before.
        let request = HostRequest::parse(namespace, operation, payload)?;
        let mut state = self.state();
        state.calls += 1;
        let response = match self.find(&request, &mut state) {
            Ok(index) => {
                state.used[index] = true;
                self.session.exchanges[index].response.clone()
            }
            Err(_) if matches!((self.mode, self.missing), (Mode::Keyed, Missing::Stop)) => {
                let number = state.calls;
                return Err(CallError::Unanswerable(closest::miss(&self.session, &request, number)));
            }
            Err(due) => Err(self.miss(format!("{namespace}/{operation}"), &request, due, &mut state)),
        };
        response.map(String::into_bytes).map_err(|text| failure(namespace, &text))
    }
}
