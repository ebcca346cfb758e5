//! Pages of a server that runs on a machine.

use std::{
    io::{self, Read, Write},
    time::Duration,
};

use crate::ThrowawayMachine;

/// How long a server may be silent.
const LIMIT: Duration = Duration::from_secs(30);

impl ThrowawayMachine {
    /// Asks the server at a port of the machine's loopback for a page, by the
    /// method `GET` of HTTP, and returns the page.
    ///
    /// ```no_run
    /// use throwaway_machine::ThrowawayMachine;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let machine = ThrowawayMachine::builder().boot()?;
    /// assert!(machine.http_get(9100, "/metrics")?.contains("node_load1"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if nobody listens there, or if the answer is another than
    /// `200 OK`.
    pub fn http_get(&self, port: u16, path: &str) -> io::Result<String> {
        let mut stream = self.connect(port)?;
        stream.set_read_timeout(Some(LIMIT))?;
        // In this version, the answer is in one piece and ends with the connection.
        write!(stream, "GET {path} HTTP/1.0\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        page(&answer).map(str::to_owned)
    }
}

/// Returns the page of an answer.
fn page(answer: &str) -> io::Result<&str> {
    let (head, page) = answer.split_once("\r\n\r\n").unwrap_or((answer, ""));
    let status = head.lines().next().unwrap_or_default();
    match status.split(' ').nth(1) {
        Some("200") => Ok(page),
        _ => Err(io::Error::other(format!("the server has answered `{status}`: {page}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_what_follows_the_head() {
        let answer = "HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\na\r\n\r\nb";
        assert_eq!(page(answer).unwrap(), "a\r\n\r\nb");
    }

    #[test]
    fn another_answer_is_an_error_that_tells_it() {
        let error = |answer| page(answer).unwrap_err().to_string();
        let answer = "HTTP/1.0 503 Service Unavailable\r\nDate: today\r\n\r\nnot yet";
        insta::assert_snapshot!(error(answer), @"the server has answered `HTTP/1.0 503 Service Unavailable`: not yet");
        insta::assert_snapshot!(error("hello"), @"the server has answered `hello`:");
    }
}
