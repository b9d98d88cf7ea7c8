//! The module that calls a function of WASI.

use super::table::Function;

/// Parameters as letters: sixteen for each, the lowest four bits first.
pub(super) fn encode(params: &[u64]) -> String {
    let digit = |value: u64, index: u32| char::from(b'a' + (value >> (4 * index) & 15) as u8);
    params.iter().flat_map(|value| (0..16).map(move |index| digit(*value, index))).collect()
}

const HOUR: u64 = 3_600_000_000_000;

/// Something to wait for.
enum Subscription {
    /// An hour of this clock, with these flags.
    Clock(u8, u8),
    Readable(u8),
    Writable(u8),
    /// Of a type that there is not.
    Unknown,
}

impl Subscription {
    /// Its bytes as text of WebAssembly; preview 0 has eight bytes more, and the clock behind them.
    fn data(&self, index: usize, first_preview: bool) -> String {
        let (size, clock) = if first_preview { (56, 24) } else { (48, 16) };
        let mut bytes = vec![0; size];
        bytes[0] = index as u8 + 1;
        match *self {
            Self::Clock(id, flags) => {
                bytes[clock] = id;
                bytes[clock + 8..clock + 16].copy_from_slice(&HOUR.to_le_bytes());
                bytes[clock + 24] = flags;
            }
            Self::Readable(fd) => (bytes[8], bytes[16]) = (1, fd),
            Self::Writable(fd) => (bytes[8], bytes[16]) = (2, fd),
            Self::Unknown => bytes[8] = 3,
        }
        bytes.iter().map(|byte| format!("\\{byte:02x}")).collect()
    }
}

/// Three subscriptions at each of the places that [`table`](super::table) knows.
fn subscriptions(first_preview: bool) -> String {
    use Subscription::{Clock, Readable, Unknown, Writable};
    let places = [
        [Readable(0), Writable(1), Writable(2)],
        [Writable(1), Writable(2), Readable(1)],
        [Readable(3), Writable(1), Writable(2)],
        [Clock(1, 0), Writable(1), Clock(0, 0)],
        [Unknown, Writable(1), Writable(2)],
        [Clock(2, 0), Writable(1), Writable(2)],
        [Writable(0), Readable(1), Writable(2)],
        [Clock(1, 2), Writable(1), Writable(2)],
    ];
    let data = |(place, three): (usize, &[Subscription; 3])| {
        let bytes: String = three.iter().enumerate().map(|(index, one)| one.data(index, first_preview)).collect();
        format!("  (data (i32.const {}) \"{bytes}\")\n", 0x3000 + 0x100 * place)
    };
    places.iter().enumerate().map(data).collect()
}

/// Reads its stdin, whose last bytes are the parameters and `"}}`, does `before`, calls `function` and prints the result and the
/// first 512 bytes of its memory, as letters, to stdout and to stderr.
pub(super) fn text(preview: &str, function: &Function, before: &str) -> String {
    let count = function.params.len();
    let types: String = function.params.chars().map(|kind| if kind == 'l' { " i64" } else { " i32" }).collect();
    let arguments: String = function
        .params
        .chars()
        .enumerate()
        .map(|(index, kind)| {
            let value = format!("(call $param (i32.const {}))", (count - index) * 16);
            if kind == 'l' { value } else { format!("(i32.wrap_i64 {value})") }
        })
        .collect();
    let (result, call) = match function.returns {
        true => ("(result i32)", format!("(i32.store (i32.const 0x1800) (call $function {arguments}))")),
        false => ("", format!("(call $function {arguments})")),
    };
    let memory = if function.writes_its_own { 0 } else { 512 };
    format!(
        r#"(module
  (import "{preview}" "{name}" (func $function (param{types}) {result}))
  (import "{preview}" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "{preview}" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "{preview}" "fd_close" (func $close (param i32) (result i32)))
  (import "{preview}" "fd_renumber" (func $renumber (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  ;; What is no UTF-8, where pointers point.
  (data (i32.const 0x100) "\ff")
{subscriptions}
  ;; I/O vectors.
  (data (i32.const 0x3800) "\80\01\00\00\08\00\00\00" "\90\01\00\00\04\00\00\00" "\f8\ff\00\00\10\00\00\00" "\00\00\00\00\00\00\00\00")
  ;; What is written.
  (data (i32.const 0x180) "abcdefgh........ijkl")
  (global $end (mut i32) (i32.const 0))
  ;; The parameter that begins so many letters before the end.
  (func $param (param $back i32) (result i64)
    (local $at i32) (local $value i64) (local $shift i64)
    (local.set $at (i32.sub (global.get $end) (local.get $back)))
    (loop $next
      (local.set $value (i64.or (local.get $value)
        (i64.shl (i64.sub (i64.load8_u (local.get $at)) (i64.const 97)) (local.get $shift))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (local.set $shift (i64.add (local.get $shift) (i64.const 4)))
      (br_if $next (i64.lt_u (local.get $shift) (i64.const 64))))
    (local.get $value))
  (func $print (param $fd i32)
    (i32.store (i32.const 0x1008) (i32.const 0x2000))
    (i32.store (i32.const 0x100c) (i32.const {letters}))
    (drop (call $write (local.get $fd) (i32.const 0x1008) (i32.const 1) (i32.const 0x1010))))
  (func (export "_start")
    (local $index i32) (local $byte i32)
    (i32.store (i32.const 0x1000) (i32.const 0x8000))
    (i32.store (i32.const 0x1004) (i32.const 0x4000))
    (drop (call $read (i32.const 0) (i32.const 0x1000) (i32.const 1) (i32.const 0x1010)))
    (global.set $end (i32.sub (i32.add (i32.const 0x8000) (i32.load (i32.const 0x1010))) (i32.const 3)))
    {before}
    {call}
    ;; The result lies behind the memory that is shown.
    (memory.copy (i32.const {memory}) (i32.const 0x1800) (i32.const 4))
    (loop $next
      (local.set $byte (i32.load8_u (local.get $index)))
      (i32.store8 (i32.add (i32.const 0x2000) (i32.mul (local.get $index) (i32.const 2)))
        (i32.add (i32.const 97) (i32.and (local.get $byte) (i32.const 15))))
      (i32.store8 (i32.add (i32.const 0x2001) (i32.mul (local.get $index) (i32.const 2)))
        (i32.add (i32.const 97) (i32.shr_u (local.get $byte) (i32.const 4))))
      (local.set $index (i32.add (local.get $index) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $index) (i32.const {bytes}))))
    (call $print (i32.const 1))
    (call $print (i32.const 2))))
"#,
        name = function.name,
        subscriptions = subscriptions(preview == "wasi_unstable"),
        bytes = memory + 4,
        letters = (memory + 4) * 2,
    )
}
