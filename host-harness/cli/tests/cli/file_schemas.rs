//! `cargo admit scaffold case-schema`, `world-schema` and `report-schema`.

use std::fs;

use crate::support::Folder;

#[test]
fn schemas_are_printed_or_written() {
    for document in ["case", "world", "report"] {
        let folder = Folder::new();
        let printed = folder.run(&format!("scaffold {document}-schema")).exits(0).stdout;
        let schema: serde_json::Value = serde_json::from_str(&printed).expect("JSON");
        let id = format!("https://admit-rs.github.io/admit/schemas/{document}.schema.json");
        assert_eq!(schema["$id"], id.as_str());

        let output = format!("{document}.schema.json");
        folder.run(&format!("scaffold {document}-schema -o {output}")).exits(0).prints_nothing();
        assert_eq!(fs::read_to_string(folder.path().join(&output)).expect("the schema"), printed);
        folder.run(&format!("scaffold {document}-schema -o nowhere/{output}")).exits(2).tells("cannot write nowhere/");
    }
}

#[test]
fn help_says_how_an_editor_is_told() {
    for (document, files) in [("case", "cases/*/case.yaml"), ("world", "cases/_world.yaml")] {
        let ran = Folder::new().run(&format!("scaffold {document}-schema --help")).exits(0);
        ran.prints(&format!("cargo admit scaffold {document}-schema -o {document}.schema.json"))
            .prints(&format!("# yaml-language-server: $schema=../{document}.schema.json"))
            .prints("\"yaml.schemas\"")
            .prints(files);
    }
}
