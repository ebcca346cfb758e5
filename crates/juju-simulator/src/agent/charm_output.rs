use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// What a charm prints to one of its outputs.
///
/// A thread keeps the pipe from filling up. Whoever [takes](Self::take) what
/// was printed reads the pipe, too: so all that a charm has printed before it
/// called a hook tool is there when the call is answered, and the log has the
/// same order in every run.
#[derive(Debug)]
pub(super) struct CharmOutput {
    pipe: Arc<Mutex<Pipe>>,
}

impl CharmOutput {
    /// Begins to read; `on_close` is called when the charm's end is closed.
    pub(super) fn new(pipe: OwnedFd, on_close: impl FnOnce() + Send + 'static) -> io::Result<Self> {
        rustix::io::ioctl_fionbio(&pipe, true)?;
        let file = File::from(pipe);
        let watched = file.try_clone()?;
        let pipe = Pipe { file: Some(file), read: Vec::new(), total: 0 };
        let pipe = Arc::new(Mutex::new(pipe));
        let shared = Arc::clone(&pipe);
        thread::Builder::new().name("charm-output".to_owned()).spawn(move || {
            while lock(&shared).read_once() != Reading::Ended {
                // It wakes up at times to see whether anybody still reads.
                let timeout = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };
                let _ = poll(&mut [PollFd::new(&watched, PollFlags::IN)], Some(&timeout));
            }
            on_close();
        })?;
        Ok(Self { pipe })
    }

    /// Returns what was printed since the last time.
    pub(super) fn take(&self) -> Vec<u8> {
        let mut pipe = lock(&self.pipe);
        // As much as a pipe can hold, so that a charm that prints without end
        // is not waited for.
        for _ in 0..16 {
            if pipe.read_once() != Reading::Some {
                break;
            }
        }
        std::mem::take(&mut pipe.read)
    }
}

impl Drop for CharmOutput {
    fn drop(&mut self) {
        lock(&self.pipe).file = None;
    }
}

/// The agent's end of a pipe.
#[derive(Debug)]
struct Pipe {
    /// The end to read from, until the other is closed.
    file: Option<File>,
    read: Vec<u8>,
    /// How much the charm has printed in all, in bytes.
    total: usize,
}

/// What came of reading a pipe.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Reading {
    Ended,
    Nothing,
    Some,
}

impl Pipe {
    /// What a charm prints beyond is read and thrown away.
    const MAX_BYTES: usize = 1 << 20;

    /// Reads a part of what is there.
    fn read_once(&mut self) -> Reading {
        let Some(file) = &mut self.file else { return Reading::Ended };
        let mut part = vec![0; 1 << 16];
        match file.read(&mut part) {
            Ok(0) => self.end(),
            Ok(length) => {
                self.keep(&part[..length]);
                Reading::Some
            }
            Err(error)
                if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) =>
            {
                Reading::Nothing
            }
            Err(_) => self.end(),
        }
    }

    fn keep(&mut self, part: &[u8]) {
        let room = Self::MAX_BYTES.saturating_sub(self.total);
        self.total += part.len();
        self.read.extend_from_slice(&part[..part.len().min(room)]);
        if room > 0 && part.len() >= room {
            self.read.extend_from_slice(b"\n(more was printed than the simulator keeps: 1 MiB)\n");
        }
    }

    fn end(&mut self) -> Reading {
        self.file = None;
        Reading::Ended
    }
}

fn lock(pipe: &Mutex<Pipe>) -> MutexGuard<'_, Pipe> {
    pipe.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Cuts what is printed into lines, as the agent logs them.
#[derive(Debug, Default)]
pub(super) struct Lines {
    begun: Vec<u8>,
}

impl Lines {
    /// Longer lines are logged in pieces.
    const MAX_BYTES: usize = 4096;

    /// Adds what was printed, and returns the lines that are complete.
    pub(super) fn add(&mut self, printed: &[u8]) -> Vec<String> {
        self.begun.extend_from_slice(printed);
        let mut lines = Vec::new();
        let mut rest = self.begun.as_slice();
        loop {
            let end = rest.iter().position(|byte| *byte == b'\n');
            let (line, behind) = match end {
                Some(end) if end <= Self::MAX_BYTES => (&rest[..end], end + 1),
                _ if rest.len() > Self::MAX_BYTES => (&rest[..Self::MAX_BYTES], Self::MAX_BYTES),
                _ => break,
            };
            lines.push(to_text(line));
            rest = &rest[behind..];
        }
        self.begun = rest.to_vec();
        lines
    }

    /// Returns the last line, if it was begun and not ended.
    pub(super) fn finish(self) -> Option<String> {
        (!self.begun.is_empty()).then(|| to_text(&self.begun))
    }
}

fn to_text(line: &[u8]) -> String {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    String::from_utf8_lossy(line).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_lines_wherever_they_were_written_in_parts() {
        let mut lines = Lines::default();
        assert_eq!(lines.add(b"a\r\n\nb"), ["a", ""]);
        assert_eq!(lines.add(b"c\nd"), ["bc"]);
        assert_eq!(lines.finish().as_deref(), Some("d"));
        assert_eq!(Lines::default().finish(), None);
    }

    #[test]
    fn cuts_long_lines_into_pieces() {
        let mut lines = Lines::default();
        let printed = format!("{}\nend\n", "x".repeat(5000));
        let lengths: Vec<usize> = lines.add(printed.as_bytes()).iter().map(String::len).collect();
        assert_eq!(lengths, [4096, 904, 3]);
    }
}
