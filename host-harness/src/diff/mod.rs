//! What a new version of a policy decides otherwise.
//!
//! Two policies, of any ABI of Kubewarden, are asked about every request of a [`Corpus`], and [`compare`] groups what changed into a
//! [`Report`]. What counts is what a cluster sees: whether the request is allowed, the message, the code, warnings, entries for the
//! audit log, the object that is stored (two patches that give one object are equal), and which questions the host is asked.
//!
//! A corpus is never in memory as a whole, and neither are the results: a report has exact counts, and a bounded number of groups and
//! examples. So it is the same in whichever order requests are evaluated, and the reports of [shards](Shard) [add up](merge) to that
//! of the whole.
//!
//! ```
//! use std::path::Path;
//!
//! use admit_host::diff::{Change, Corpus, DiffOptions, Release, Side, compare};
//! use admit_host::{CompiledPolicy, Engine, EngineOptions, RunOptions};
//! use serde_json::Map;
//!
//! let engine = Engine::new(EngineOptions::default())?;
//! let side = |name: &str, module: &[u8]| -> Result<Side, Box<dyn std::error::Error>> {
//!     Ok(Side {
//!         policy: CompiledPolicy::from_bytes(&engine, module)?,
//!         module: name.to_owned(),
//!         sha256: [0; 32],
//!         settings: Map::new(),
//!         options: RunOptions::default(),
//!     })
//! };
//! # let answering = |answer: &str| wat::parse_str(format!(
//! #     r#"(module (import "wapc" "__guest_response" (func $r (param i32 i32)))
//! #        (memory (export "memory") 1) (data (i32.const 0) "{}")
//! #        (func (export "__guest_call") (param i32 i32) (result i32) (call $r (i32.const 0) (i32.const {})) (i32.const 1)))"#,
//! #     answer.replace('"', "\\22"), answer.len(),
//! # )).unwrap();
//! # let (one, other) = (answering(r#"{"accepted": true}"#), answering(r#"{"accepted": false, "message": "no"}"#));
//! // `one` accepts everything, `other` rejects everything.
//! let (old, new) = (side("one", &one)?, side("other", &other)?);
//!
//! let pods = b"{apiVersion: v1, kind: Pod, metadata: {name: a}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: b}}\n";
//! let mut corpus = Corpus::new();
//! corpus.add_stream("pods.yaml", Box::new(&pods[..]));
//!
//! let report = compare(corpus, &old, &new, &DiffOptions::default(), |_| {})?;
//! assert_eq!((report.requests, report.changed, report.suggests), (2, 2, Release::Major));
//! let rejected = &report.changes[&Change::AcceptToReject];
//! let group = rejected.groups.largest_first()[0];
//! assert_eq!((group.is.as_str(), group.count), ("no", 2));
//! assert_eq!(group.examples.first().unwrap().subject.place.line, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod allow;
mod answer;
mod change;
mod compare;
mod corpus;
mod glob;
mod mask;
mod queue;
mod report;
mod run;
mod shard;
mod subject;

pub use allow::{Allowed, Where, parse_allowed, read_allowed};
pub use change::{Change, Release};
pub use corpus::{Corpus, Reason};
pub use report::{
    Changes, Compared, Cost, Example, Group, Groups, Growth, Left, LeftExample, MAX_EXAMPLES, MAX_GROUPS, MergeError,
    Report, SCHEMA, merge,
};
pub(crate) use run::requests_in;
pub use run::{DiffOptions, Side, compare};
pub use shard::{NoShard, Shard};
pub use subject::{Place, Subject};
