use std::fmt;

use juju_agent_rpc::Request;

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
    /// Its exit code.
    pub code: i32,
    /// What it printed to its standard error.
    pub stderr: String,
}

impl ToolCall {
    pub(crate) fn new(request: &Request, code: i32, stderr: &[u8]) -> Self {
        let is_secret = request.command_name.starts_with("secret-");
        let args = request.args.iter().map(|argument| match argument.split_once('=') {
            Some((key, _)) if is_secret && !key.starts_with('-') => format!("{key}=…"),
            _ => argument.clone(),
        });
        Self {
            tool: request.command_name.clone(),
            args: args.collect(),
            stdin: request.stdin.as_ref().map(Vec::len),
            code,
            stderr: String::from_utf8_lossy(stderr).into_owned(),
        }
    }
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

    #[test]
    fn shows_a_call_as_a_shell_takes_it() {
        let call = ToolCall::new(&request("status-set", &["blocked", "it's \"no\"", ""]), 0, b"");
        insta::assert_snapshot!(call, @r#"status-set blocked 'it'\''s "no"' ''"#);
        let call = ToolCall::new(&request("status-set", &["lost"]), 2, b"ERROR invalid\n");
        insta::assert_snapshot!(call, @"status-set lost -> 2: ERROR invalid");
        let fed =
            Request { stdin: Some(b"a: b".to_vec()), ..request("state-set", &["--file", "-"]) };
        insta::assert_snapshot!(ToolCall::new(&fed, 0, b""), @"state-set --file - < 4 bytes");
    }

    #[test]
    fn hides_what_is_secret() {
        let call =
            ToolCall::new(&request("secret-add", &["--label=db", "password=hunter2"]), 0, b"");
        insta::assert_snapshot!(call, @"secret-add --label=db password=…");
    }
}
