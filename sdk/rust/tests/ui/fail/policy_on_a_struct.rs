#[admit::policy]
/// Not a function.
pub struct Policy;

fn main() {}
