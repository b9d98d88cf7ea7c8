//! The schema of cases contains that of worlds, so that an editor needs one file only.

use admit_host::{capabilities::World, case, input::Document};
use libtest_mimic::Trial;

pub(super) fn trials() -> Vec<Trial> {
    trials![no_key_is_given_twice, the_world_in_a_case_is_a_world]
}

/// Where the schema of worlds starts, in both files.
const START: &str = "    \"worldOrManifest\": {\n";

/// serde_json would take the last one.
fn no_key_is_given_twice() {
    for (name, schema) in [("case.schema.json", case::SCHEMA), ("world.schema.json", World::SCHEMA)] {
        Document::parse(schema.as_bytes(), name).unwrap_or_else(|error| panic!("{error}"));
    }
}

/// `world.schema.json` is the source; `ADMIT_BLESS=1` copies it. As text, so that the order of keys stays.
fn the_world_in_a_case_is_a_world() {
    let world = World::SCHEMA.find(START).expect("a definition `worldOrManifest`");
    let case = case::SCHEMA.find(START).expect("a definition `worldOrManifest`");
    if case::SCHEMA[case..] == World::SCHEMA[world..] {
        return;
    }
    if std::env::var_os("ADMIT_BLESS").is_some_and(|bless| bless == "1") {
        let path = crate::support::repository().join("host-harness/schemas/case.schema.json");
        let text = format!("{}{}", &case::SCHEMA[..case], &World::SCHEMA[world..]);
        return std::fs::write(path, text).expect("a writable schema");
    }
    panic!("the world in case.schema.json is not that of world.schema.json: run with ADMIT_BLESS=1 to copy it");
}
