//! The functions, and what they are called with.

/// A function of WASI.
pub(super) struct Function {
    pub(super) name: &'static str,
    /// One letter for each parameter: `l` has 64 bits; of those with 32 bits, `d` is a descriptor, `p` points into memory, `f` is
    /// a flag or a member of an enumeration, `i` any number, `z` a length that stays zero, `v` points to I/O vectors,
    /// `s` to subscriptions, and `n` is how many of them there are.
    pub(super) params: &'static str,
    /// Whether it gives a result; what gives none does not return.
    pub(super) returns: bool,
    /// Whether it writes what the two hosts have of their own: what a clock shows, random bytes.
    pub(super) writes_its_own: bool,
}

const fn function(name: &'static str, params: &'static str) -> Function {
    Function { name, params, returns: true, writes_its_own: false }
}

/// All there are.
pub(super) const FUNCTIONS: &[Function] = &[
    function("args_get", "pp"),
    function("args_sizes_get", "pp"),
    function("environ_get", "pp"),
    function("environ_sizes_get", "pp"),
    Function { writes_its_own: true, ..function("clock_res_get", "fp") },
    Function { writes_its_own: true, ..function("clock_time_get", "flp") },
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
    function("fd_pread", "dvnlp"),
    function("fd_prestat_dir_name", "dpi"),
    function("fd_prestat_get", "dp"),
    function("fd_pwrite", "dvnlp"),
    function("fd_read", "dvnp"),
    function("fd_readdir", "dpilp"),
    function("fd_renumber", "dd"),
    function("fd_seek", "dlfp"),
    function("fd_sync", "d"),
    function("fd_tell", "dp"),
    function("fd_write", "dvnp"),
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
    function("poll_oneoff", "spnp"),
    Function { returns: false, ..function("proc_exit", "f") },
    function("proc_raise", "f"),
    Function { writes_its_own: true, ..function("random_get", "pi") },
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

/// Where [`program`](super::program) has I/O vectors, each of eight bytes: a buffer of eight bytes, one of four, one that does not
/// end inside of memory, an empty one. Then what is not inside of memory itself.
const VECTORS: &[u64] = &[0x3800, 0x3802, 0x3804, 0x3808, 0x3810, 0x3818, 0xfff8, 0xfffc, 0xffff_fff8];

/// Where it has subscriptions, three at each place.
const SUBSCRIPTIONS: &[u64] =
    &[0x3000, 0x3002, 0x3004, 0x3100, 0x3200, 0x3300, 0x3400, 0x3500, 0x3600, 0x3700, 0xfff8, 0xffff_fff8];

const COUNTS: &[u64] = &[0, 1, 2, 3, 0x2000, 0x1fff_ffff, 0xffff_ffff];

const LENGTHS: &[u64] = &[0, 1, 0x1_0000, 0xffff_ffff];

const NUMBERS: &[u64] = &[0, 1, 1 << 28, 1 << 29, 1 << 30, 1 << 63, u64::MAX];

impl Function {
    /// Parameters to call it with: each descriptor with each value of one other parameter, or with none of them varied.
    pub(super) fn calls(&self, vary: bool) -> Vec<Vec<u64>> {
        let plain = |kind| match kind {
            'p' => 0x100,
            'v' => VECTORS[0],
            's' => SUBSCRIPTIONS[0],
            'n' => 2,
            _ => 0,
        };
        let plain: Vec<u64> = self.params.chars().map(plain).collect();
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
                    'v' => VECTORS,
                    's' => SUBSCRIPTIONS,
                    'n' => COUNTS,
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
