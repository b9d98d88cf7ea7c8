//! Changes bytes without knowing what they mean.

use super::random::Random;

/// No input grows beyond this many bytes.
const MOST: usize = 64 << 10;

const NUMBERS: &[&str] = &[
    "0",
    "-1",
    "1",
    "127",
    "128",
    "255",
    "256",
    "65535",
    "65536",
    "2147483647",
    "2147483648",
    "4294967295",
    "4294967296",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "1e308",
    "1e-400",
    "0.1",
    "-0",
    "00",
    "1_000",
];

/// Bytes that mean something in one format or another.
const BYTES: &[u8] = b"{}[]\",:\\/*&!|>-+~#%@`'?=<.;()$ \t\r\n\0\x01\x1f\x7f\x80\xc3\xe2\xff0189aAzZ_";

/// Makes a few changes.
pub(super) fn bytes(mut input: Vec<u8>, seeds: &[Vec<u8>], words: &[&str], random: &mut Random) -> Vec<u8> {
    for _ in 0..=random.skewed(8) {
        change(&mut input, seeds, words, random);
        input.truncate(MOST);
    }
    input
}

fn change(input: &mut Vec<u8>, seeds: &[Vec<u8>], words: &[&str], random: &mut Random) {
    let at = random.below(input.len() + 1);
    match random.below(13) {
        0 if at < input.len() => input[at] ^= 1 << random.below(8),
        1 if at < input.len() => input[at] = *random.pick(BYTES),
        2 => input.insert(at, *random.pick(BYTES)),
        3 if at < input.len() => input[at] = random.below(256) as u8,
        4 => {
            let range = slice(input.len(), at, random);
            input.drain(range);
        }
        5 => {
            let piece = input[slice(input.len(), at, random)].to_vec();
            let times = 1 + random.skewed(64);
            insert(input, at, &piece.repeat(times));
        }
        6 => input.truncate(at),
        7 => {
            let other = random.pick(seeds);
            let from = random.below(other.len() + 1);
            let piece = other[slice(other.len(), from, random)].to_vec();
            insert(input, at, &piece);
        }
        8 => {
            let other = random.pick(seeds);
            let from = random.below(other.len() + 1);
            input.truncate(at);
            input.extend_from_slice(&other[from..]);
        }
        9 => {
            let range = slice(input.len(), at, random);
            let number = random.pick(NUMBERS);
            input.splice(range, number.bytes());
        }
        10 if !words.is_empty() => {
            let word = random.pick(words);
            insert(input, at, word.as_bytes());
        }
        11 if !words.is_empty() => {
            let range = slice(input.len(), at, random);
            let word = random.pick(words);
            input.splice(range, word.bytes());
        }
        // A number in a binary format.
        12 if at + 4 <= input.len() => {
            let number = *random.pick(&[0, 1, 0x7F, 0x80, 0xFF, 0x7FFF_FFFF, 0x8000_0000, u32::MAX]);
            input[at..at + 4].copy_from_slice(&number.to_le_bytes());
        }
        _ => {}
    }
}

fn insert(input: &mut Vec<u8>, at: usize, piece: &[u8]) {
    input.splice(at..at, piece.iter().copied());
}

/// A range that starts at `at`, mostly a short one.
fn slice(len: usize, at: usize, random: &mut Random) -> std::ops::Range<usize> {
    let left = len - at;
    let size = if left == 0 { 0 } else { random.skewed(left + 1) };
    at..at + size.min(left)
}
