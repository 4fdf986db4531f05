//! Which addresses people may make the server call: public ones, so that nobody reaches through
//! it into the house it stands in.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use super::Failure;

/// Longest address taken, in bytes.
const MAX_LENGTH: usize = 2_000;

/// Reads an address as somebody typed it. `webcal://`, with which calendar programs mark what can
/// be subscribed to, means https.
pub(super) fn parse(text: &str, local: bool) -> Result<Url, Failure> {
    let text = text.trim();
    let subscribed = ["webcal://", "webcals://"]
        .iter()
        .find_map(|scheme| text.get(..scheme.len()).filter(|it| it.eq_ignore_ascii_case(scheme)))
        .map(|scheme| format!("https://{}", &text[scheme.len()..]));
    let text = subscribed.as_deref().unwrap_or(text);
    if text.len() > MAX_LENGTH {
        return Err(Failure::NoAddress);
    }
    let url = Url::parse(text).map_err(|_| Failure::NoAddress)?;
    check(&url, local)?;
    Ok(url)
}

/// What can be told without asking the name service; names are looked at again when they are
/// resolved. Redirects come here too.
pub(super) fn check(url: &Url, local: bool) -> Result<(), Failure> {
    let secure = match url.scheme() {
        "https" => true,
        "http" => local,
        _ => return Err(Failure::NoAddress),
    };
    if !secure {
        return Err(Failure::NotHttps);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Failure::NoAddress);
    }
    let ip = match url.host() {
        Some(Host::Domain(name)) if !name.is_empty() => None,
        Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
        Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
        Some(Host::Domain(_)) | None => return Err(Failure::NoAddress),
    };
    if local {
        return Ok(());
    }
    // Web servers listen there; mail servers and the like do not.
    let port = url.port_or_known_default().unwrap_or(0);
    let web = port == 80 || port == 443 || port >= 1024;
    if !web || ip.is_some_and(|ip| !is_public(ip)) {
        return Err(Failure::Private);
    }
    Ok(())
}

/// Whether an address belongs to the internet at large (IANA's registries of special-purpose
/// addresses, RFC 6890). Addresses that carry an IPv4 one are judged by that.
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = ip.is_loopback()
        || ip.is_private()
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_broadcast()
        || ip.is_documentation()
        || a == 0
        // Shared by customers of a provider (RFC 6598).
        || (a == 100 && (64..128).contains(&b))
        || (a, b, c) == (192, 0, 0)
        // Old relays of 6to4.
        || (a, b, c) == (192, 88, 99)
        // Measurements (RFC 2544).
        || (a == 198 && (b == 18 || b == 19))
        || a >= 240;
    !special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    if let Some(v4) = ip.to_ipv4_mapped() {
        return is_public_v4(v4);
    }
    let parts = ip.segments();
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    match parts {
        // NAT64 (RFC 6052) and 6to4 (RFC 3056).
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            is_public_v4(v4(high, low))
        }
        // Teredo and other protocol assignments, documentation.
        [0x2001, second, ..] if second < 0x200 || second == 0xdb8 => false,
        // Only 2000::/3 is given out; ::1, fc00::/7, fe80::/10, ff00::/8 and the like lie outside.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_house_are_not_public() {
        let inside = [
            "127.0.0.1",
            "127.8.8.8",
            "10.0.0.7",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "0.1.2.3",
            "100.64.0.1",
            "100.127.9.9",
            "192.0.0.8",
            "192.0.2.1",
            "198.18.0.1",
            "198.51.100.4",
            "203.0.113.9",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2002:a00:1::1",
            "2001::1",
            "2001:db8::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ];
        for ip in inside {
            assert!(!is_public(ip.parse().unwrap()), "{ip}");
        }
        let outside = [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.0.1",
            "100.128.0.1",
            "172.32.0.1",
            "192.1.0.1",
            "198.20.0.1",
            "2606:4700::1111",
            "2a00:1450:4001::200e",
            "64:ff9b::808:808",
        ];
        for ip in outside {
            assert!(is_public(ip.parse().unwrap()), "{ip}");
        }
    }

    #[test]
    fn only_public_addresses_by_https_are_taken() {
        let refused = |text| parse(text, false).unwrap_err();
        assert_eq!(refused("http://example.com/a.ics"), Failure::NotHttps);
        assert_eq!(refused("https://127.0.0.1/a.ics"), Failure::Private);
        // The same address as people write it to get around a filter.
        assert_eq!(refused("https://0x7f.1/a.ics"), Failure::Private);
        assert_eq!(refused("https://2130706433/"), Failure::Private);
        assert_eq!(refused("https://[::ffff:10.0.0.1]/"), Failure::Private);
        assert_eq!(refused("https://example.com:25/"), Failure::Private);
        assert_eq!(refused("https://user:word@example.com/"), Failure::NoAddress);
        assert_eq!(refused("file:///etc/passwd"), Failure::NoAddress);
        assert_eq!(refused("calendar"), Failure::NoAddress);
        assert_eq!(refused("https://"), Failure::NoAddress);
        let taken = |text| parse(text, false).unwrap().to_string();
        assert_eq!(taken(" webcal://example.com/a.ics "), "https://example.com/a.ics");
        assert_eq!(taken("WEBCAL://example.com/ă.ics"), "https://example.com/%C4%83.ics");
        assert!(parse("http://127.0.0.1:9/a.ics", true).is_ok());
    }
}
