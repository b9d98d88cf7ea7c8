use admit::prelude::*;

#[derive(Settings)]
#[settings]
#[settings(chek = positive, check = positive)]
#[settings(check = even, crate)]
struct Limits<'a, T, const N: usize>(#[settings(check = positive)] &'a [T; N]);

fn main() {}
