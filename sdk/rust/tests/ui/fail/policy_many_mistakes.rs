use admit::prelude::*;

#[admit::policy(krate = ::admit, crate, crate = "admit")]
async unsafe extern "C" fn validate<T, const LIMIT: usize>(
    _host: Host,
    _request: &mut Request,
    _settings: &impl Settings,
    _more: &T,
) -> bool {
    true
}

fn main() {}
