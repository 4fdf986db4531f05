//! The 34 provinces and cities of Viet Nam since 1 July 2025 (Resolution 202/2025/QH15). Below them are
//! communes, wards and special zones; there are no districts any more.

use crate::stored_enum;

stored_enum! {
    pub enum Province {
        HaNoi = "ha-noi",
        AnGiang = "an-giang",
        BacNinh = "bac-ninh",
        CaMau = "ca-mau",
        CanTho = "can-tho",
        CaoBang = "cao-bang",
        DaNang = "da-nang",
        DakLak = "dak-lak",
        DienBien = "dien-bien",
        DongNai = "dong-nai",
        DongThap = "dong-thap",
        GiaLai = "gia-lai",
        HaTinh = "ha-tinh",
        HaiPhong = "hai-phong",
        HoChiMinh = "ho-chi-minh",
        Hue = "hue",
        HungYen = "hung-yen",
        KhanhHoa = "khanh-hoa",
        LaiChau = "lai-chau",
        LamDong = "lam-dong",
        LangSon = "lang-son",
        LaoCai = "lao-cai",
        NgheAn = "nghe-an",
        NinhBinh = "ninh-binh",
        PhuTho = "phu-tho",
        QuangNgai = "quang-ngai",
        QuangNinh = "quang-ninh",
        QuangTri = "quang-tri",
        SonLa = "son-la",
        TayNinh = "tay-ninh",
        ThaiNguyen = "thai-nguyen",
        ThanhHoa = "thanh-hoa",
        TuyenQuang = "tuyen-quang",
        VinhLong = "vinh-long",
    }
}

impl Province {
    /// As an address has it.
    pub const fn name(self) -> &'static str {
        use Province as P;
        match self {
            P::HaNoi => "Hà Nội",
            P::AnGiang => "An Giang",
            P::BacNinh => "Bắc Ninh",
            P::CaMau => "Cà Mau",
            P::CanTho => "Cần Thơ",
            P::CaoBang => "Cao Bằng",
            P::DaNang => "Đà Nẵng",
            P::DakLak => "Đắk Lắk",
            P::DienBien => "Điện Biên",
            P::DongNai => "Đồng Nai",
            P::DongThap => "Đồng Tháp",
            P::GiaLai => "Gia Lai",
            P::HaTinh => "Hà Tĩnh",
            P::HaiPhong => "Hải Phòng",
            P::HoChiMinh => "TP. Hồ Chí Minh",
            P::Hue => "Huế",
            P::HungYen => "Hưng Yên",
            P::KhanhHoa => "Khánh Hòa",
            P::LaiChau => "Lai Châu",
            P::LamDong => "Lâm Đồng",
            P::LangSon => "Lạng Sơn",
            P::LaoCai => "Lào Cai",
            P::NgheAn => "Nghệ An",
            P::NinhBinh => "Ninh Bình",
            P::PhuTho => "Phú Thọ",
            P::QuangNgai => "Quảng Ngãi",
            P::QuangNinh => "Quảng Ninh",
            P::QuangTri => "Quảng Trị",
            P::SonLa => "Sơn La",
            P::TayNinh => "Tây Ninh",
            P::ThaiNguyen => "Thái Nguyên",
            P::ThanhHoa => "Thanh Hóa",
            P::TuyenQuang => "Tuyên Quang",
            P::VinhLong => "Vĩnh Long",
        }
    }

    /// The six cities that are governed like provinces.
    pub const fn is_city(self) -> bool {
        use Province as P;
        matches!(self, P::HaNoi | P::CanTho | P::DaNang | P::HaiPhong | P::HoChiMinh | P::Hue)
    }

    /// For a list to choose from: the word, and the name.
    pub fn choices() -> Vec<(String, String)> {
        Self::ALL.iter().map(|it| (it.word().to_owned(), it.name().to_owned())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_six_cities_and_twenty_eight_provinces() {
        assert_eq!(Province::ALL.len(), 34);
        assert_eq!(Province::ALL.iter().filter(|it| it.is_city()).count(), 6);
        for it in Province::ALL {
            let word = crate::text::slug(it.name().trim_start_matches("TP. "));
            assert_eq!(word, it.word());
        }
    }
}
