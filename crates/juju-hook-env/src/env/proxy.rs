//! The model's proxies.

use std::fmt;

/// The proxies that the model's settings name. Juju does not apply them: that
/// is the charm's business.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct ProxySettings {
    /// The proxy for FTP.
    pub ftp: Option<ProxyUrl>,
    /// The proxy for HTTP.
    pub http: Option<ProxyUrl>,
    /// The proxy for HTTPS.
    pub https: Option<ProxyUrl>,
    /// What is to be reached without a proxy, with commas between.
    pub no_proxy: Option<String>,
}

/// The URL of a proxy as the user has typed it. `Debug` does not show the name
/// and password in it.
#[derive(Clone, Eq, PartialEq)]
pub struct ProxyUrl(String);

impl ProxyUrl {
    pub(crate) fn new(url: &str) -> Self {
        Self(url.to_owned())
    }

    /// Returns the whole URL, with a password if there is one in it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ProxyUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, rest) = self.0.split_once("://").unwrap_or(("", &self.0));
        match rest.rsplit_once('@') {
            Some((_, host)) if scheme.is_empty() => write!(f, "\"…@{host}\""),
            Some((_, host)) => write!(f, "\"{scheme}://…@{host}\""),
            None => write!(f, "{:?}", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_no_password() {
        #[track_caller]
        fn check(url: &str, shown: &str) {
            assert_eq!(format!("{:?}", ProxyUrl::new(url)), shown);
        }

        check("http://squid:3128", r#""http://squid:3128""#);
        check("http://me:hunter2@squid:3128/", r#""http://…@squid:3128/""#);
        check("http://me:hunt@r2@squid", r#""http://…@squid""#);
        check("me:hunter2@squid:3128", r#""…@squid:3128""#);
    }
}
