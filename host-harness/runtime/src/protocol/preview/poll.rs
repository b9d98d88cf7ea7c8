//! `poll_oneoff`: waiting that does not hold up the host.

use wasmtime::{Caller, Linker};

use super::errno::{BAD_DESCRIPTOR, INVALID, NO_MEMORY, SUCCESS};
use super::{CALL_BUDGET, PREVIEW_0, Stream};
use crate::abi::Polls;
use crate::protocol::memory::{Guest, number};
use crate::protocol::{MAX_COUNT, State};

const CLOCK: u8 = 0;
const FD_READ: u8 = 1;
const FD_WRITE: u8 = 2;

const REALTIME: u64 = 0;
const MONOTONIC: u64 = 1;
const LAST_CLOCK: u64 = 3;
const ABSOLUTE: u64 = 1;

/// Size of an event in bytes.
const EVENT: u32 = 32;

/// Where a subscription has its fields; they differ between the previews because preview 0 gives clocks an identifier.
#[derive(Clone, Copy)]
struct Layout {
    size: u32,
    clock: usize,
}

const LAYOUT_1: Layout = Layout { size: 48, clock: 16 };
const LAYOUT_0: Layout = Layout { size: 56, clock: 24 };

struct Subscription {
    userdata: u64,
    kind: u8,
    /// `Some` nanoseconds from now for a clock, `None` for a descriptor, which is always ready.
    wait: Option<u64>,
    /// The error number in its event.
    error: i32,
}

pub(super) fn link(linker: &mut Linker<State>, previews: &[&str], polls: Polls) -> wasmtime::Result<()> {
    for module in previews {
        let layout = if *module == PREVIEW_0 { LAYOUT_0 } else { LAYOUT_1 };
        linker.func_wrap(
            module,
            "poll_oneoff",
            move |mut caller: Caller<'_, State>, subscriptions: u32, events: u32, count: u32, ready: u32| {
                let mut guest = Guest::new(&mut caller, "poll_oneoff")?;
                let arrays = Arrays { layout, subscriptions, events, count };
                poll_oneoff(&mut guest, polls, &arrays, ready)
            },
        )?;
    }
    Ok(())
}

/// The arrays of a call in the guest's memory: the subscriptions, and the events that are written.
struct Arrays {
    layout: Layout,
    subscriptions: u32,
    events: u32,
    count: u32,
}

fn poll_oneoff(guest: &mut Guest<'_, '_>, polls: Polls, arrays: &Arrays, ready: u32) -> wasmtime::Result<i32> {
    if arrays.count == 0 {
        // Without a subscription the call would wait forever.
        return Ok(INVALID);
    }
    if u64::from(arrays.count) * u64::from(arrays.layout.size + EVENT) > CALL_BUDGET {
        return Ok(NO_MEMORY);
    }
    let subscriptions = match subscriptions(guest, polls, arrays)? {
        Ok(subscriptions) => subscriptions,
        Err(error) => return Ok(error),
    };
    let at_once = subscriptions.iter().any(|subscription| subscription.wait.is_none_or(|wait| wait == 0));
    let wait =
        if at_once { 0 } else { subscriptions.iter().filter_map(|subscription| subscription.wait).min().unwrap_or(0) };
    let fired: Vec<u8> = subscriptions
        .iter()
        .filter(|subscription| subscription.wait.is_none_or(|due| due <= wait))
        .flat_map(event)
        .collect();
    guest.state().clock.sleep(wait);

    let fired_count = fired.len() as u32 / EVENT;
    guest.write_record(arrays.events, 8, &fired)?;
    guest.write_record(ready, 4, &fired_count.to_le_bytes())?;
    Ok(SUCCESS)
}

/// The subscriptions, or the error number of the whole call.
fn subscriptions(
    guest: &mut Guest<'_, '_>,
    polls: Polls,
    arrays: &Arrays,
) -> wasmtime::Result<Result<Vec<Subscription>, i32>> {
    let &Arrays { layout, subscriptions, events, count } = arrays;
    let mut all = Vec::new();
    for index in 0..count.min(MAX_COUNT) {
        let (record, state) = guest.record(subscriptions.saturating_add(index * layout.size), 8, layout.size)?;
        let subscription = read(record, layout, state);
        if polls == Polls::Fail {
            if !known(record, layout) {
                return Ok(Err(INVALID));
            }
            if subscription.error != SUCCESS {
                return Ok(Err(subscription.error));
            }
        }
        all.push(subscription);
    }
    if count > MAX_COUNT {
        return Ok(Err(INVALID));
    }
    guest.bytes(events, count * EVENT)?;
    Ok(Ok(all))
}

/// Whether type, clock and flags are among those of WASI.
fn known(record: &[u8], layout: Layout) -> bool {
    let clock = &record[layout.clock..];
    match record[8] {
        CLOCK => number(clock, 0, 4) <= LAST_CLOCK && number(clock, 24, 2) & !ABSOLUTE == 0,
        kind => kind == FD_READ || kind == FD_WRITE,
    }
}

fn read(record: &[u8], layout: Layout, state: &State) -> Subscription {
    let userdata = number(record, 0, 8);
    let kind = record[8];
    let (wait, error) = match kind {
        CLOCK => {
            let clock = &record[layout.clock..];
            let timeout = number(clock, 8, 8);
            let absolute = number(clock, 24, 2) & ABSOLUTE != 0;
            match (number(clock, 0, 4), absolute) {
                (REALTIME | MONOTONIC, false) => (Some(timeout), SUCCESS),
                (REALTIME, true) => (Some(timeout.saturating_sub(state.clock.wall())), SUCCESS),
                (MONOTONIC, true) => (Some(timeout.saturating_sub(state.clock.monotonic())), SUCCESS),
                _ => (None, INVALID),
            }
        }
        FD_READ | FD_WRITE => {
            let stream = state.descriptors.get(number(record, 16, 4) as u32);
            let open = stream.is_some_and(|stream| (stream == Stream::Stdin) == (kind == FD_READ));
            (None, if open { SUCCESS } else { BAD_DESCRIPTOR })
        }
        _ => (None, INVALID),
    };
    Subscription { userdata, kind, wait, error }
}

fn event(subscription: &Subscription) -> [u8; EVENT as usize] {
    let mut event = [0; EVENT as usize];
    event[..8].copy_from_slice(&subscription.userdata.to_le_bytes());
    event[8..10].copy_from_slice(&(subscription.error as u16).to_le_bytes());
    event[10] = subscription.kind;
    if subscription.kind != CLOCK {
        event[16..24].copy_from_slice(&1_u64.to_le_bytes());
    }
    event
}
