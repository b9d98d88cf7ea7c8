mod kit {
    pub use ::admit;
}

#[derive(serde::Deserialize, kit::admit::Settings)]
#[settings(crate = kit::admit, check = Self::positive)]
struct Limits {
    most: i64,
}

impl Limits {
    fn positive(&self) -> Result<(), String> {
        if self.most > 0 { Ok(()) } else { Err("`most` must be positive".to_owned()) }
    }
}

#[kit::admit::policy(crate = kit::admit)]
fn validate(_: &kit::admit::Request, _: &Limits) -> kit::admit::Verdict {
    kit::admit::Verdict::accept()
}

fn main() {}
