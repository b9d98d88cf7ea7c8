//! The inputs of a target, by number: each can be made again without those before it.

use std::fs;

use admit_fuzz_targets::{Language, Target};

use super::random::Random;
use super::{corpus, json, mutate};

/// What makes a run differ from the next: nothing, unless somebody asks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    pub(super) seed: u64,
    pub(super) factor: usize,
}

impl Plan {
    pub(super) fn from_environment() -> Self {
        let number = |name: &str| -> Option<u64> {
            let text = std::env::var(name).ok()?;
            Some(text.parse().unwrap_or_else(|_| panic!("{name} is not a number: {text}")))
        };
        let factor = number("ADMIT_FUZZ_ROUNDS").unwrap_or(1);
        Self { seed: number("ADMIT_FUZZ_SEED").unwrap_or(1), factor: factor as usize }
    }
}

/// The files of the corpus, sorted by name. A target that only tests the harness has none.
pub(super) fn seeds(target: &Target) -> Vec<Vec<u8>> {
    let Ok(entries) = fs::read_dir(corpus().join(target.name)) else { return vec![b"seed".to_vec()] };
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("a directory entry").path()).collect();
    paths.sort();
    paths.into_iter().map(|path| fs::read(&path).expect("a readable corpus")).collect()
}

/// Everything that a target is tried on.
pub(super) struct Inputs {
    target: &'static Target,
    plan: Plan,
    seeds: Vec<Vec<u8>>,
    /// Those seeds that are documents.
    documents: Vec<serde_json::Value>,
    large: Vec<Vec<u8>>,
}

impl Inputs {
    pub(super) fn new(target: &'static Target, plan: Plan) -> Self {
        let seeds = seeds(target);
        let documents = match target.language {
            Language::Json => seeds.iter().filter_map(|seed| json::parse(seed)).collect(),
            Language::Bytes | Language::Text => Vec::new(),
        };
        Self { target, plan, seeds, documents, large: large(target) }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.seeds.len() + self.large.len() + self.target.rounds * self.plan.factor
    }

    /// The input with this number.
    pub(super) fn get(&self, index: usize) -> Vec<u8> {
        if let Some(seed) = self.seeds.get(index) {
            return seed.clone();
        }
        if let Some(large) = self.large.get(index - self.seeds.len()) {
            return large.clone();
        }
        let mut random = Random::new(self.plan.seed, self.target.name, index);
        if !self.documents.is_empty() && !random.one_in(3) {
            let text = json::mutate(&self.documents, self.target.words, &mut random);
            if !random.one_in(6) {
                return text;
            }
            return mutate::bytes(text, &self.seeds, self.target.words, &mut random);
        }
        let seed = random.pick(&self.seeds).clone();
        mutate::bytes(seed, &self.seeds, self.target.words, &mut random)
    }
}

/// Bytes of the large inputs.
const LARGE: usize = 32 << 10;

/// Inputs that are bad for whoever recurses, counts on short words or goes through everything for each thing.
fn large(target: &Target) -> Vec<Vec<u8>> {
    let times = |unit: &str| unit.repeat(LARGE / unit.len());
    let numbered = |line: &dyn Fn(usize) -> String| (0..LARGE / 12).map(line).collect::<String>();
    let mut texts = vec![
        times("["),
        times("{\"a\":"),
        times("[]"),
        times("- "),
        times("? "),
        times("&a "),
        times("!a "),
        times("a: "),
        times("\n"),
        times("\"\\u0041"),
        times("\u{0}"),
        times("é"),
        times("/"),
        times("*/"),
        times("a"),
        format!("\"{}\"", times("x")),
        format!("{{\"{}\":1}}", times("x")),
        format!("- {{{}: 1}}", times("x")),
        format!("[{}0]", times("0,")),
        format!("{}1{}", "[".repeat(120), "]".repeat(120)),
        format!("{}1{}", "[".repeat(2_000), "]".repeat(2_000)),
        format!("{}1{}", "{\"a\":".repeat(2_000), "}".repeat(2_000)),
        format!("{{{}\"z\":0}}", numbered(&|index| format!("\"k{index}\":0,"))),
        numbered(&|index| format!("k{index}: 0\n")),
        numbered(&|index| format!("{:width$}a:\n", "", width = index % 100)),
    ];
    texts.extend(target.words.iter().take(8).map(|word| times(word)));
    texts.into_iter().map(String::into_bytes).collect()
}
