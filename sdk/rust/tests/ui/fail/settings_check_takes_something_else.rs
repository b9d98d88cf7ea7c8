use admit::prelude::*;

#[derive(Deserialize, Settings)]
#[settings(check = positive)]
struct Limits {
    most: u32,
}

fn positive(_: &u32) -> Result<(), String> {
    Ok(())
}

fn main() {}
