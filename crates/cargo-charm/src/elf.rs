//! The few header fields of an ELF file that decide whether a charm's program
//! runs on a machine that has none of its libraries.

use juju_types::Architecture;
use thiserror::Error;

const CLASS_64: u8 = 2;
const DATA_LITTLE: u8 = 1;
const DATA_BIG: u8 = 2;

const SEGMENT_DYNAMIC: u32 = 2;
const SEGMENT_INTERPRETER: u32 = 3;
const DYNAMIC_END: u64 = 0;
const DYNAMIC_NEEDED: u64 = 1;

/// What the headers of a 64-bit ELF program say.
///
/// The layout is that of [elf(5)](https://man7.org/linux/man-pages/man5/elf.5.html).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Executable {
    architecture: Option<Architecture>,
    has_interpreter: bool,
    needed_libraries: usize,
}

impl Executable {
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, ParseExecutableError> {
        let reader = Reader::new(bytes)?;
        let machine = reader.u16(18).ok_or(ParseExecutableError::Truncated)?;
        let mut executable = Self {
            architecture: architecture(machine, reader.is_little_endian),
            has_interpreter: false,
            needed_libraries: 0,
        };
        for segment in reader.segments() {
            let (kind, offset, size) = segment.ok_or(ParseExecutableError::Truncated)?;
            match kind {
                SEGMENT_INTERPRETER => executable.has_interpreter = true,
                SEGMENT_DYNAMIC => executable.needed_libraries += reader.needed(offset, size),
                _ => {}
            }
        }
        Ok(executable)
    }

    /// Returns the architecture, or `None` for one that Juju does not know.
    pub(crate) fn architecture(&self) -> Option<Architecture> {
        self.architecture
    }

    /// Tells whether the program brings all of its code along. A program that
    /// relocates itself (static-pie) does.
    pub(crate) fn is_static(&self) -> bool {
        !self.has_interpreter && self.needed_libraries == 0
    }
}

/// The bytes are no 64-bit ELF program.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub(crate) enum ParseExecutableError {
    #[error("it is not an ELF file")]
    Magic,
    #[error("it is not a 64-bit little- or big-endian ELF file")]
    Class,
    #[error("its ELF headers are cut off")]
    Truncated,
}

fn architecture(machine: u16, is_little_endian: bool) -> Option<Architecture> {
    match (machine, is_little_endian) {
        (62, true) => Some(Architecture::Amd64),
        (183, true) => Some(Architecture::Arm64),
        (21, true) => Some(Architecture::Ppc64el),
        (243, true) => Some(Architecture::Riscv64),
        (22, false) => Some(Architecture::S390x),
        _ => None,
    }
}

/// Numbers out of the file, in its own byte order; `None` beyond its end.
struct Reader<'a> {
    bytes: &'a [u8],
    is_little_endian: bool,
}

impl<'a> Reader<'a> {
    fn new(bytes: &'a [u8]) -> Result<Self, ParseExecutableError> {
        if !bytes.starts_with(b"\x7fELF") {
            return Err(ParseExecutableError::Magic);
        }
        match bytes.get(4..6) {
            Some([CLASS_64, DATA_LITTLE]) => Ok(Self { bytes, is_little_endian: true }),
            Some([CLASS_64, DATA_BIG]) => Ok(Self { bytes, is_little_endian: false }),
            Some(_) => Err(ParseExecutableError::Class),
            None => Err(ParseExecutableError::Truncated),
        }
    }

    /// Yields the kind, the offset and the size in bytes of each segment.
    fn segments(&self) -> impl Iterator<Item = Option<(u32, u64, u64)>> {
        let table = self.u64(32);
        let entry_size = self.u16(54).map(u64::from);
        let count = self.u16(56).unwrap_or(0);
        (0..u64::from(count)).map(move |index| {
            let entry = table?.checked_add(entry_size?.checked_mul(index)?)?;
            let kind = self.u32(entry)?;
            let offset = self.u64(entry.checked_add(8)?)?;
            let size = self.u64(entry.checked_add(32)?)?;
            Some((kind, offset, size))
        })
    }

    /// Counts the libraries that a dynamic section asks for.
    fn needed(&self, offset: u64, size: u64) -> usize {
        (0..size / 16)
            .map_while(|index| self.u64(offset.checked_add(16 * index)?))
            .take_while(|&tag| tag != DYNAMIC_END)
            .filter(|&tag| tag == DYNAMIC_NEEDED)
            .count()
    }

    fn u16(&self, offset: u64) -> Option<u16> {
        self.array(offset).map(if self.is_little_endian {
            u16::from_le_bytes
        } else {
            u16::from_be_bytes
        })
    }

    fn u32(&self, offset: u64) -> Option<u32> {
        self.array(offset).map(if self.is_little_endian {
            u32::from_le_bytes
        } else {
            u32::from_be_bytes
        })
    }

    fn u64(&self, offset: u64) -> Option<u64> {
        self.array(offset).map(if self.is_little_endian {
            u64::from_le_bytes
        } else {
            u64::from_be_bytes
        })
    }

    fn array<const N: usize>(&self, offset: u64) -> Option<[u8; N]> {
        let rest = self.bytes.get(usize::try_from(offset).ok()?..)?;
        rest.first_chunk().copied()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A program with the given segments: kind and content.
    fn program(machine: u16, is_little_endian: bool, segments: &[(u32, &[u64])]) -> Vec<u8> {
        let word = |value: u64, size: usize| {
            if is_little_endian {
                value.to_le_bytes()[..size].to_vec()
            } else {
                value.to_be_bytes()[8 - size..].to_vec()
            }
        };
        let mut bytes = b"\x7fELF".to_vec();
        bytes.extend([CLASS_64, if is_little_endian { DATA_LITTLE } else { DATA_BIG }]);
        bytes.resize(18, 0);
        bytes.extend(word(machine.into(), 2));
        bytes.resize(32, 0);
        bytes.extend(word(64, 8));
        bytes.resize(54, 0);
        bytes.extend(word(56, 2));
        bytes.extend(word(segments.len() as u64, 2));
        bytes.resize(64, 0);
        let mut content_at = 64 + 56 * segments.len();
        for (kind, content) in segments {
            let start = bytes.len();
            bytes.extend(word((*kind).into(), 4));
            bytes.resize(start + 8, 0);
            bytes.extend(word(content_at as u64, 8));
            bytes.resize(start + 32, 0);
            bytes.extend(word(8 * content.len() as u64, 8));
            bytes.resize(start + 56, 0);
            content_at += 8 * content.len();
        }
        for (_, content) in segments {
            bytes.extend(content.iter().flat_map(|&value| word(value, 8)));
        }
        bytes
    }

    #[test]
    fn knows_the_architectures_of_juju() {
        let of = |machine, is_little_endian| {
            Executable::parse(&program(machine, is_little_endian, &[])).unwrap().architecture()
        };
        assert_eq!(of(62, true), Some(Architecture::Amd64));
        assert_eq!(of(183, true), Some(Architecture::Arm64));
        assert_eq!(of(21, true), Some(Architecture::Ppc64el));
        assert_eq!(of(21, false), None);
        assert_eq!(of(243, true), Some(Architecture::Riscv64));
        assert_eq!(of(22, false), Some(Architecture::S390x));
        assert_eq!(of(3, true), None);
    }

    #[test]
    fn a_program_that_only_relocates_itself_is_static() {
        let relocating = program(62, true, &[(SEGMENT_DYNAMIC, &[7, 1, 0, 0, 1, 1])]);
        assert!(Executable::parse(&relocating).unwrap().is_static());
    }

    #[test]
    fn an_interpreter_or_a_library_makes_it_dynamic() {
        for (little, segments) in [
            (true, &[(SEGMENT_INTERPRETER, &[0_u64][..])]),
            (true, &[(SEGMENT_DYNAMIC, &[7, 0, 1, 99, 0, 0][..])]),
            (false, &[(SEGMENT_DYNAMIC, &[1, 99, 0, 0][..])]),
        ] {
            assert!(!Executable::parse(&program(62, little, segments)).unwrap().is_static());
        }
    }

    #[test]
    fn says_why_a_file_is_no_program() {
        let error = |bytes: &[u8]| Executable::parse(bytes).unwrap_err().to_string();
        assert_eq!(error(b"#!/bin/sh\n"), "it is not an ELF file");
        assert_eq!(error(b"\x7fELF\x01\x01"), "it is not a 64-bit little- or big-endian ELF file");
        assert_eq!(error(b"\x7fELF\x02\x01\x01"), "its ELF headers are cut off");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn never_panics(rest in proptest::collection::vec(any::<u8>(), 0..300)) {
            let mut bytes = b"\x7fELF\x02\x01".to_vec();
            bytes.extend(rest);
            let _ = Executable::parse(&bytes);
        }
    }
}
