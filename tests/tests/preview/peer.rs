//! The same programs on `wasmtime-wasi`.

use wasmtime::{Engine, InstancePre, Linker, Module, Store};
use wasmtime_wasi::p1::WasiP1Ctx;
use wasmtime_wasi::p2::pipe::{MemoryInputPipe, MemoryOutputPipe};
use wasmtime_wasi::{I32Exit, WasiCtxBuilder, p0, p1};

use super::Ran;

/// More than any of the programs prints.
const OUTPUT: usize = 1 << 16;

/// A program, ready to run.
pub(super) struct Peer {
    engine: Engine,
    program: InstancePre<WasiP1Ctx>,
}

impl Peer {
    pub(super) fn new(wasm: &[u8]) -> Self {
        let engine = Engine::default();
        let mut linker = Linker::new(&engine);
        p1::add_to_linker_sync(&mut linker, |context: &mut WasiP1Ctx| context).expect("the names are free");
        p0::add_to_linker_sync(&mut linker, |context: &mut WasiP1Ctx| context).expect("the names are free");
        let module = Module::new(&engine, wasm).expect("the program is valid");
        let program = linker.instantiate_pre(&module).expect("it imports nothing else");
        Self { engine, program }
    }

    pub(super) fn run(&self, stdin: &str) -> Ran {
        let (stdout, stderr) = (MemoryOutputPipe::new(OUTPUT), MemoryOutputPipe::new(OUTPUT));
        let context = WasiCtxBuilder::new()
            .args(&["policy.wasm", "validate"])
            .stdin(MemoryInputPipe::new(stdin.as_bytes().to_vec()))
            .stdout(stdout.clone())
            .stderr(stderr.clone())
            .build_p1();
        let mut store = Store::new(&self.engine, context);
        let ended = self
            .program
            .instantiate(&mut store)
            .and_then(|instance| instance.get_typed_func::<(), ()>(&mut store, "_start"))
            .and_then(|start| start.call(&mut store, ()));
        match ended {
            Err(error) if error.downcast_ref::<I32Exit>().is_none() => Ran::Trapped,
            _ => Ran::Printed(text(&stdout), text(&stderr)),
        }
    }
}

fn text(pipe: &MemoryOutputPipe) -> String {
    String::from_utf8_lossy(&pipe.contents()).into_owned()
}
