//! The author's function may have a name that the expansion uses inside.

mod request {
    #[admit::policy]
    pub fn request(_: &admit::Request, _: &admit::NoSettings, _: &admit::Host) -> admit::Verdict {
        admit::Verdict::accept()
    }
}

mod host {
    #[admit::policy]
    pub fn host(_: &admit::Request, _: &admit::NoSettings, _: &admit::Host) -> admit::Verdict {
        admit::Verdict::accept()
    }
}

mod settings {
    #[admit::policy]
    pub fn settings(_: &admit::Request, _: &admit::NoSettings, _: &admit::Host) -> admit::Verdict {
        admit::Verdict::accept()
    }
}

mod keyword {
    #[admit::policy]
    pub fn r#type(_: &admit::Request) -> admit::Verdict {
        admit::Verdict::accept()
    }
}

fn main() {
    let functions: [fn(&admit::Request, &admit::NoSettings, &admit::Host) -> admit::Verdict; 3] =
        [request::request, host::host, settings::settings];
    let _ = functions;
}
