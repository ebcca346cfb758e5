//! Reading the messages of a gob stream.

use std::io::{self, BufRead, BufReader, Read};

use super::content::Content;
use super::definition::TypeTable;
use super::integer;
use super::value::Value;
use crate::limits::Limits;
use crate::protocol_error::Fault;

/// The most that is set aside for a message before any of it has arrived, in
/// bytes.
const FIRST_PIECE: usize = 8 * 1024;

/// One direction of a connection, read as a gob stream.
pub(crate) struct Incoming<S> {
    stream: BufReader<S>,
    types: TypeTable,
}

impl<S: Read> Incoming<S> {
    pub(crate) fn new(stream: S, limits: Limits) -> Self {
        Self { stream: BufReader::new(stream), types: TypeTable::new(limits) }
    }

    pub(crate) fn with_limits(self, limits: Limits) -> Self {
        Self { types: self.types.with_limits(limits), ..self }
    }

    pub(crate) fn stream(&self) -> &S {
        self.stream.get_ref()
    }

    pub(crate) fn stream_mut(&mut self) -> &mut S {
        self.stream.get_mut()
    }

    /// Reads the next message that holds a value, and learns the types that
    /// are defined before it. `None` means that the peer closed the stream.
    pub(crate) fn next(&mut self) -> Result<Option<Message>, ReadError> {
        let Some(mut message) = self.message()? else { return Ok(None) };
        loop {
            let mut content = Content::new(&message);
            let id = content.int()?;
            if id >= 0 {
                return Ok(Some(Message { bytes: message }));
            }
            let id = id.checked_neg().ok_or(Fault::Undefined { id })?;
            self.types.define(id, content)?;
            message = self.message()?.ok_or(ReadError::Io(io::ErrorKind::UnexpectedEof.into()))?;
        }
    }

    /// Looks into a message that was read here.
    pub(crate) fn value<'a>(&'a self, message: &'a Message) -> Result<Value<'a>, Fault> {
        let mut content = Content::new(&message.bytes);
        let id = content.int()?;
        Value::whole(&self.types, id, content)
    }

    fn message(&mut self) -> Result<Option<Vec<u8>>, ReadError> {
        let Some(length) = read_uint(&mut self.stream)? else { return Ok(None) };
        let limit = self.types.limits().max_message();
        let fitting = usize::try_from(length).ok().filter(|length| *length <= limit);
        let length = fitting.ok_or(Fault::MessageLimit { length, limit })?;
        Ok(Some(read_bytes(&mut self.stream, length)?))
    }
}

/// The bytes of a message that holds a value.
pub(crate) struct Message {
    bytes: Vec<u8>,
}

/// Why no message could be read.
#[derive(Debug)]
pub(crate) enum ReadError {
    Io(io::Error),
    Fault(Fault),
}

impl From<Fault> for ReadError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Reads an unsigned integer; `None` means that the stream ends before it.
fn read_uint(stream: &mut impl BufRead) -> Result<Option<u64>, ReadError> {
    let Some(first) = stream.bytes().next().transpose()? else { return Ok(None) };
    if first < 0x80 {
        return Ok(Some(u64::from(first)));
    }
    let mut bytes = [0; size_of::<u64>()];
    let bytes = &mut bytes[..integer::length_after(first)?];
    stream.read_exact(bytes)?;
    Ok(Some(integer::from_bytes(bytes)))
}

/// Reads `length` bytes. The memory for them grows with what has arrived: the
/// length is only what the peer claims.
fn read_bytes(stream: &mut impl Read, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while bytes.len() < length {
        let filled = bytes.len();
        let piece = filled.max(FIRST_PIECE).min(length - filled);
        bytes.reserve_exact(piece);
        bytes.resize(filled + piece, 0);
        stream.read_exact(&mut bytes[filled..])?;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gob::testing::uint;
    use crate::gob::{Outgoing, STRING};
    use crate::testing::Replay;

    fn io_kind(bytes: &[u8]) -> Option<io::ErrorKind> {
        match Incoming::new(Replay::new(bytes), Limits::default()).next() {
            Ok(None) => None,
            Err(ReadError::Io(error)) => Some(error.kind()),
            _ => panic!("neither the end of the stream nor an error of reading"),
        }
    }

    #[test]
    fn an_end_between_messages_is_the_end_of_the_stream() {
        assert_eq!(io_kind(&[]), None);
    }

    #[test]
    fn an_end_within_a_message_is_an_error() {
        let mut out = Outgoing::default();
        out.define_struct(65, "T", &[("Text", STRING)]);
        let definition = out.take_bytes();
        for end in 1..=definition.len() {
            assert_eq!(io_kind(&definition[..end]), Some(io::ErrorKind::UnexpectedEof));
        }
        assert_eq!(io_kind(&[0xfe, 1]), Some(io::ErrorKind::UnexpectedEof));
    }

    #[test]
    fn refuses_a_message_without_content() {
        let error = Incoming::new(Replay::new([0]), Limits::default()).next().err();
        assert!(matches!(error, Some(ReadError::Fault(Fault::EndsEarly { .. }))));
    }

    #[test]
    fn reads_nothing_of_a_message_beyond_the_limit() {
        let bytes = [uint(1025), vec![2; 100_000]].concat();
        let mut stream = Replay::new(bytes).in_steps_of(3);
        let limits = Limits::default().with_max_message(1024);
        let Err(ReadError::Fault(fault)) = Incoming::new(&mut stream, limits).next() else {
            panic!("the message is refused")
        };
        insta::assert_snapshot!(
            fault,
            @"a message of 1025 bytes is longer than the limit of 1024 bytes"
        );
        assert_eq!(stream.bytes_read(), 3);
    }

    #[test]
    fn sets_no_memory_aside_for_what_is_only_announced() {
        let bytes = [uint(60 * 1024 * 1024), vec![0; 20_000]].concat();
        let mut stream = Replay::new(bytes);
        assert!(Incoming::new(&mut stream, Limits::default()).next().is_err());
        assert!(stream.longest_read <= 2 * 20_000, "{}", stream.longest_read);
    }

    #[test]
    fn takes_no_more_memory_than_a_message_is_long() {
        for length in [0, 1, FIRST_PIECE, FIRST_PIECE + 1, 5 * FIRST_PIECE + 17] {
            let bytes = read_bytes(&mut Replay::new(vec![7; length]), length).unwrap();
            assert_eq!((bytes.len(), bytes.capacity()), (length, length));
        }
    }
}
