//! Streams and bytes for the tests of this crate.

use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;

/// A peer that has said everything beforehand, and whose partner's words are
/// kept.
pub(crate) struct Replay {
    input: Vec<u8>,
    position: usize,
    /// The most that one read gives, in bytes.
    step: usize,
    /// The most that one read asked for, in bytes.
    pub(crate) longest_read: usize,
    pub(crate) output: Vec<u8>,
}

impl Replay {
    pub(crate) fn new(input: impl Into<Vec<u8>>) -> Self {
        Self {
            input: input.into(),
            position: 0,
            step: usize::MAX,
            longest_read: 0,
            output: Vec::new(),
        }
    }

    pub(crate) fn in_steps_of(self, step: usize) -> Self {
        Self { step, ..self }
    }

    pub(crate) fn bytes_read(&self) -> usize {
        self.position
    }
}

impl Read for Replay {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.longest_read = self.longest_read.max(buffer.len());
        let left = &self.input[self.position..];
        let count = left.len().min(buffer.len()).min(self.step);
        buffer[..count].copy_from_slice(&left[..count]);
        self.position += count;
        Ok(count)
    }
}

impl Write for Replay {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = bytes.len().min(self.step);
        self.output.extend_from_slice(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Reads one of the recordings that the workspace keeps.
pub(crate) fn recording(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/recordings");
    fs::read_to_string(folder.join(name)).unwrap()
}

/// Reads bytes from hexadecimal digits; blanks between them do not count.
pub(crate) fn hex(digits: &str) -> Vec<u8> {
    let digits: Vec<u32> = digits.chars().filter_map(|digit| digit.to_digit(16)).collect();
    digits.chunks(2).map(|pair| u8::try_from(pair[0] << 4 | pair[1]).unwrap()).collect()
}

/// A peer that takes some bytes, then has gone.
pub(crate) struct FailingWriter {
    pub(crate) accepted: usize,
}

impl Read for FailingWriter {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        panic!("nothing is read after a write that failed")
    }
}

impl Write for FailingWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.accepted == 0 {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        let count = bytes.len().min(self.accepted);
        self.accepted -= count;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
