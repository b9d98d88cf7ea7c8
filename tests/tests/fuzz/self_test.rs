//! That the harness sees what it is there to see: decoders that misbehave on purpose.

use std::hint::black_box;

use admit_fuzz_targets::{Language, Target};
use libtest_mimic::Trial;

use super::{report, supervise};

pub(super) const TARGETS: &[Target] = &[
    broken("broken_panic", |data| assert!(!data.contains(&b'!'), "an exclamation mark")),
    broken("broken_recursion", |data| {
        if data.contains(&b'!') {
            black_box(sink(0));
        }
    }),
    broken("broken_allocation", |data| {
        if data.contains(&b'!') {
            black_box(vec![1_u8; 100 << 20]);
        }
    }),
    broken("sound", |data| {
        black_box(vec![0_u8; 1 << 20].len() + data.len());
    }),
];

const fn broken(name: &'static str, run: fn(&[u8])) -> Target {
    Target { name, run, language: Language::Bytes, words: &["!"], rounds: 300 }
}

/// Deeper with every call, until there is no stack.
fn sink(depth: usize) -> usize {
    let frame = black_box([depth; 64]);
    if depth == usize::MAX { 0 } else { sink(depth + 1) + frame[depth % 64] }
}

pub(super) fn trials() -> Vec<Trial> {
    let mut trials = trials![inputs_are_made_smaller];
    trials.push(Trial::test("fuzz::self_test::finds_a_panic", || finds("broken_panic", "an exclamation mark")));
    trials.push(Trial::test("fuzz::self_test::finds_a_stack_overflow", || finds("broken_recursion", "overflow")));
    trials.push(Trial::test("fuzz::self_test::finds_a_large_allocation", || {
        finds("broken_allocation", "memory allocation of 104857600 bytes failed")
    }));
    trials.push(Trial::test("fuzz::self_test::lets_others_pass", || {
        let target = super::target("sound").expect("the target is there");
        supervise::run(target).map_err(Into::into)
    }));
    trials
}

/// The report names the reason and an input that consists of what it takes.
fn finds(name: &str, reason: &str) -> Result<(), libtest_mimic::Failed> {
    let target = super::target(name).expect("the target is there");
    let report = supervise::run(target).expect_err("the target is broken");
    for part in [reason, "input (1 bytes, made of ", "b\"!\"", name, "fuzz/corpus/"] {
        assert!(report.contains(part), "`{part}` is not in\n{report}");
    }
    Ok(())
}

fn inputs_are_made_smaller() {
    let input: Vec<u8> = (0..=255).cycle().take(1_000).collect();
    let small = report::shrink(&input, |candidate| candidate.contains(&7) && candidate.contains(&200));
    assert_eq!(small, [7, 200]);
    // A failure that needs everything stays whole.
    assert_eq!(report::shrink(b"abc", |candidate| candidate == b"abc"), b"abc");
}
