//! URLs as Go's `net/url` reads them.

/// Checks a URL of any scheme with a host.
///
/// No rule tells the text, for a URL may hold a password.
pub(crate) fn check(text: &str) -> Result<(), String> {
    parse(text).map(drop).map_err(str::to_owned)
}

/// Checks a URL of a web service.
pub(crate) fn check_http(text: &str) -> Result<(), String> {
    match parse(text)? {
        "http" | "https" => Ok(()),
        _ => Err("it must start with `http://` or `https://`".to_owned()),
    }
}

/// Checks where a daemon listens: a path after `unix://`, or a URL.
pub(crate) fn check_socket(text: &str) -> Result<(), String> {
    let is_path =
        |path: &str| path.starts_with('/') && !path.contains(|c: char| c == '%' || c.is_control());
    if text.strip_prefix("unix://").is_some_and(is_path) { Ok(()) } else { check(text) }
}

/// Returns the scheme. Go is content with less in some places: a host is
/// needed here, and `%` only stands before two hexadecimal digits.
fn parse(text: &str) -> Result<&str, &'static str> {
    const FORM: &str = "it must be a URL, such as `http://10.0.0.1:8080`";
    let (scheme, rest) = text.split_once("://").ok_or(FORM)?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    if !is_scheme {
        return Err(FORM);
    }
    if text.contains(|c: char| c.is_ascii_control()) {
        return Err("a URL has no control characters");
    }
    let escapes = text.split('%').skip(1);
    if !escapes
        .map(str::as_bytes)
        .all(|after| matches!(after, [a, b, ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit()))
    {
        return Err("`%` must stand before two hexadecimal digits in a URL");
    }
    let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    if !user.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%".contains(&b)) {
        return Err("user and password of a URL must be percent-encoded");
    }
    if !is_host_and_port(host) {
        return Err("the host of a URL must be a name or an address, and its port a number");
    }
    Ok(scheme)
}

fn is_host_and_port(text: &str) -> bool {
    let (is_host, port) = if let Some((address, port)) =
        text.strip_prefix('[').and_then(|text| text.split_once(']'))
    {
        (address.parse::<std::net::Ipv6Addr>().is_ok(), port)
    } else {
        let (host, port) = text.split_at(text.find(':').unwrap_or(text.len()));
        let is_name = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
        (!host.is_empty() && host.bytes().all(is_name), port)
    };
    is_host
        && port.strip_prefix(':').map_or(port.is_empty(), |number| {
            number.parse::<u16>().is_ok() && !number.starts_with('+')
        })
}

#[cfg(test)]
mod tests {
    use super::{check, check_http, check_socket};

    #[test]
    fn takes_urls() {
        for url in [
            "http://a",
            "https://user:p%40ss@proxy.example.com:3128/path%20x?q=1#f",
            "socks5://10.0.0.1:1080",
            "http://[::1]:9090/ä",
            "http://a/b c",
        ] {
            assert_eq!(check(url), Ok(()), "{url}");
        }
    }

    #[test]
    fn takes_sockets() {
        for url in ["unix:///var/run/docker.sock", "tcp://10.0.0.1:2376", "http://[::1]"] {
            assert_eq!(check_socket(url), Ok(()), "{url}");
        }
        for url in ["unix://", "unix://a b", "unix:///a%", "unix:///a\n", "/var/run/docker.sock"] {
            assert!(check_socket(url).is_err(), "{url}");
        }
    }

    #[test]
    fn says_what_is_wrong_and_not_the_url() {
        let error = |url: &str| check(url).unwrap_err();
        insta::assert_snapshot!(error("10.0.0.1:8080"), @"it must be a URL, such as `http://10.0.0.1:8080`");
        insta::assert_snapshot!(error("http://a\n"), @"a URL has no control characters");
        insta::assert_snapshot!(error("http://a/%zz"), @"`%` must stand before two hexadecimal digits in a URL");
        insta::assert_snapshot!(error("http://us er@a"), @"user and password of a URL must be percent-encoded");
        insta::assert_snapshot!(
            error("http://a:x"),
            @"the host of a URL must be a name or an address, and its port a number"
        );
        insta::assert_snapshot!(
            check_http("ftp://a").unwrap_err(),
            @"it must start with `http://` or `https://`"
        );
        for url in [
            "",
            "://a",
            "1http://a",
            "http://",
            "http://a b",
            "http://[::1",
            "http://a:1:2",
            "http://a%41",
            "http://a:+1",
            "http://a/%4",
        ] {
            assert!(check(url).is_err(), "{url}");
        }
    }
}
