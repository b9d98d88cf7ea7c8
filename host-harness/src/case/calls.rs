//! The host calls that a case expects.

use std::fmt;

use serde_json::Value;

use super::Difference;
use crate::{
    capabilities::{CHAINLOOP_OPERATIONS, OPERATIONS, shown},
    input::{Cursor, InputError, as_sent, nearest},
    outcome::{HostCall, Trace},
};

/// Expected calls times calls that were made: how many pairs are looked at.
const MAX_PAIRS: usize = 2_000_000;

/// How many calls that are missing or too many a report has.
const MAX_DIFFERENCES: usize = 100;

/// One call that the policy has to make.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpectedCall {
    /// `namespace/operation`.
    pub call: String,
    /// What its payload has to contain: of objects these keys at least, anything else exactly.
    pub with: Option<Value>,
}

impl ExpectedCall {
    /// Whether `call` is as expected.
    pub fn is_match(&self, call: &HostCall) -> bool {
        Made::of(call).is(self)
    }
}

/// A call that was made, as expectations look at it.
struct Made {
    call: String,
    /// `None` of what is no JSON.
    payload: Option<Value>,
}

impl Made {
    fn of(call: &HostCall) -> Self {
        Self { call: path(call), payload: serde_json::from_slice(&call.payload).ok() }
    }

    fn is(&self, expected: &ExpectedCall) -> bool {
        expected.call == self.call
            && expected
                .with
                .as_ref()
                .is_none_or(|part| self.payload.as_ref().is_some_and(|payload| contains(payload, part)))
    }
}

impl fmt::Display for ExpectedCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.with {
            Some(with) => write!(f, "{} with {with}", self.call),
            None => f.write_str(&self.call),
        }
    }
}

fn path(call: &HostCall) -> String {
    format!("{}/{}", call.namespace, call.operation)
}

/// Whether `part` is in `whole`: of objects the keys that `part` has, of anything else the same.
pub(super) fn contains(whole: &Value, part: &Value) -> bool {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => {
            // An absent key is what `null` says, too.
            part.iter().all(|(key, part)| contains(whole.get(key).unwrap_or(&Value::Null), part))
        }
        // What the case says was read with numbers as API servers write them.
        _ => as_sent(whole) == as_sent(part),
    }
}

pub(super) fn parse(list: &Cursor<'_>) -> Result<Vec<ExpectedCall>, InputError> {
    list.list_or_nothing()?.iter().map(expected).collect()
}

fn expected(item: &Cursor<'_>) -> Result<ExpectedCall, InputError> {
    if item.value().is_string() {
        return Ok(ExpectedCall { call: operation(item)?, with: None });
    }
    item.only_keys(&["call", "with"])?;
    let call = operation(&item.required("call", "it is `namespace/operation`")?)?;
    Ok(ExpectedCall { call, with: item.given("with")?.map(|with| with.value().clone()) })
}

fn operation(item: &Cursor<'_>) -> Result<String, InputError> {
    let call = item.string()?;
    let known = [&OPERATIONS[..], &CHAINLOOP_OPERATIONS].concat();
    if known.contains(&call) {
        return Ok(call.to_owned());
    }
    Err(item.error(match nearest(call, &known) {
        Some(near) => format!("`{call}` is not an operation; did you mean `{near}`?"),
        None => format!("`{call}` is not an operation; they are {}", known.join(", ")),
    }))
}

/// What is wrong with the calls of a run: each has to be expected once, in any order.
pub(super) fn compare(expected: &[ExpectedCall], trace: &Trace, differences: &mut Vec<Difference>) {
    const NOTHING: &str = "(none)";
    let mut difference = |expected: String, actual: String| {
        differences.push(Difference::new("host_calls", expected, actual));
    };
    if trace.host_calls_dropped > 0 {
        let made = trace.host_calls.len() as u64 + trace.host_calls_dropped;
        return difference(format!("{} calls", expected.len()), format!("{made} calls, too many to look at"));
    }
    let calls = &trace.host_calls;
    if expected.len().saturating_mul(calls.len()) > MAX_PAIRS {
        return difference(
            format!("{} calls", expected.len()),
            format!("{} calls, too many to be paired with those that are expected; expect fewer", calls.len()),
        );
    }
    let (missing, mut extra) = unmatched(expected, calls);
    let more = (missing.len().max(extra.len())).saturating_sub(MAX_DIFFERENCES);
    for index in missing.into_iter().take(MAX_DIFFERENCES) {
        // The call that was most likely meant.
        let near = extra.iter().position(|call| path(&calls[*call]) == expected[index].call);
        let near = near.map(|position| extra.remove(position));
        difference(expected[index].to_string(), near.map_or(NOTHING.to_owned(), |call| describe(&calls[call])));
    }
    for call in extra.into_iter().take(MAX_DIFFERENCES) {
        difference(NOTHING.to_owned(), describe(&calls[call]));
    }
    if more > 0 {
        difference(NOTHING.to_owned(), format!("(and {more} calls more that differ)"));
    }
}

fn describe(call: &HostCall) -> String {
    format!("{} with {}", path(call), shown(&call.payload))
}

/// Pairs expectations with calls, as many as possible; returns the positions of those that are left over on both sides.
///
/// An expectation without a payload fits many calls, so the first one that fits may be the wrong one. A pair is given up
/// when its expectation finds another call (augmenting paths).
fn unmatched(expected: &[ExpectedCall], calls: &[HostCall]) -> (Vec<usize>, Vec<usize>) {
    fn assign(index: usize, fits: &[Vec<usize>], taken: &mut [Option<usize>], tried: &mut [bool]) -> bool {
        // One that is free, before others have to give theirs up.
        if let Some(free) = fits[index].iter().find(|call| taken[**call].is_none()) {
            taken[*free] = Some(index);
            return true;
        }
        for &call in &fits[index] {
            if std::mem::replace(&mut tried[call], true) {
                continue;
            }
            if taken[call].is_none_or(|owner| assign(owner, fits, taken, tried)) {
                taken[call] = Some(index);
                return true;
            }
        }
        false
    }
    let made: Vec<Made> = calls.iter().map(Made::of).collect();
    let fitting = |e: &ExpectedCall| (0..made.len()).filter(|call| made[*call].is(e)).collect();
    let fits: Vec<Vec<usize>> = expected.iter().map(fitting).collect();
    let mut taken = vec![None; calls.len()];
    let missing = (0..expected.len())
        .filter(|index| !assign(*index, &fits, &mut taken, &mut vec![false; calls.len()]))
        .collect::<Vec<_>>();
    let extra = (0..calls.len()).filter(|call| taken[*call].is_none()).collect();
    (missing, extra)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn lookup(host: &str) -> HostCall {
        let (namespace, operation) = ("net".to_owned(), "v1/dns_lookup_host".to_owned());
        HostCall { namespace, operation, payload: json!(host).to_string().into_bytes(), answer: Ok(Vec::new()) }
    }

    fn expect(with: Option<Value>) -> ExpectedCall {
        ExpectedCall { call: "net/v1/dns_lookup_host".to_owned(), with }
    }

    #[test]
    fn an_expectation_that_fits_everything_leaves_the_others_theirs() {
        let calls = [lookup("a"), lookup("b")];
        let any_first = [expect(None), expect(Some(json!("a")))];
        assert_eq!(unmatched(&any_first, &calls), (vec![], vec![]));
        let twice = [expect(Some(json!("a"))), expect(Some(json!("a")))];
        assert_eq!(unmatched(&twice, &calls), (vec![1], vec![1]));
        assert_eq!(unmatched(&[], &calls), (vec![], vec![0, 1]));
    }

    #[test]
    fn many_equal_calls_are_paired_at_once() {
        let calls: Vec<HostCall> = (0..1_400).map(|_| lookup("a")).collect();
        let all: Vec<ExpectedCall> = calls.iter().map(|_| expect(None)).collect();
        assert_eq!(unmatched(&all, &calls), (vec![], vec![]));
        assert_eq!(unmatched(&all, &calls[..1_000]).0.len(), 400);
    }

    #[test]
    fn more_calls_than_can_be_paired_are_told() {
        let calls = |count: usize| (0..count).map(|number| lookup(&format!("{number}"))).collect::<Vec<_>>();
        let compared = |expected: usize, made: usize| {
            let mut differences = Vec::new();
            let trace = Trace { host_calls: calls(made), ..Trace::default() };
            let expected: Vec<ExpectedCall> = (0..expected).map(|_| expect(Some(json!("x")))).collect();
            compare(&expected, &trace, &mut differences);
            differences
        };
        let differences = compared(30_000, 30_000);
        assert_eq!(differences.len(), 1);
        assert!(differences[0].actual.contains("30000 calls, too many to be paired"), "{:?}", differences[0]);
        // As many are shown as anybody reads.
        let differences = compared(0, 5_000);
        assert_eq!(differences.len(), MAX_DIFFERENCES + 1);
        assert_eq!(differences[MAX_DIFFERENCES].actual, "(and 4900 calls more that differ)");
        assert_eq!(compared(500, 500).len(), 2 * MAX_DIFFERENCES + 1);
    }

    #[test]
    fn calls_of_both_hosts() {
        let read = |text: &str| {
            let document = crate::input::Document::parse(text.as_bytes(), "case.yaml").expect("YAML");
            parse(&document.root()).map_err(|error| error.to_string())
        };
        let both = read("[chainloop/discover, {call: http/request, with: {url: u}}, net/v1/dns_lookup_host]");
        assert_eq!(both.map(|calls| calls[1].to_string()).as_deref(), Ok("http/request with {\"url\":\"u\"}"));
        let slip = "case.yaml:1:2: [0]: `http/reqest` is not an operation; did you mean `http/request`?";
        assert_eq!(read("[http/reqest]"), Err(slip.to_owned()));
    }

    #[test]
    fn part_of_a_payload() {
        let payload = json!({"name": "web", "namespace": null, "masks": ["a"], "deep": {"x": 1, "y": 2}});
        for part in [json!({}), json!({"deep": {"x": 1}}), json!({"namespace": null, "selector": null})] {
            assert!(contains(&payload, &part), "{part}");
        }
        for part in [json!({"name": "we"}), json!({"masks": []}), json!({"deep": null}), json!({"other": 1})] {
            assert!(!contains(&payload, &part), "{part}");
        }
    }
}
