//! The example policy, also written with the upstream SDK, on both hosts.
//!
//! On every case of the example, one guest must give the same answer on both hosts, to the letter; two guests must come to
//! the same decision, with the same message and code.

use std::sync::LazyLock;

use admit_host::RunOptions;
use admit_host::case::{self, AdmissionSubject, Case, Verdict};
use libtest_mimic::{Failed, Trial};

use super::guest::{Answer, Guest};
use crate::support;

static OURS: LazyLock<Guest> = LazyLock::new(|| Guest::build("examples/pod-privileged"));
static UPSTREAM: LazyLock<Guest> = LazyLock::new(|| Guest::build("tests/peers/upstream-pod-privileged"));

pub(super) fn trials() -> Vec<Trial> {
    let cases = case::load(&support::repository().join("examples/pod-privileged/cases")).expect("the cases are valid");
    assert!(cases.len() >= 14, "the example has lost its cases");
    let mut trials: Vec<Trial> =
        cases.into_iter().map(|case| Trial::test(format!("peers::{}", case.name), move || compare(&case))).collect();
    trials.push(Trial::test("peers::protocol_version", protocol_version));
    trials
}

fn here(guest: &Guest, case: &Case) -> Answer {
    let subject = subject(case);
    guest.here(&subject.request, &subject.settings, &RunOptions::default())
}

fn subject(case: &Case) -> &AdmissionSubject {
    case.admission().expect("the example's cases are about requests")
}

fn compare(case: &Case) -> Result<(), Failed> {
    let subject = subject(case);
    for (name, guest) in [("ours", &*OURS), ("upstream", &*UPSTREAM)] {
        let here = here(guest, case);
        let there =
            guest.there(&subject.request, &subject.settings, Box::new(|_, _, _| Err("no call is expected".to_owned())));
        if here != there {
            return Err(
                format!("the guest `{name}` differs between hosts\n  here:  {here:?}\n  there: {there:?}").into()
            );
        }
    }
    let (ours, upstream) = (here(&OURS, case), here(&UPSTREAM, case));
    let same = match (&ours, &upstream) {
        // Each SDK has its own words for what it cannot decode; that it fails where the case says so is what counts.
        (Answer::Error(_), Answer::Error(_)) => subject.expect.verdict == Verdict::Error,
        _ => ours == upstream,
    };
    if same { Ok(()) } else { Err(format!("the guests differ\n  ours:     {ours:?}\n  upstream: {upstream:?}").into()) }
}

fn protocol_version() -> Result<(), Failed> {
    for guest in [&*OURS, &*UPSTREAM] {
        assert_eq!(guest.here.protocol_version(&RunOptions::default()).as_deref(), Ok("v1"));
    }
    Ok(())
}
