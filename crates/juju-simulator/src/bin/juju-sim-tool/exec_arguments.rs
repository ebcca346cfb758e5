//! The command line of `juju-exec`.

/// The arguments, taken apart.
#[derive(Debug, Default, Eq, PartialEq)]
pub(super) struct ExecArguments {
    pub(super) no_context: bool,
    pub(super) operator: bool,
    pub(super) force_remote_unit: bool,
    pub(super) relation: String,
    pub(super) remote_unit: String,
    pub(super) remote_app: String,
    /// What `-u` names, if it is there.
    pub(super) unit: Option<String>,
    pub(super) positional: Vec<String>,
}

impl ExecArguments {
    /// Takes the arguments apart, as Go's `gnuflag` does: flags may come
    /// between others, up to `--`.
    pub(super) fn parse(arguments: Vec<String>) -> Result<Self, String> {
        let mut parsed = Self::default();
        let mut rest = arguments.into_iter();
        while let Some(argument) = rest.next() {
            if argument == "--" {
                parsed.positional.extend(rest);
                break;
            }
            let (name, value) = match argument.split_once('=') {
                Some((name, value)) if name.starts_with("--") => (name, Some(value)),
                _ => (argument.as_str(), None),
            };
            match name {
                "-" => parsed.positional.push(argument),
                "--force-remote-unit" => parsed.force_remote_unit = truth(name, value)?,
                "--no-context" => parsed.no_context = truth(name, value)?,
                "--operator" => parsed.operator = truth(name, value)?,
                "--relation" => parsed.relation = text(name, value, &mut rest)?,
                "--remote-app" => parsed.remote_app = text(name, value, &mut rest)?,
                "--remote-unit" => parsed.remote_unit = text(name, value, &mut rest)?,
                _ if name.starts_with("--") => return Err(undefined(name)),
                _ if name.starts_with('-') => parsed.set_letter(&argument, &mut rest)?,
                _ => parsed.positional.push(argument),
            }
        }
        Ok(parsed)
    }

    /// Reads a flag of one letter, with its value behind it or after it.
    fn set_letter(
        &mut self,
        argument: &str,
        rest: &mut impl Iterator<Item = String>,
    ) -> Result<(), String> {
        let end = argument.char_indices().nth(2).map_or(argument.len(), |(end, _)| end);
        let (name, behind) = argument.split_at(end);
        let behind = Some(behind).filter(|behind| !behind.is_empty());
        match name {
            "-r" => self.relation = text(name, behind, rest)?,
            "-u" => self.unit = Some(text(name, behind, rest)?),
            _ => return Err(undefined(name)),
        }
        Ok(())
    }
}

fn undefined(name: &str) -> String {
    format!("option provided but not defined: {name}")
}

fn text(
    name: &str,
    value: Option<&str>,
    rest: &mut impl Iterator<Item = String>,
) -> Result<String, String> {
    let value = value.map(str::to_owned).or_else(|| rest.next());
    value.ok_or_else(|| format!("option needs an argument: {name}"))
}

fn truth(name: &str, value: Option<&str>) -> Result<bool, String> {
    match value {
        None | Some("1" | "t" | "T" | "true" | "TRUE" | "True") => Ok(true),
        Some("0" | "f" | "F" | "false" | "FALSE" | "False") => Ok(false),
        Some(value) => Err(format!(
            "invalid value {value:?} for option {name}: strconv.ParseBool: parsing {value:?}: \
             invalid syntax"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<ExecArguments, String> {
        ExecArguments::parse(arguments.iter().map(|argument| (*argument).to_owned()).collect())
    }

    #[test]
    fn takes_flags_up_to_two_dashes() {
        let parsed = parse(&[
            "app/0",
            "-r7",
            "--remote-unit=db/0",
            "--remote-app",
            "db",
            "--force-remote-unit",
            "-u",
            "",
            "-",
            "--",
            "ls",
            "-l",
        ]);
        let expected = ExecArguments {
            force_remote_unit: true,
            relation: "7".to_owned(),
            remote_unit: "db/0".to_owned(),
            remote_app: "db".to_owned(),
            unit: Some(String::new()),
            positional: ["app/0", "-", "ls", "-l"].map(str::to_owned).to_vec(),
            ..ExecArguments::default()
        };
        assert_eq!(parsed, Ok(expected));
        assert!(!parse(&["--no-context", "--no-context=False"]).unwrap().no_context);
    }

    #[test]
    fn refuses_in_the_words_of_gnuflag() {
        let refusal = |arguments: &[&str]| parse(arguments).unwrap_err();
        insta::assert_snapshot!(refusal(&["app/0", "ls", "-l"]), @"option provided but not defined: -l");
        insta::assert_snapshot!(refusal(&["--cheese"]), @"option provided but not defined: --cheese");
        insta::assert_snapshot!(refusal(&["--relation"]), @"option needs an argument: --relation");
        insta::assert_snapshot!(refusal(&["-é"]), @"option provided but not defined: -é");
        insta::assert_snapshot!(refusal(&["--operator=x"]), @r#"invalid value "x" for option --operator: strconv.ParseBool: parsing "x": invalid syntax"#);
    }
}
