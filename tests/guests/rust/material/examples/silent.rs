//! Takes no host.

use admit::prelude::*;

#[admit::policy]
fn check(material: &Material, args: &Args) -> Evaluation {
    match args.string("violation") {
        Some(text) => Evaluation::fail(text),
        None if material.value().get("panic").is_some() => panic!("asked to"),
        None => Evaluation::success(),
    }
}
