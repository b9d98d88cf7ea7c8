//! What is fuzzed: one function for each decoder that reads bytes of guests or users.
//!
//! A function takes any bytes. It panics when the decoder does, and when the decoder's answer breaks a rule that holds for
//! every input: what was written reads back the same, two readers of the same format agree, an error says where.
//!
//! Two programs feed them. `cargo test` tries each for a moment, with a fixed seed, on stable Rust
//! (`tests/tests/fuzz`). For hours instead, and led by coverage, with a nightly toolchain and
//! [cargo-fuzz](https://rust-fuzz.github.io/book/cargo-fuzz.html):
//!
//! ```text
//! cargo install cargo-fuzz
//! cargo +nightly fuzz list
//! cargo +nightly fuzz run session_file -- -max_total_time=3600 -max_len=65536
//! cargo +nightly fuzz tmin session_file fuzz/artifacts/session_file/crash-…
//! ```
//!
//! Both start from the files in `fuzz/corpus/<target>`. An input that failed belongs there, small and with a name that says what
//! it is about: it is tried again by every test run.

mod capabilities;
mod chainloop;
mod deployment;
mod documents;
mod evaluation;
mod metadata;
mod modules;
mod patterns;
mod schema;
mod sdk_answers;
mod sdk_edit;
mod sdk_json;
mod sdk_material;
mod sdk_policy;
mod world;

/// One decoder under test.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Name of the target, of its binary in `fuzz/fuzz_targets` and of its folder in `fuzz/corpus`.
    pub name: &'static str,
    /// Tries one input.
    pub run: fn(&[u8]),
    /// What inputs are made of, so that mutations get past the first line of the decoder.
    pub language: Language,
    /// Words of the format.
    pub words: &'static [&'static str],
    /// How many mutated inputs `cargo test` tries.
    pub rounds: usize,
}

/// What the inputs of a target are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Any bytes.
    Bytes,
    /// Lines of text.
    Text,
    /// JSON, or YAML, of which JSON is a part.
    Json,
}

/// Every target.
pub const TARGETS: &[Target] = &[
    Target { name: "module", run: modules::module, language: Language::Bytes, words: modules::WORDS, rounds: 3_000 },
    Target {
        name: "module_run",
        run: modules::module_run,
        language: Language::Bytes,
        words: modules::WORDS,
        rounds: 250,
    },
    Target {
        name: "metadata_section",
        run: modules::metadata_section,
        language: Language::Json,
        words: modules::METADATA_WORDS,
        rounds: 2_000,
    },
    Target {
        name: "validation_answer",
        run: evaluation::validation_answer,
        language: Language::Json,
        words: evaluation::WORDS,
        rounds: 300,
    },
    Target {
        name: "settings_answer",
        run: evaluation::settings_answer,
        language: Language::Json,
        words: evaluation::WORDS,
        rounds: 300,
    },
    Target {
        name: "guest_texts",
        run: evaluation::guest_texts,
        language: Language::Json,
        words: evaluation::LOG_WORDS,
        rounds: 150,
    },
    Target {
        name: "host_call",
        run: capabilities::host_call,
        language: Language::Json,
        words: capabilities::WORDS,
        rounds: 700,
    },
    Target {
        name: "session_file",
        run: capabilities::session_file,
        language: Language::Json,
        words: capabilities::WORDS,
        rounds: 250,
    },
    Target {
        name: "host_capabilities",
        run: patterns::host_capabilities,
        language: Language::Text,
        words: patterns::WORDS,
        rounds: 3_000,
    },
    Target {
        name: "request_document",
        run: documents::request_document,
        language: Language::Json,
        words: documents::REQUEST_WORDS,
        rounds: 200,
    },
    Target {
        name: "diff_corpus",
        run: documents::diff_corpus,
        language: Language::Json,
        words: documents::CORPUS_WORDS,
        rounds: 600,
    },
    Target {
        name: "settings_document",
        run: documents::settings_document,
        language: Language::Json,
        words: documents::YAML_WORDS,
        rounds: 250,
    },
    Target {
        name: "case_file",
        run: documents::case_file,
        language: Language::Json,
        words: documents::CASE_WORDS,
        rounds: 200,
    },
    Target {
        name: "chainloop_policy_file",
        run: chainloop::policy_file,
        language: Language::Json,
        words: chainloop::FILE_WORDS,
        rounds: 300,
    },
    Target {
        name: "chainloop_material",
        run: chainloop::material,
        language: Language::Json,
        words: chainloop::MATERIAL_WORDS,
        rounds: 300,
    },
    Target {
        name: "chainloop_output",
        run: chainloop::output,
        language: Language::Json,
        words: chainloop::OUTPUT_WORDS,
        rounds: 1000,
    },
    Target {
        name: "chainloop_texts",
        run: chainloop::texts,
        language: Language::Text,
        words: chainloop::TEXT_WORDS,
        rounds: 1000,
    },
    Target {
        name: "sdk_material",
        run: sdk_material::material,
        language: Language::Json,
        words: sdk_material::WORDS,
        rounds: 1000,
    },
    Target { name: "world_file", run: world::world_file, language: Language::Json, words: world::WORDS, rounds: 250 },
    Target {
        name: "world_call",
        run: world::world_call,
        language: Language::Json,
        words: capabilities::WORDS,
        rounds: 500,
    },
    Target {
        name: "selectors",
        run: world::selectors,
        language: Language::Text,
        words: world::SELECTOR_WORDS,
        rounds: 800,
    },
    Target {
        name: "image_reference",
        run: world::image_reference,
        language: Language::Text,
        words: world::IMAGE_WORDS,
        rounds: 800,
    },
    Target {
        name: "certificate",
        run: world::certificate,
        language: Language::Bytes,
        words: world::CERTIFICATE_WORDS,
        rounds: 120,
    },
    Target {
        name: "faulty_answer",
        run: world::faulty_answer,
        language: Language::Json,
        words: sdk_answers::WORDS,
        rounds: 60,
    },
    Target {
        name: "metadata_yml",
        run: metadata::metadata_yml,
        language: Language::Json,
        words: modules::METADATA_WORDS,
        rounds: 300,
    },
    Target {
        name: "metadata_manifest",
        run: metadata::metadata_manifest,
        language: Language::Text,
        words: metadata::TOML_WORDS,
        rounds: 800,
    },
    Target {
        name: "embed_metadata",
        run: metadata::embed_metadata,
        language: Language::Bytes,
        words: modules::WORDS,
        rounds: 1_500,
    },
    Target {
        name: "settings_schema",
        run: schema::settings_schema,
        language: Language::Json,
        words: schema::WORDS,
        rounds: 500,
    },
    Target {
        name: "group_expression",
        run: deployment::group_expression,
        language: Language::Text,
        words: deployment::EXPRESSION_WORDS,
        rounds: 300,
    },
    Target {
        name: "policy_file",
        run: deployment::policy_file,
        language: Language::Json,
        words: deployment::RESOURCE_WORDS,
        rounds: 300,
    },
    Target {
        name: "sdk_json",
        run: sdk_json::document,
        language: Language::Json,
        words: sdk_json::WORDS,
        rounds: 2_000,
    },
    Target {
        name: "sdk_decode",
        run: sdk_json::decode,
        language: Language::Json,
        words: sdk_json::WORDS,
        rounds: 3_000,
    },
    Target {
        name: "sdk_dispatch",
        run: sdk_policy::dispatch,
        language: Language::Json,
        words: sdk_policy::WORDS,
        rounds: 2_000,
    },
    Target { name: "sdk_edit", run: sdk_edit::edit, language: Language::Json, words: sdk_edit::WORDS, rounds: 1_500 },
    Target {
        name: "sdk_answers",
        run: sdk_answers::answers,
        language: Language::Json,
        words: sdk_answers::WORDS,
        rounds: 1_000,
    },
    Target {
        name: "sdk_host_errors",
        run: sdk_answers::host_errors,
        language: Language::Text,
        words: sdk_answers::ERROR_WORDS,
        rounds: 3_000,
    },
];

/// The target called `name`.
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}

/// Tries one input of the target called `name`; for the binaries of cargo-fuzz.
///
/// # Panics
///
/// When the decoder misbehaves, and when there is no such target.
pub fn run(name: &str, data: &[u8]) {
    let target = target(name).unwrap_or_else(|| panic!("there is no fuzz target `{name}`"));
    (target.run)(data);
}
