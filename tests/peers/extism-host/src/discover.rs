//! The one function that Chainloop adds to the ABI.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use extism::{CurrentPlugin, EXTISM_USER_MODULE, Error, Function, PTR, UserData, Val};

/// The answers that are left, and what was asked.
#[derive(Clone)]
pub(crate) struct Discover(Arc<Mutex<State>>);

struct State {
    answers: VecDeque<Option<String>>,
    asked: Vec<(String, String)>,
}

impl Discover {
    pub(crate) fn new(answers: Vec<Option<String>>) -> Self {
        Self(Arc::new(Mutex::new(State { answers: answers.into(), asked: Vec::new() })))
    }

    pub(crate) fn asked(&self) -> Vec<(String, String)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).asked.clone()
    }

    /// The function under the two names that policies import it by.
    pub(crate) fn functions(&self) -> [Function; 2] {
        [EXTISM_USER_MODULE, "env"].map(|module| {
            let discover = self.clone();
            let answer = move |plugin: &mut CurrentPlugin, given: &[Val], answer: &mut [Val], _: UserData<()>| {
                let result = discover.answer(text(plugin, &given[0])?, text(plugin, &given[1])?);
                answer[0] = match result {
                    Some(result) => {
                        let block = plugin.memory_new(result.as_str())?;
                        plugin.memory_to_val(block)
                    }
                    None => Val::I64(0),
                };
                Ok(())
            };
            Function::new("chainloop_discover", [PTR, PTR], [PTR], UserData::new(()), answer).with_namespace(module)
        })
    }

    fn answer(&self, digest: String, kind: String) -> Option<String> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.asked.push((digest, kind));
        state.answers.pop_front().flatten()
    }
}

/// The text of a block; none of 0.
fn text(plugin: &mut CurrentPlugin, block: &Val) -> Result<String, Error> {
    match plugin.memory_from_val(block) {
        Some(block) => Ok(plugin.memory_str(block)?.to_owned()),
        None => Ok(String::new()),
    }
}
