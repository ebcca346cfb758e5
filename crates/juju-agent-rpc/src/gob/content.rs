//! The elements of a message.

use super::integer;
use crate::protocol_error::Fault;

/// The part of a message that has not been read yet.
pub(super) struct Content<'a> {
    bytes: &'a [u8],
}

impl<'a> Content<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.bytes
    }

    pub(super) fn uint(&mut self) -> Result<u64, Fault> {
        let first = self.take(1)?[0];
        if first < 0x80 {
            return Ok(u64::from(first));
        }
        let length = integer::length_after(first)?;
        Ok(integer::from_bytes(self.take(length)?))
    }

    pub(super) fn int(&mut self) -> Result<i64, Fault> {
        Ok(integer::signed(self.uint()?))
    }

    /// Reads a count of bytes, and the bytes.
    pub(super) fn counted_bytes(&mut self) -> Result<&'a [u8], Fault> {
        let count = self.count()?;
        self.take(count)
    }

    /// Reads a count of bytes or elements. An element takes at least one byte,
    /// so a count above what is left is wrong from the start.
    pub(super) fn count(&mut self) -> Result<usize, Fault> {
        let count = self.uint()?;
        usize::try_from(count)
            .ok()
            .filter(|count| *count <= self.bytes.len())
            .ok_or(Fault::EndsEarly { count, left: self.bytes.len() })
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], Fault> {
        let (taken, rest) = self
            .bytes
            .split_at_checked(count)
            .ok_or(Fault::EndsEarly { count: count as u64, left: self.bytes.len() })?;
        self.bytes = rest;
        Ok(taken)
    }
}
