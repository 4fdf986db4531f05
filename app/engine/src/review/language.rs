//! The language of a guest's words: said by the guest, and corrected where the script says otherwise.

use crate::stored_enum;

stored_enum! {
    /// Named as a `lang` attribute names it.
    pub enum Language {
        Vi = "vi",
        En = "en",
        Ko = "ko",
        Zh = "zh",
        Ja = "ja",
        Fr = "fr",
        De = "de",
        Es = "es",
        Ru = "ru",
    }
}

impl Language {
    /// As its speakers call it.
    pub const fn native_name(self) -> &'static str {
        match self {
            Language::Vi => "Tiếng Việt",
            Language::En => "English",
            Language::Ko => "한국어",
            Language::Zh => "中文",
            Language::Ja => "日本語",
            Language::Fr => "Français",
            Language::De => "Deutsch",
            Language::Es => "Español",
            Language::Ru => "Русский",
        }
    }

    /// The language of a text for which its author chose one, which may be no more than what the form
    /// began with. A script that only one of the languages is written in decides.
    #[must_use]
    pub fn of(text: &str, chosen: Language) -> Language {
        let (mut hangul, mut kana, mut han, mut cyrillic, mut latin) = (0, 0, 0, 0, 0);
        for c in text.chars() {
            match c {
                '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7af}' => hangul += 1,
                '\u{3040}'..='\u{30ff}' => kana += 1,
                '\u{4e00}'..='\u{9fff}' => han += 1,
                '\u{0400}'..='\u{04ff}' => cyrillic += 1,
                _ if c.is_alphabetic() => latin += 1,
                _ => {}
            }
        }
        // A name in another script makes no other language; East Asian words are short.
        let most = [hangul, kana + han, cyrillic].into_iter().max().unwrap_or(0);
        if most * 2 < latin {
            return match chosen {
                Language::Ko | Language::Zh | Language::Ja | Language::Ru => Self::latin(text),
                written => written,
            };
        }
        if most == 0 {
            return chosen;
        }
        if hangul == most {
            Language::Ko
        } else if cyrillic == most {
            Language::Ru
        } else if kana > 0 || chosen == Language::Ja {
            Language::Ja
        } else {
            Language::Zh
        }
    }

    fn latin(text: &str) -> Language {
        let vietnamese =
            |c: char| matches!(c, 'đ' | 'Đ' | 'ơ' | 'Ơ' | 'ư' | 'Ư' | '\u{1ea0}'..='\u{1ef9}');
        if text.chars().any(vietnamese) { Language::Vi } else { Language::En }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_that_one_language_has_decides() {
        use Language::{De, En, Fr, Ja, Ko, Ru, Vi, Zh};
        for (text, chosen, is) in [
            ("Một buổi sáng thật vui!", Vi, Vi),
            ("Une belle matinée à Bát Tràng.", Fr, Fr),
            ("Ein schöner Vormittag", De, De),
            ("도자기 체험이 정말 즐거웠어요. Minh Hải 선생님 감사합니다!", En, Ko),
            ("とても楽しい体験でした。", En, Ja),
            ("陶芸体験最高", Ja, Ja),
            ("老师很耐心，孩子很喜欢。", Vi, Zh),
            ("Очень понравилось!", En, Ru),
            ("We met 김서연 there and had tea together.", En, En),
            ("Thật tuyệt, cảm ơn cô chú.", Ko, Vi),
            ("Lovely.", Ja, En),
            ("👍 5/5", Ko, Ko),
        ] {
            assert_eq!(Language::of(text, chosen), is, "{text}");
        }
    }
}
