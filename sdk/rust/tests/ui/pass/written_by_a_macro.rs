use admit::prelude::*;

macro_rules! accept_all {
    ($krate:path, $name:ident, $request:ty, $settings:ty) => {
        #[admit::policy(crate = $krate)]
        fn $name(_: $request, _: &$settings) -> Verdict {
            Verdict::accept()
        }
    };
}

accept_all!(::admit, validate, &Request, NoSettings);

fn main() {}
