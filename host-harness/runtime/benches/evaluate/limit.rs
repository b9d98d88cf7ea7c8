//! The limit: a host of the fewest lines on plain wasmtime, with a pool of instances and nothing around a call.

use divan::Bencher;
use wasmtime::{
    Caller, Config, Enabled, Engine, InstanceAllocationStrategy, Linker, Module, PoolingAllocationConfig, Store,
};

use crate::modules::{OURS, Subject, UPSTREAMS, payload};

#[derive(Default)]
struct Call<'p> {
    payload: &'p [u8],
    response: Vec<u8>,
}

fn wasmtime(bencher: Bencher, subject: &Subject) {
    let mut config = Config::new();
    config.epoch_interruption(true);
    let mut pool = PoolingAllocationConfig::new();
    pool.linear_memory_keep_resident(1 << 20).table_keep_resident(64 << 10).pagemap_scan(Enabled::Auto);
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    let engine = Engine::new(&config).expect("an engine");
    let module = Module::new(&engine, &subject.module).expect("it compiles");
    let payload: &'static [u8] = Box::leak(payload(subject).into_boxed_slice());
    let mut linker: Linker<Call<'static>> = Linker::new(&engine);
    let memory = |caller: &mut Caller<'_, Call<'static>>| {
        caller.get_export("memory").and_then(|m| m.into_memory()).expect("memory")
    };
    linker
        .func_wrap(
            "wapc",
            "__guest_request",
            move |mut caller: Caller<'_, Call<'static>>, operation: u32, message: u32| {
                let memory = memory(&mut caller);
                let payload = caller.data().payload;
                memory.write(&mut caller, message as usize, payload)?;
                memory.write(&mut caller, operation as usize, b"validate")?;
                Ok(())
            },
        )
        .expect("a name");
    linker
        .func_wrap("wapc", "__guest_response", move |mut caller: Caller<'_, Call<'static>>, ptr: u32, len: u32| {
            let memory = memory(&mut caller);
            let response = memory.data(&caller)[ptr as usize..][..len as usize].to_vec();
            caller.data_mut().response = response;
        })
        .expect("a name");
    linker
        .func_wrap(
            "wasi_snapshot_preview1",
            "random_get",
            move |mut caller: Caller<'_, Call<'static>>, ptr: u32, len: u32| {
                memory(&mut caller).data_mut(&mut caller)[ptr as usize..][..len as usize].fill(7);
                0
            },
        )
        .expect("a name");
    // Log records, which nobody takes.
    let logged = |_: u32, _: u32, _: u32, _: u32, _: u32, _: u32, _: u32, _: u32| 1;
    linker.func_wrap("wapc", "__host_call", logged).expect("a name");
    linker.func_wrap("wapc", "__host_response_len", || 0).expect("a name");
    linker.func_wrap("wapc", "__host_response", |_: u32| ()).expect("a name");
    linker.define_unknown_imports_as_traps(&module).expect("the rest is not called");
    let policy = linker.instantiate_pre(&module).expect("it links");
    bencher.bench_local(|| {
        let mut store = Store::new(&engine, Call { payload, response: Vec::new() });
        store.set_epoch_deadline(1000);
        let instance = policy.instantiate(&mut store).expect("an instance");
        for start in ["_start", "wapc_init"] {
            if let Ok(start) = instance.get_typed_func::<(), ()>(&mut store, start) {
                start.call(&mut store, ()).expect("it starts");
            }
        }
        let call = instance.get_typed_func::<(u32, u32), i32>(&mut store, "__guest_call").expect("the export");
        assert_eq!(call.call(&mut store, (8, payload.len() as u32)).expect("an answer"), 1);
        let answer: serde_json::Value = serde_json::from_slice(&store.into_data().response).expect("JSON");
        assert_eq!(answer["accepted"], true);
        answer
    });
}

#[divan::bench]
fn wasmtime_our_policy(bencher: Bencher) {
    wasmtime(bencher, &OURS);
}

#[divan::bench]
fn wasmtime_upstream_policy(bencher: Bencher) {
    wasmtime(bencher, &UPSTREAMS);
}
