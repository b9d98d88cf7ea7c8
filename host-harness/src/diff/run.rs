//! Asking both policies about everything in a corpus.

use std::sync::atomic::{AtomicU64, Ordering};
use std::{num::NonZero, thread};

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::allow::{Allowed, allowing};
use super::answer::Answer;
use super::compare::differences;
use super::corpus::{Asked, Corpus, Found, LeftOut, Reason};
use super::queue::Queue;
use super::report::{Compared, Report};
use super::shard::Shard;
use super::subject::Subject;
use crate::input::DEEP_STACK;
use crate::matching::Matching;
use crate::request::Request;
use crate::{CompiledPolicy, RunOptions};
use admit_runtime::request::PreparedRequest;

/// One of the policies, and how it is run.
#[derive(Clone, Debug)]
pub struct Side {
    /// The policy, which is one of Kubewarden.
    pub policy: CompiledPolicy,
    /// Where its module was read from, for the report.
    pub module: String,
    /// The bytes of the module as SHA-256, for the report.
    pub sha256: [u8; 32],
    /// Its settings. They are not checked here.
    pub settings: Map<String, Value>,
    /// How it is run: its host, its grants, its limits.
    pub options: RunOptions,
}

/// How a corpus is gone through.
#[derive(Clone, Debug, Default)]
pub struct DiffOptions {
    /// Take every document as it is, for raw policies.
    pub raw: bool,
    /// Ask about everything. Otherwise both policies are asked about what the rules in the metadata of one of them are about.
    pub ignore_rules: bool,
    /// The part of the corpus to look at; all of it when absent.
    pub shard: Option<Shard>,
    /// The changes that are allowed.
    pub allowed: Vec<Allowed>,
}

/// Asks two policies about every request of a corpus, and tells what differs. `progress` is called with the number of requests that
/// both were asked about, from any thread.
///
/// # Errors
///
/// The operating system gives no thread; nothing is known then.
pub fn compare(
    corpus: Corpus,
    old: &Side,
    new: &Side,
    options: &DiffOptions,
    progress: impl Fn(u64) + Sync,
) -> Result<Report, String> {
    let empty = Report::new(old.compared(), new.compared(), options.shard, options.allowed.clone());
    let comparison = Comparison {
        old,
        new,
        options,
        rules: [old, new].map(|side| side.policy.metadata().map(Matching::by_metadata)),
        done: AtomicU64::new(0),
        progress: &progress,
    };
    let queue = Queue::default();
    let work = || {
        let _watch = Watch(&queue);
        let mut report = empty.clone();
        while let Some(piece) = queue.pop() {
            piece.requests(options.raw).into_iter().for_each(|asked| comparison.add(asked, &mut report));
        }
        report
    };
    thread::scope(|scope| {
        let wanted = thread::available_parallelism().map_or(1, NonZero::get);
        let started = (0..wanted).map(|number| {
            let named = thread::Builder::new().name(format!("admit-diff-{number}")).stack_size(DEEP_STACK);
            named.spawn_scoped(scope, work)
        });
        let (mut workers, mut refused) = (Vec::new(), None);
        for worker in started {
            match worker {
                Ok(worker) => workers.push(worker),
                Err(error) => refused = Some(error),
            }
        }
        let mut report = empty.clone();
        if let (Some(error), []) = (refused, workers.as_slice()) {
            return Err(format!("this machine gives no thread to evaluate on ({error}); end other programs"));
        }
        corpus.read(|found| match found {
            Found::Piece(piece) => queue.push(piece),
            Found::LeftOut(left) => {
                comparison.leave_out(left, &mut report);
                true
            }
        });
        queue.end();
        for worker in workers {
            report.absorb(worker.join().unwrap_or_else(|payload| std::panic::resume_unwind(payload)));
        }
        Ok(report)
    })
}

/// The requests in a text, split as a corpus is, and how many parts of it are none.
pub(crate) fn requests_in(text: &[u8], name: &str) -> (Vec<Request>, usize) {
    let mut corpus = Corpus::new();
    corpus.add_stream(name, Box::new(std::io::Cursor::new(text.to_vec())));
    let (mut requests, mut left_out) = (Vec::new(), 0);
    corpus.read(|found| {
        match found {
            Found::Piece(piece) => piece.requests(false).into_iter().for_each(|asked| match asked {
                Ok(asked) => requests.push(asked.request),
                Err(_) => left_out += 1,
            }),
            Found::LeftOut(_) => left_out += 1,
        }
        true
    });
    (requests, left_out)
}

/// Lets nobody wait for a worker that is gone.
struct Watch<'q>(&'q Queue);

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.break_off();
        }
    }
}

struct Comparison<'c, P> {
    old: &'c Side,
    new: &'c Side,
    options: &'c DiffOptions,
    /// The rules of each policy, where it declares any.
    rules: [Option<Matching>; 2],
    done: AtomicU64,
    progress: &'c P,
}

impl<P: Fn(u64)> Comparison<'_, P> {
    fn add(&self, asked: Result<Asked, LeftOut>, report: &mut Report) {
        let Asked { request, place, notes } = match asked {
            Ok(asked) => asked,
            Err(left) => return self.leave_out(left, report),
        };
        let subject = Subject::of(&request, place);
        let prepared = PreparedRequest::from(request);
        if self.options.shard.is_some_and(|shard| !shard.has(prepared.json())) {
            return;
        }
        let left = |reason, about| LeftOut { reason, place: subject.place.clone(), about };
        if !self.is_about(prepared.request()) {
            return report.leave_out(left(Reason::NoRule, subject.to_string()));
        }
        let (old, new) = match (self.old.ask(&prepared), self.new.ask(&prepared)) {
            (Ok(old), Ok(new)) => (old, new),
            (Err(why), _) | (_, Err(why)) => {
                return report.leave_out(left(Reason::Unanswerable, format!("{subject}: {why}")));
            }
        };
        notes.iter().for_each(|note| report.note(note));
        let base = match prepared.request() {
            Request::Kubernetes(request) => request.object.as_ref(),
            Request::Raw(raw) => Some(raw),
        };
        let found = differences(&old, &new, base, &subject).into_iter().map(|difference| {
            let allowed = allowing(&self.options.allowed, &difference, &subject);
            (difference, allowed)
        });
        report.add(&subject, found.collect());
        if let (Some(old), Some(new)) = (old.fuel, new.fuel) {
            report.cost(&subject, old, new);
        }
        (self.progress)(self.done.fetch_add(1, Ordering::Relaxed) + 1);
    }

    /// What is left out is in a part by its place.
    fn leave_out(&self, left: LeftOut, report: &mut Report) {
        if self.options.shard.is_none_or(|shard| shard.has(left.place.to_string().as_bytes())) {
            report.leave_out(left);
        }
    }

    /// Whether one of the policies is asked about it. A policy that declares no rules is asked about everything.
    fn is_about(&self, request: &Request) -> bool {
        let Request::Kubernetes(request) = request else { return true };
        self.options.ignore_rules
            || self.rules.iter().any(|rules| rules.as_ref().is_none_or(|rules| rules.rules_match(request)))
    }
}

impl Side {
    fn ask(&self, request: &PreparedRequest) -> Result<Answer, String> {
        Answer::of(self.policy.validate_prepared(request, &self.settings, &self.options))
    }

    fn compared(&self) -> Compared {
        let mut settings = Value::Object(self.settings.clone());
        settings.sort_all_objects();
        Compared {
            module: self.module.clone(),
            abi: self.policy.abi().to_string(),
            sha256: hexadecimal(&self.sha256),
            settings_sha256: hexadecimal(&Sha256::digest(settings.to_string())),
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
