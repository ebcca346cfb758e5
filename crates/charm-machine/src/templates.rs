//! Templates for files.

use std::collections::BTreeSet;
use std::fmt;
use std::fmt::Debug;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};
use serde::Serialize;
use thiserror::Error;

/// Templates for configuration files, in the language of [Jinja].
///
/// Made for files that programs read, not for web pages: nothing is escaped,
/// the last newline is kept, and a value that is missing is an error instead of
/// a gap. A line that holds only a statement leaves an empty line; where that
/// matters, `{%- … %}` takes it away.
///
/// ```
/// use charm_machine::{Machine, Templates};
///
/// #[derive(serde::Serialize)]
/// struct Values {
///     port: u16,
///     collectors: Vec<&'static str>,
/// }
///
/// let templates = Templates::new().with(
///     "defaults",
///     "ARGS=--web.listen-address=:{{ port }}{% for name in collectors %} --collector.{{ name }}{% endfor %}\n",
/// )?;
/// let text = templates.render("defaults", &Values { port: 9100, collectors: vec!["wifi"] })?;
/// assert_eq!(text, "ARGS=--web.listen-address=:9100 --collector.wifi\n");
///
/// Machine::scratch().write("/etc/default/prometheus-node-exporter", text)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [Jinja]: https://docs.rs/minijinja/latest/minijinja/syntax/index.html
#[derive(Clone)]
pub struct Templates {
    environment: Environment<'static>,
}

impl Templates {
    /// Makes an empty set.
    #[expect(clippy::missing_panics_doc, reason = "the usual delimiters are valid")]
    pub fn new() -> Self {
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        // It lets errors say which value is missing; what else it gathers, the
        // values among it, is not passed on.
        environment.set_debug(true);
        let syntax = SyntaxConfig::builder().keep_trailing_newline(true).build();
        environment.set_syntax(syntax.expect("the delimiters are the usual ones"));
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        Self { environment }
    }

    /// Adds a template, which others of the set can include by its name.
    ///
    /// The source is best a part of the program, by [`include_str!`].
    ///
    /// # Errors
    ///
    /// Returns an error if the source breaks the rules of the language.
    pub fn with(
        mut self,
        name: impl Into<String>,
        source: impl Into<String>,
    ) -> Result<Self, TemplateError> {
        let name = name.into();
        self.environment
            .add_template_owned(name.clone(), source.into())
            .map_err(|error| TemplateError::new(&name, &error))?;
        Ok(self)
    }

    /// Fills a template with values and returns the text.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no template of this name, or if it uses a
    /// value that is missing or of the wrong kind.
    pub fn render(&self, name: &str, values: &impl Serialize) -> Result<String, TemplateError> {
        self.environment
            .get_template(name)
            .and_then(|template| template.render(Value::from(Serde(values))))
            .map_err(|error| TemplateError::new(name, &error))
    }
}

impl Default for Templates {
    fn default() -> Self {
        Self::new()
    }
}

impl Debug for Templates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: BTreeSet<&str> = self.environment.templates().map(|(name, _)| name).collect();
        f.debug_list().entries(names).finish()
    }
}

/// A template is wrong, or does not fit the values; the message names the
/// template and the line.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("cannot render the template `{template}`{}: {reason}", line.map(|line| format!(", line {line}")).unwrap_or_default())]
pub struct TemplateError {
    template: String,
    line: Option<usize>,
    reason: String,
}

impl TemplateError {
    /// Keeps what a charm's author needs. An error of an included template is
    /// that of the innermost one.
    fn new(template: &str, error: &minijinja::Error) -> Self {
        use std::error::Error as _;

        let mut innermost = error;
        while let Some(source) = innermost.source().and_then(|source| source.downcast_ref()) {
            innermost = source;
        }
        let reason = match innermost.detail() {
            Some(detail) => format!("{}: {detail}", innermost.kind()),
            None => innermost.kind().to_string(),
        };
        Self {
            template: innermost.name().unwrap_or(template).to_owned(),
            line: innermost.line(),
            reason,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::Templates;

    fn render(source: &str) -> String {
        let templates = Templates::new().with("web.conf", source).unwrap();
        let values = BTreeMap::from([("name", "<b>"), ("port", "9100")]);
        templates.render("web.conf", &values).unwrap_or_else(|error| error.to_string())
    }

    #[test]
    fn nothing_is_escaped_and_the_last_newline_is_kept() {
        assert_eq!(render("name = {{ name }}\n"), "name = <b>\n");
        let templates = Templates::new().with("a.html", "{{ name }}").unwrap();
        assert_eq!(templates.render("a.html", &BTreeMap::from([("name", "<b>")])).unwrap(), "<b>");
    }

    #[test]
    fn a_missing_value_is_an_error_that_names_template_line_and_value() {
        insta::assert_snapshot!(render("a\nb = {{ prot }}\n"), @"cannot render the template `web.conf`, line 2: undefined value: `prot` is undefined");
        insta::assert_snapshot!(render("{% if prot %}{% endif %}"), @"cannot render the template `web.conf`, line 1: undefined value: `prot` is undefined");
        insta::assert_snapshot!(render("{{ name.first.letter }}"), @"cannot render the template `web.conf`, line 1: undefined value: `name.first` is undefined");
    }

    #[test]
    fn other_errors_name_template_and_line_too() {
        let error = Templates::new().with("web.conf", "a\n{% if %}").unwrap_err();
        insta::assert_snapshot!(error, @"cannot render the template `web.conf`, line 2: syntax error: unexpected end of block");
        insta::assert_snapshot!(render("{{ port + 1 }}"), @"cannot render the template `web.conf`, line 1: invalid operation: tried to use + operator on unsupported types string and number");
        insta::assert_snapshot!(Templates::new().render("none", &()).unwrap_err(), @r#"cannot render the template `none`: template not found: template "none" does not exist"#);
    }

    #[test]
    fn an_error_in_an_included_template_is_its_own() {
        let templates = Templates::new()
            .with("a", "x\n{% include 'b' %}")
            .unwrap()
            .with("b", "\n\n{{ c }}")
            .unwrap();
        insta::assert_snapshot!(templates.render("a", &()).unwrap_err(), @"cannot render the template `b`, line 3: undefined value: `c` is undefined");
        assert_eq!(format!("{templates:?}"), r#"["a", "b"]"#);
    }

    #[test]
    fn an_error_shows_no_values() {
        let templates = Templates::new().with("a", "{{ password }}{{ missing }}").unwrap();
        let error =
            templates.render("a", &BTreeMap::from([("password", "swordfish")])).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("swordfish"));
    }

    #[test]
    fn a_loop_with_a_condition_reads_as_written() {
        let source = "{% for n in [1, 2] %}{{ n }};{% endfor %}\nend\n";
        assert_eq!(render(source), "1;2;\nend\n");
    }
}
