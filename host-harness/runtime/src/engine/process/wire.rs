//! What the two processes say to each other. They are the same program, so there are no versions.

use std::io::{self, Read, Write};

use crate::engine::Profile;

/// What is to be compiled, and what it may take.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) profile: Profile,
    /// Bytes of memory.
    pub(super) memory: u64,
    /// Seconds of all processors together.
    pub(super) seconds: u64,
    pub(super) wasm: Vec<u8>,
}

impl Request {
    pub(super) fn write(
        output: &mut impl Write,
        profile: Profile,
        memory: u64,
        seconds: u64,
        wasm: &[u8],
    ) -> io::Result<()> {
        let profile = match profile {
            Profile::Testing => 0,
            Profile::Serving => 1,
        };
        for number in [profile, memory, seconds, wasm.len() as u64] {
            output.write_all(&number.to_le_bytes())?;
        }
        output.write_all(wasm)?;
        output.flush()
    }

    pub(super) fn read(input: &mut impl Read) -> io::Result<Self> {
        let profile = match number(input)? {
            0 => Profile::Testing,
            1 => Profile::Serving,
            _ => return Err(invalid()),
        };
        let (memory, seconds) = (number(input)?, number(input)?);
        let wasm = bytes(input)?;
        Ok(Self { profile, memory, seconds, wasm })
    }
}

/// What the compiling process says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// So many functions are compiled.
    Progress(u64),
    /// The compiled form.
    Code(Vec<u8>),
    /// The compiler's error.
    Refused(String),
}

const PROGRESS: u8 = b'p';
const CODE: u8 = b'c';
const REFUSED: u8 = b'r';

impl Answer {
    pub(super) fn write(&self, output: &mut impl Write) -> io::Result<()> {
        let (kind, number, bytes) = match self {
            Self::Progress(count) => (PROGRESS, *count, &[][..]),
            Self::Code(code) => (CODE, code.len() as u64, &code[..]),
            Self::Refused(text) => (REFUSED, text.len() as u64, text.as_bytes()),
        };
        output.write_all(&[kind])?;
        output.write_all(&number.to_le_bytes())?;
        output.write_all(bytes)?;
        output.flush()
    }

    pub(super) fn read(input: &mut impl Read) -> io::Result<Self> {
        let mut kind = [0];
        input.read_exact(&mut kind)?;
        match kind[0] {
            PROGRESS => Ok(Self::Progress(number(input)?)),
            CODE => Ok(Self::Code(bytes(input)?)),
            REFUSED => Ok(Self::Refused(String::from_utf8_lossy(&bytes(input)?).into_owned())),
            _ => Err(invalid()),
        }
    }
}

fn number(input: &mut impl Read) -> io::Result<u64> {
    let mut bytes = [0; 8];
    input.read_exact(&mut bytes)?;
    Ok(u64::from_le_bytes(bytes))
}

/// A number, and as many bytes.
fn bytes(input: &mut impl Read) -> io::Result<Vec<u8>> {
    let length = number(input)?;
    let mut bytes = Vec::new();
    input.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

fn invalid() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "this is not what a process that compiles modules is told, or says")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_heard() {
        let mut pipe = Vec::new();
        Request::write(&mut pipe, Profile::Serving, 7, 8, b"wasm").unwrap();
        let expected = Request { profile: Profile::Serving, memory: 7, seconds: 8, wasm: b"wasm".to_vec() };
        assert_eq!(Request::read(&mut &pipe[..]).unwrap(), expected);
        for cut in 0..pipe.len() {
            assert!(Request::read(&mut &pipe[..cut]).is_err(), "{cut}");
        }
        for answer in [Answer::Progress(3), Answer::Code(vec![0, 255]), Answer::Refused("no".to_owned())] {
            let mut pipe = Vec::new();
            answer.write(&mut pipe).unwrap();
            assert_eq!(Answer::read(&mut &pipe[..]).unwrap(), answer);
            for cut in 0..pipe.len() {
                assert!(Answer::read(&mut &pipe[..cut]).is_err(), "{cut}");
            }
        }
        assert!(Answer::read(&mut &b"xxxxxxxxxxxxx"[..]).is_err());
        // A length that is not true reserves nothing.
        assert!(Answer::read(&mut &[b"c".as_slice(), &[0xff; 9]].concat()[..]).is_err());
    }
}
