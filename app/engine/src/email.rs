//! Addresses that mail can be sent to.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Longest address that fits an SMTP path (RFC 5321 section 4.5.3.1.3, without the brackets).
const MAX_LENGTH: usize = 254;
const MAX_LOCAL: usize = 64;
const MAX_LABEL: usize = 63;

/// An e-mail address such as `chau@example.com`, its domain in lower case.
///
/// Plain ASCII, without quotes, comments or bracketed hosts: the addresses people have, and
/// nothing that could end a header line. A domain with accents is written in its `xn--` form.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

/// Why a text is not an e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    #[error("no e-mail address given")]
    Empty,
    #[error("an e-mail address has one @, with a name before it")]
    NoAt,
    /// Mostly an accent that a Vietnamese keyboard left in.
    #[error("an e-mail address cannot contain {0:?}")]
    Character(char),
    #[error("a dot is missing a name beside it")]
    Dots,
    #[error("the part after the @ is not a domain such as example.com")]
    Domain,
    #[error("the address is too long")]
    TooLong,
}

impl Email {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part after the `@`, in lower case.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

impl FromStr for Email {
    type Err = EmailError;

    fn from_str(text: &str) -> Result<Email, EmailError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(EmailError::Empty);
        }
        if let Some(c) = text.chars().find(|c| !c.is_ascii_graphic()) {
            return Err(EmailError::Character(c));
        }
        let (local, domain) = text.split_once('@').ok_or(EmailError::NoAt)?;
        if local.is_empty() || domain.contains('@') {
            return Err(EmailError::NoAt);
        }
        if text.len() > MAX_LENGTH || local.len() > MAX_LOCAL {
            return Err(EmailError::TooLong);
        }
        // The atoms of RFC 5322 section 3.2.3.
        if let Some(c) = local.chars().find(|c| r#"()<>[]:;,\""#.contains(*c)) {
            return Err(EmailError::Character(c));
        }
        if local.split('.').any(str::is_empty) {
            return Err(EmailError::Dots);
        }
        let domain = domain.to_ascii_lowercase();
        if is_domain(&domain) {
            Ok(Email(format!("{local}@{domain}")))
        } else {
            Err(EmailError::Domain)
        }
    }
}

/// At least two labels of letters, digits and inner hyphens, the last not a number.
fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        (1..=MAX_LABEL).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let Some((_, top)) = domain.rsplit_once('.') else {
        return false;
    };
    domain.split('.').all(label) && top.len() >= 2 && top.bytes().any(|b| b.is_ascii_alphabetic())
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Email {
    type Error = EmailError;

    fn try_from(text: String) -> Result<Email, EmailError> {
        text.parse()
    }
}

impl From<Email> for String {
    fn from(email: Email) -> String {
        email.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_people_have_are_taken() {
        for (text, kept) in [
            ("chau@example.com", "chau@example.com"),
            ("  Chau.Nguyen+tour@Example.COM\n", "Chau.Nguyen+tour@example.com"),
            ("o'brien_1@mail.co.uk", "o'brien_1@mail.co.uk"),
            ("a@xn--lng-ngh-8va1p.vn", "a@xn--lng-ngh-8va1p.vn"),
            ("1@163.com", "1@163.com"),
        ] {
            let email: Email = text.parse().unwrap();
            assert_eq!(email.as_str(), kept);
            assert_eq!(email.domain(), kept.split_once('@').unwrap().1);
        }
    }

    #[test]
    fn what_is_no_address_is_told_apart() {
        for (text, error) in [
            ("", EmailError::Empty),
            ("  ", EmailError::Empty),
            ("example.com", EmailError::NoAt),
            ("@example.com", EmailError::NoAt),
            ("a@b@example.com", EmailError::NoAt),
            ("châu@example.com", EmailError::Character('â')),
            ("chau@làng.vn", EmailError::Character('à')),
            ("chau @example.com", EmailError::Character(' ')),
            ("a@example.com\r\nBcc: b@example.com", EmailError::Character('\r')),
            ("a@example.com\nb", EmailError::Character('\n')),
            ("a\0@example.com", EmailError::Character('\0')),
            ("\"a\"@example.com", EmailError::Character('"')),
            ("<a@example.com>", EmailError::Character('<')),
            ("a,b@example.com", EmailError::Character(',')),
            (".a@example.com", EmailError::Dots),
            ("a..b@example.com", EmailError::Dots),
            ("a.@example.com", EmailError::Dots),
            ("a@", EmailError::Domain),
            ("a@localhost", EmailError::Domain),
            ("a@example.com.", EmailError::Domain),
            ("a@.com", EmailError::Domain),
            ("a@-x.com", EmailError::Domain),
            ("a@x-.com", EmailError::Domain),
            ("a@exam_ple.com", EmailError::Domain),
            ("a@example.c", EmailError::Domain),
            ("a@127.0.0.1", EmailError::Domain),
            ("a@[127.0.0.1]", EmailError::Domain),
        ] {
            assert_eq!(text.parse::<Email>(), Err(error), "{text:?}");
        }
    }

    #[test]
    fn lengths_are_those_of_smtp() {
        let address = |local: usize, labels: usize| {
            format!("{}@{}com", "a".repeat(local), format!("{}.", "b".repeat(31)).repeat(labels))
        };
        assert!(address(64, 1).parse::<Email>().is_ok());
        assert_eq!(address(65, 1).parse::<Email>(), Err(EmailError::TooLong));
        assert_eq!(address(58, 6).len(), 254);
        assert!(address(58, 6).parse::<Email>().is_ok());
        assert_eq!(address(59, 6).parse::<Email>(), Err(EmailError::TooLong));
        let label = |n: usize| format!("a@{}.com", "b".repeat(n)).parse::<Email>();
        assert!(label(63).is_ok());
        assert_eq!(label(64), Err(EmailError::Domain));
    }

    #[test]
    fn stored_as_a_string() {
        let email: Email = serde_json::from_str("\" a@Example.com\"").unwrap();
        assert_eq!(serde_json::to_string(&email).unwrap(), "\"a@example.com\"");
        assert!(serde_json::from_str::<Email>("\"a\"").is_err());
    }

    proptest! {
        #[test]
        fn whatever_is_taken_can_be_sent_to(text in "[ -~]{1,12}@[a-zA-Z0-9.-]{1,12}\\.[a-z0-9]{1,4}") {
            if let Ok(email) = text.parse::<Email>() {
                prop_assert!(email.as_str().parse::<lettre::Address>().is_ok());
                prop_assert_eq!(email.as_str().parse::<Email>(), Ok(email.clone()));
            }
        }

        #[test]
        fn any_text_is_answered(text: String) {
            let taken = text.parse::<Email>();
            prop_assert!(taken.is_err() || text.trim().is_ascii());
        }
    }
}
