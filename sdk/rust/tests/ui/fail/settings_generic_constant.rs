use admit::prelude::*;

#[derive(Settings)]
struct Limits<const N: usize> {
    most: [u32; N],
}

fn main() {}
