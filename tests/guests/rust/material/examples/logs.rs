//! Takes a host, and only logs.

use admit::prelude::*;

#[admit::policy]
fn check(_: &Material, _: &Args, host: &Host) -> Evaluation {
    host.info("hello");
    Evaluation::success()
}
