//! Host capabilities, against documents that were written from the contract of the host.

mod answers;
mod errors;
mod requests;

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;

use admit::Host;

/// A host that gives every call the same answer.
fn answering(answer: Result<&str, &str>) -> Host {
    let answer = answer.map(|text| text.as_bytes().to_vec()).map_err(str::to_owned);
    Host::new(move |_: &str, _: &str, _: &[u8]| answer.clone())
}

/// One call: namespace, operation, payload.
type Call = (String, String, String);

/// What `run` asks of its host.
fn calls(run: impl FnOnce(&Host)) -> Vec<Call> {
    let calls = Rc::new(RefCell::new(Vec::new()));
    let seen = Rc::clone(&calls);
    run(&Host::new(move |namespace: &str, operation: &str, payload: &[u8]| {
        let payload = String::from_utf8(payload.to_vec()).expect("payloads are text");
        seen.borrow_mut().push((namespace.to_owned(), operation.to_owned(), payload));
        Err("nobody is there".to_owned())
    }));
    calls.take()
}

fn golden(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden").join(path)
}

fn answer(name: &str) -> String {
    std::fs::read_to_string(golden("answers").join(name)).expect("the golden answer is there")
}
