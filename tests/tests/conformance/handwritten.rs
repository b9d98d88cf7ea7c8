//! The guests that share no code with the toolkit: a template for each ABI, and the steps of a case.

use std::fmt::Write as _;

use admit_host::Abi;

use super::case::{Bytes, Call, Guest, Said, Step};

/// A module for a guest.
pub(super) fn module(guest: &Guest, abi: Abi) -> Result<Vec<u8>, String> {
    let text = match guest {
        Guest::Module { wat } => wat.clone(),
        Guest::Steps(steps) => Writer::new(abi).module(steps),
    };
    wat::parse_str(&text).map_err(|error| format!("{error}\n{text}"))
}

struct Writer {
    abi: Abi,
    data: String,
    code: String,
    end: usize,
}

impl Writer {
    fn new(abi: Abi) -> Self {
        Self { abi, data: String::new(), code: String::new(), end: 1024 }
    }

    fn module(mut self, steps: &[Step]) -> String {
        for step in steps {
            self.step(step);
        }
        assert!(self.end < 1 << 19, "the texts of a case take more memory than the guest has for them");
        let drained = !matches!(steps.first(), Some(Step::LeaveStdin));
        let drain = if drained { "(call $drain (i32.const 786433))" } else { "(i32.const 0)" };
        let template = match self.abi {
            Abi::Wapc => include_str!("handwritten.wapc.wat"),
            Abi::Wasi => include_str!("handwritten.wasi.wat"),
            Abi::Extism => panic!("these cases are about admission"),
        };
        template.replace(";; DATA", &self.data).replace(";; DRAIN", drain).replace(";; STEPS", &self.code)
    }

    fn step(&mut self, step: &Step) {
        match (self.abi, step) {
            (Abi::Wasi, Step::LeaveStdin) => {}
            (Abi::Wapc, Step::Say(Said::Payload)) => {
                self.line("(call $console (i32.const 786432) (i32.add (local.get $payload) (i32.const 1)))");
            }
            (Abi::Wapc, Step::Say(Said::Operation)) => {
                self.line("(call $console (i32.const 524288) (i32.add (local.get $operation) (i32.const 1)))");
            }
            (Abi::Wasi, Step::Say(Said::Payload)) => {
                self.line("(call $report (i32.const 61) (i32.const 786433) (local.get $payload))");
            }
            (Abi::Wasi, Step::Say(Said::Operation)) => self.line("(call $say_arguments)"),
            (_, Step::Call(call)) => self.call(call),
            (Abi::Wapc, Step::Answer(bytes)) => self.with("call $guest_response", bytes),
            (Abi::Wasi, Step::Answer(bytes)) | (_, Step::Stdout(bytes)) => {
                self.with("call $print (i32.const 1)", bytes)
            }
            (_, Step::Stderr(bytes)) => self.with("call $print (i32.const 2)", bytes),
            (Abi::Wapc, Step::Error(bytes)) => {
                self.with("call $guest_error", bytes);
                self.line("(return (i32.const 0))");
            }
            (Abi::Wasi, Step::Error(bytes)) => {
                self.with("call $print (i32.const 2)", bytes);
                self.line("(call $proc_exit (i32.const 1))");
            }
            (Abi::Wapc, Step::SetError(bytes)) => self.with("call $guest_error", bytes),
            (Abi::Wapc, Step::Console(bytes)) => self.with("call $console", bytes),
            (Abi::Wapc, Step::Return(code)) => self.line(&format!("(return (i32.const {code}))")),
            (Abi::Wasi, Step::Return(_)) => self.line("(return)"),
            (_, Step::Exit(code)) => self.line(&format!("(call $proc_exit (i32.const {code}))")),
            (_, Step::Trap) => self.line("unreachable"),
            (_, Step::Loop) => self.line("(loop $forever (br $forever))"),
            (Abi::Wapc, Step::LeaveStdin) => panic!("`leave_stdin` is for WASI"),
            (Abi::Wasi, Step::SetError(_) | Step::Console(_)) => panic!("`set_error` and `console` are for waPC"),
            (Abi::Extism, _) => panic!("these cases are about admission"),
        }
    }

    fn call(&mut self, call: &Call) {
        let texts = [&call.binding, &call.namespace, &call.operation, &call.payload];
        let arguments = texts.map(|text| self.place(text.as_bytes())).join(" ");
        self.line(&format!("(call $ask {arguments})"));
    }

    fn with(&mut self, function: &str, bytes: &Bytes) {
        let placed = self.place(&bytes.get());
        self.line(&format!("({function} {placed})"));
    }

    /// Puts bytes into the memory; returns where they are and how many, as two operands.
    fn place(&mut self, bytes: &[u8]) -> String {
        let at = self.end;
        let text: String = bytes.iter().map(|byte| format!("\\{byte:02x}")).collect();
        writeln!(self.data, "(data (i32.const {at}) \"{text}\")").expect("a String takes everything");
        self.end += bytes.len();
        format!("(i32.const {at}) (i32.const {})", bytes.len())
    }

    fn line(&mut self, code: &str) {
        self.code.push_str(code);
        self.code.push('\n');
    }
}
