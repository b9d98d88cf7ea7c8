//! The derived impl calls the check that the attribute names.

use admit::prelude::*;

#[derive(Deserialize, Settings)]
#[settings(check = checks::ordered)]
struct Limits {
    least: u32,
    most: u32,
}

mod checks {
    pub(crate) fn ordered(limits: &super::Limits) -> Result<(), admit::SettingsError> {
        if limits.least <= limits.most {
            Ok(())
        } else {
            Err(admit::SettingsError::new("larger than `most`").at("/least"))
        }
    }
}

fn main() {
    assert!(Limits { least: 1, most: 2 }.check().is_ok());
    assert!(Limits { least: 2, most: 1 }.check().is_err());
}
