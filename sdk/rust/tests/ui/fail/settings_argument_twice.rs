use admit::prelude::*;

#[derive(Deserialize, Settings)]
#[settings(check = positive)]
#[settings(check = even)]
struct Limits {
    most: u32,
}

fn positive(_: &Limits) -> Result<(), String> {
    Ok(())
}

fn main() {}
