use std::collections::BTreeSet;

use kubewarden_policy_sdk::test::Testcase;

use super::*;

/// Stands in for the host.
pub(crate) fn get_resource(request: &GetResourceRequest) -> Result<Namespace, Error> {
    let labels = if request.name == "lab" { "any" } else { "known" };
    let object = serde_json::json!({"metadata": {"name": request.name, "labels": {"registries": labels}}});
    Ok(serde_json::from_value(object)?)
}

#[test]
fn foreign_registry() -> Result<(), Error> {
    let case = Testcase {
        name: "an image of another registry".to_owned(),
        fixture_file: "test_data/foreign.json".to_owned(),
        settings: Settings { registries: BTreeSet::from(["ghcr.io".to_owned()]), pull_always: false },
        expected_validation_result: false,
    };
    case.eval(validate)?;
    Ok(())
}
