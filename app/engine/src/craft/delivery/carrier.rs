//! Who carries parcels, and where their way can be seen.

use crate::stored_enum;

stored_enum! {
    pub enum Carrier {
        VnPost = "vnpost",
        Ems = "ems",
        ViettelPost = "viettel_post",
        Ghn = "ghn",
        Ghtk = "ghtk",
        Dhl = "dhl",
        Other = "other",
    }
}

impl Carrier {
    /// As people call it; empty for another one.
    pub const fn name(self) -> &'static str {
        match self {
            Carrier::VnPost => "VNPost",
            Carrier::Ems => "EMS",
            Carrier::ViettelPost => "Viettel Post",
            Carrier::Ghn => "GHN",
            Carrier::Ghtk => "GHTK",
            Carrier::Dhl => "DHL",
            Carrier::Other => "",
        }
    }

    /// The carrier's page for a number. Numbers hold letters and digits alone, so nothing in them
    /// has to be escaped.
    pub fn track_url(self, number: &str) -> Option<String> {
        let plain = !number.is_empty() && number.bytes().all(|b| b.is_ascii_alphanumeric());
        let base = match self {
            Carrier::VnPost | Carrier::Ems => "https://vnpost.vn/tra-cuu-hanh-trinh/buu-pham?key=",
            Carrier::ViettelPost => "https://viettelpost.vn/tra-cuu-hanh-trinh-don/?code=",
            Carrier::Ghn => "https://donhang.ghn.vn/?order_code=",
            Carrier::Ghtk => "https://i.ghtk.vn/",
            Carrier::Dhl => "https://www.dhl.com/vn-en/home/tracking.html?tracking-id=",
            Carrier::Other => return None,
        };
        plain.then(|| format!("{base}{number}"))
    }
}
