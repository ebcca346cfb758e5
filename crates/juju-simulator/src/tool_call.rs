use std::fmt;

use juju_agent_rpc::{Request, Response};

/// One call of a hook tool.
///
/// `Display` gives it as a shell would take it, with the exit code behind it
/// if it failed.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct ToolCall {
    /// The tool, such as `config-get`.
    pub tool: String,
    /// Its arguments. The values of secrets are replaced by `…`.
    pub args: Vec<String>,
    /// The length of its standard input in bytes, if it read any.
    pub stdin: Option<usize>,
    /// What it read from its standard input, if it read any.
    pub input: Option<String>,
    /// Its exit code.
    pub code: i32,
    /// What it printed to its standard output. Where that is secret, it is
    /// replaced by `…`.
    pub output: String,
    /// What it printed to its standard error.
    pub stderr: String,
}

impl ToolCall {
    pub(crate) fn new(request: &Request, response: &Response) -> Self {
        let is_secret = request.command_name.starts_with("secret-");
        let args = request.args.iter().map(|argument| match argument.split_once('=') {
            Some((key, _)) if is_secret && !key.starts_with('-') => format!("{key}=…"),
            _ => argument.clone(),
        });
        Self {
            tool: request.command_name.clone(),
            args: args.collect(),
            stdin: request.stdin.as_ref().map(Vec::len),
            input: request.stdin.as_ref().map(|stdin| text(stdin, is_secret)),
            code: response.code,
            // The ids and facts of secrets are none themselves.
            output: text(&response.stdout, request.command_name == "secret-get"),
            stderr: String::from_utf8_lossy(&response.stderr).into_owned(),
        }
    }

    /// Writes a line for each line that it has read and printed.
    pub(crate) fn write_data(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in self.input.iter().flat_map(|input| input.lines()) {
            writeln!(f, "    < {line}")?;
        }
        for line in self.output.lines() {
            writeln!(f, "    > {line}")?;
        }
        Ok(())
    }
}

fn text(bytes: &[u8], is_secret: bool) -> String {
    if is_secret && !bytes.is_empty() {
        return "…".to_owned();
    }
    String::from_utf8_lossy(bytes).into_owned()
}

impl fmt::Display for ToolCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.tool)?;
        for argument in &self.args {
            write!(f, " {}", shell_word(argument))?;
        }
        if let Some(length) = self.stdin {
            write!(f, " < {length} bytes")?;
        }
        if self.code != 0 {
            write!(f, " -> {}: {}", self.code, self.stderr.trim_end())?;
        }
        Ok(())
    }
}

/// Quotes a word if a shell would not take it as it is.
pub(crate) fn shell_word(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_=./:,@%+…".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(tool: &str, args: &[&str]) -> Request {
        let args = args.iter().map(|argument| (*argument).to_owned()).collect();
        Request { command_name: tool.to_owned(), args, ..Request::default() }
    }

    fn response(code: i32, stderr: &str) -> Response {
        Response { code, stdout: b"printed".to_vec(), stderr: stderr.as_bytes().to_vec() }
    }

    #[test]
    fn shows_a_call_as_a_shell_takes_it() {
        let call = ToolCall::new(
            &request("status-set", &["blocked", "it's \"no\"", ""]),
            &response(0, ""),
        );
        insta::assert_snapshot!(call, @r#"status-set blocked 'it'\''s "no"' ''"#);
        let call =
            ToolCall::new(&request("status-set", &["lost"]), &response(2, "ERROR invalid\n"));
        insta::assert_snapshot!(call, @"status-set lost -> 2: ERROR invalid");
        let fed =
            Request { stdin: Some(b"a: b".to_vec()), ..request("state-set", &["--file", "-"]) };
        insta::assert_snapshot!(ToolCall::new(&fed, &response(0, "")), @"state-set --file - < 4 bytes");
    }

    #[test]
    fn hides_what_is_secret() {
        let call = ToolCall::new(
            &request("secret-add", &["--label=db", "password=hunter2"]),
            &response(0, ""),
        );
        insta::assert_snapshot!(call, @"secret-add --label=db password=…");
    }
}
