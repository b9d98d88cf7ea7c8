//! The functions for files, directories and sockets. A policy has none of these, so each function returns an error number.

use wasmtime::{Caller, FuncType, Linker, Val, ValType};

use super::errno::{
    BAD_DESCRIPTOR, INVALID, NO_MEMORY, NOT_DIRECTORY, NOT_SEEKABLE, NOT_SOCKET, NOT_SUPPORTED, NOT_UTF8,
};
use super::flags::{self, Flags};
use super::{CALL_BUDGET, PREVIEW_0};
use crate::protocol::State;
use crate::protocol::memory::Guest;

/// A function that does nothing but answer.
struct Refused {
    name: &'static str,
    /// `i` for each parameter of 32 bits, `l` for each of 64.
    params: &'static str,
    /// Flags and enumerations that are checked first: the position of the parameter, and its values.
    checked: &'static [(usize, Flags)],
    why: Why,
}

/// The reason, which decides the error number.
#[derive(Clone, Copy)]
enum Why {
    /// The descriptor, which is the first parameter, is no file or directory.
    NoFile,
    /// As [`Why::NoFile`], after the times that are asked for were looked at.
    NoFileToTouch,
    /// As [`Why::NoFile`], after the path, which is the third parameter and the fourth, was read.
    NoDirectoryToOpenIn,
    /// A stream has no position.
    NoPosition,
    /// A stream was not opened for the guest as a directory.
    NoDirectory,
    /// A stream is no socket. Preview 0 ends the run, as upstream does.
    NoSocket,
    NotSupported,
}

const fn row(name: &'static str, params: &'static str, checked: &'static [(usize, Flags)], why: Why) -> Refused {
    Refused { name, params, checked, why }
}

const REFUSED: &[Refused] = &[
    row("fd_advise", "illi", &[(3, flags::ADVICE)], Why::NoFile),
    row("fd_allocate", "ill", &[], Why::NoFile),
    row("fd_datasync", "i", &[], Why::NoFile),
    row("fd_fdstat_set_flags", "ii", &[(1, flags::FD)], Why::NoFile),
    row("fd_fdstat_set_rights", "ill", &[(1, flags::RIGHTS), (2, flags::RIGHTS)], Why::NoFile),
    row("fd_filestat_set_size", "il", &[], Why::NoFile),
    row("fd_filestat_set_times", "illi", &[(3, flags::TIMES)], Why::NoFileToTouch),
    row("fd_prestat_get", "ii", &[], Why::NoFile),
    row("fd_prestat_dir_name", "iii", &[], Why::NoDirectory),
    row("fd_readdir", "iiili", &[], Why::NoFile),
    row("fd_seek", "ilii", &[(2, flags::WHENCE)], Why::NoPosition),
    row("fd_sync", "i", &[], Why::NoFile),
    row("fd_tell", "ii", &[], Why::NoPosition),
    row("path_create_directory", "iii", &[], Why::NoFile),
    row("path_filestat_get", "iiiii", &[(1, flags::LOOKUP)], Why::NoFile),
    row("path_filestat_set_times", "iiiilli", &[(1, flags::LOOKUP), (6, flags::TIMES)], Why::NoFileToTouch),
    row("path_link", "iiiiiii", &[(1, flags::LOOKUP)], Why::NoFile),
    row(
        "path_open",
        "iiiiillii",
        &[(1, flags::LOOKUP), (4, flags::OPEN), (5, flags::RIGHTS), (6, flags::RIGHTS), (7, flags::FD)],
        Why::NoDirectoryToOpenIn,
    ),
    row("path_readlink", "iiiiii", &[], Why::NoFile),
    row("path_remove_directory", "iii", &[], Why::NoFile),
    row("path_rename", "iiiiii", &[], Why::NoFile),
    row("path_symlink", "iiiii", &[], Why::NoFile),
    row("path_unlink_file", "iii", &[], Why::NoFile),
    row("proc_raise", "i", &[(0, flags::SIGNAL)], Why::NotSupported),
    row("sock_accept", "iii", &[(1, flags::FD)], Why::NoSocket),
    row("sock_recv", "iiiiii", &[(3, flags::RECEIVE)], Why::NoSocket),
    row("sock_send", "iiiii", &[(3, flags::SEND)], Why::NoSocket),
    row("sock_shutdown", "ii", &[(1, flags::SHUTDOWN)], Why::NoSocket),
];

pub(super) fn link(linker: &mut Linker<State>, preview: &str) -> wasmtime::Result<()> {
    for function in REFUSED {
        // Accepting connections came with preview 1.
        if preview == PREVIEW_0 && function.name == "sock_accept" {
            continue;
        }
        let params = function.params.chars().map(|letter| if letter == 'l' { ValType::I64 } else { ValType::I32 });
        let ty = FuncType::new(linker.engine(), params, [ValType::I32]);
        let is_preview_0 = preview == PREVIEW_0;
        linker.func_new(preview, function.name, ty, move |mut caller: Caller<'_, State>, params, results| {
            let mut guest = Guest::new(&mut caller, function.name)?;
            results[0] = Val::I32(answer(function, is_preview_0, params, &mut guest)?);
            Ok(())
        })?;
    }
    Ok(())
}

fn answer(function: &Refused, is_preview_0: bool, params: &[Val], guest: &mut Guest<'_, '_>) -> wasmtime::Result<i32> {
    let bits = |index: usize| match params[index] {
        Val::I64(value) => value as u64,
        ref other => u64::from(other.unwrap_i32() as u32),
    };
    let known = |(index, flags): &(usize, Flags)| {
        let only_in_preview_1 = is_preview_0 && bits(*index) & flags::RIGHT_ACCEPT != 0;
        flags.allow(bits(*index)) && !only_in_preview_1
    };
    if !function.checked.iter().all(known) {
        let text = format!("`{}` was given flags that WASI does not know", function.name);
        return Err(wasmtime::Error::msg(text));
    }
    if let Why::NoDirectoryToOpenIn = function.why {
        let (ptr, len) = (bits(2) as u32, bits(3) as u32);
        if u64::from(len) > CALL_BUDGET {
            return Ok(NO_MEMORY);
        }
        let (path, _) = guest.bytes(ptr, len)?;
        return Ok(if std::str::from_utf8(path).is_ok() { BAD_DESCRIPTOR } else { NOT_UTF8 });
    }
    let is_open = guest.state().descriptors.get(bits(0) as u32).is_some();
    Ok(match function.why {
        Why::NoSocket if is_preview_0 => {
            return Err(wasmtime::Error::msg(format!("`{}` is not supported", function.name)));
        }
        Why::NoFileToTouch if flags::contradictory_times(bits(params.len() - 1)) => INVALID,
        Why::NoPosition if is_open => NOT_SEEKABLE,
        Why::NoDirectory if is_open => NOT_DIRECTORY,
        Why::NoSocket if is_open => NOT_SOCKET,
        Why::NotSupported => NOT_SUPPORTED,
        Why::NoFile
        | Why::NoFileToTouch
        | Why::NoDirectoryToOpenIn
        | Why::NoPosition
        | Why::NoDirectory
        | Why::NoSocket => BAD_DESCRIPTOR,
    })
}
