//! The functions, and what they are called with.

/// A function of WASI.
pub(super) struct Function {
    pub(super) name: &'static str,
    /// One letter for each parameter: `l` has 64 bits; of those with 32 bits, `d` is a descriptor, `p` points into memory, `f` is
    /// a flag or a member of an enumeration, `i` any number, `z` a length that stays zero.
    pub(super) params: &'static str,
    /// Whether it writes what a clock shows, where the two hosts differ.
    pub(super) writes_time: bool,
}

const fn function(name: &'static str, params: &'static str) -> Function {
    Function { name, params, writes_time: false }
}

/// All but those that read, write, wait and exit, which other tests look at, and `random_get`, whose bytes are ours.
pub(super) const FUNCTIONS: &[Function] = &[
    function("args_get", "pp"),
    function("args_sizes_get", "pp"),
    function("environ_get", "pp"),
    function("environ_sizes_get", "pp"),
    Function { writes_time: true, ..function("clock_res_get", "fp") },
    Function { writes_time: true, ..function("clock_time_get", "flp") },
    function("fd_advise", "dllf"),
    function("fd_allocate", "dll"),
    function("fd_close", "d"),
    function("fd_datasync", "d"),
    function("fd_fdstat_get", "dp"),
    function("fd_fdstat_set_flags", "df"),
    function("fd_fdstat_set_rights", "dll"),
    function("fd_filestat_get", "dp"),
    function("fd_filestat_set_size", "dl"),
    function("fd_filestat_set_times", "dllf"),
    function("fd_pread", "dzzlp"),
    function("fd_prestat_dir_name", "dpi"),
    function("fd_prestat_get", "dp"),
    function("fd_pwrite", "dzzlp"),
    function("fd_readdir", "dpilp"),
    function("fd_renumber", "dd"),
    function("fd_seek", "dlfp"),
    function("fd_sync", "d"),
    function("fd_tell", "dp"),
    function("path_create_directory", "dpi"),
    function("path_filestat_get", "dfpip"),
    function("path_filestat_set_times", "dfpillf"),
    function("path_link", "dfpidpi"),
    function("path_open", "dfpifllfp"),
    function("path_readlink", "dpipip"),
    function("path_remove_directory", "dpi"),
    function("path_rename", "dpidpi"),
    function("path_symlink", "pidpi"),
    function("path_unlink_file", "dpi"),
    function("proc_raise", "f"),
    function("sched_yield", ""),
    function("sock_accept", "dfp"),
    function("sock_recv", "dzzfpp"),
    function("sock_send", "dzzip"),
    function("sock_shutdown", "df"),
];

/// Descriptors: open ones, and others.
const DESCRIPTORS: &[u64] = &[0, 1, 2, 3, 0xffff_ffff];

/// Edges of every enumeration and set of flags, and what lies above their width.
const FLAGS: &[u64] = &[0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 15, 16, 30, 31, 32, 255, 256, 0x1_0000, 0x1_0001, 0xffff_ffff];

const POINTERS: &[u64] = &[0, 0x100, 0x101, 0x104, 0x1_0000, 0xffff, 0xfffc, 0xffff_fff8, 0xffff_ffff];

const LENGTHS: &[u64] = &[0, 1, 0x1_0000, 0xffff_ffff];

const NUMBERS: &[u64] = &[0, 1, 1 << 28, 1 << 29, 1 << 30, 1 << 63, u64::MAX];

impl Function {
    /// Parameters to call it with: each descriptor with each value of one other parameter, or with none of them varied.
    pub(super) fn calls(&self, vary: bool) -> Vec<Vec<u64>> {
        let plain: Vec<u64> = self.params.chars().map(|kind| if kind == 'p' { 0x100 } else { 0 }).collect();
        let mut calls = vec![plain.clone()];
        for fd in DESCRIPTORS {
            let base: Vec<u64> = plain
                .iter()
                .zip(self.params.chars())
                .map(|(value, kind)| if kind == 'd' { *fd } else { *value })
                .collect();
            for (index, kind) in self.params.chars().enumerate() {
                let values = match kind {
                    'd' => DESCRIPTORS,
                    _ if !vary => &[],
                    'f' => FLAGS,
                    'p' => POINTERS,
                    'i' => LENGTHS,
                    'l' => NUMBERS,
                    _ => &[],
                };
                calls.extend(values.iter().map(|value| {
                    let mut call = base.clone();
                    call[index] = *value;
                    call
                }));
            }
        }
        calls.sort();
        calls.dedup();
        calls
    }
}
