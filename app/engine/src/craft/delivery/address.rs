//! Postal addresses: Vietnamese ones of two tiers, and foreign ones.

use serde::{Deserialize, Serialize};

use super::country::in_asia;
use super::error::{Field, Wrong, Wrongs, line_of};
use super::postcode;
use super::province::Province;
use super::rate::Zone;
use crate::country::Country;
use crate::phone::Phone;
use crate::{Locale, json_column};

const MAX_LINE: usize = 120;
const MAX_PLACE: usize = 60;

/// A country to which parcels go abroad.
fn abroad(code: &str) -> Option<Country> {
    code.parse().ok().filter(|country| *country != Country::VIETNAM)
}

/// A postcode as its country writes it; empty where it has none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Postcode(String);

impl Postcode {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where something is posted to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "in", rename_all = "snake_case", deny_unknown_fields)]
pub enum Address {
    Vietnam {
        street: String,
        ward: String,
        province: Province,
    },
    Abroad {
        lines: Vec<String>,
        postcode: Postcode,
        city: String,
        region: String,
        country: Country,
    },
}

json_column!(Address);

impl Address {
    pub fn zone(&self) -> Zone {
        match self {
            Address::Vietnam { province: Province::HaNoi, .. } => Zone::Hanoi,
            Address::Vietnam { .. } => Zone::Vietnam,
            Address::Abroad { country, .. } if in_asia(*country) => Zone::Asia,
            Address::Abroad { .. } => Zone::World,
        }
    }

    /// As it is written on a parcel: abroad the country stands last, in the language of the post.
    pub fn lines(&self) -> Vec<String> {
        match self {
            Address::Vietnam { street, ward, province } => {
                vec![street.clone(), format!("{ward}, {}", province.name())]
            }
            Address::Abroad { lines, postcode, city, region, country } => {
                let place = [postcode.as_str(), city.as_str(), region.as_str()];
                let place: Vec<&str> = place.into_iter().filter(|it| !it.is_empty()).collect();
                let mut all = lines.clone();
                all.push(place.join(" "));
                all.push(country.name(Locale::En).to_uppercase());
                all
            }
        }
    }
}

/// An address as it was typed; `country` is "VN" or a code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AddressInput {
    pub phone: String,
    pub country: String,
    pub street: String,
    pub ward: String,
    pub province: String,
    pub line1: String,
    pub line2: String,
    pub city: String,
    pub region: String,
    pub postcode: String,
}

impl AddressInput {
    /// Reads it, and the phone that the carrier calls.
    pub fn parse(&self, wrongs: &mut Wrongs) -> Option<(Address, Phone)> {
        let before = wrongs.len();
        let phone = match self.phone.parse::<Phone>() {
            Ok(phone) => Some(phone),
            Err(crate::phone::PhoneError::Empty) => {
                wrongs.push((Field::Phone, Wrong::Missing));
                None
            }
            Err(error) => {
                wrongs.push((Field::Phone, Wrong::Phone(error)));
                None
            }
        };
        let address = if self.country == "VN" {
            if phone.as_ref().is_some_and(|phone| !phone.is_vietnamese()) {
                wrongs.push((Field::Phone, Wrong::NotVietnamese));
            }
            self.vietnamese(wrongs)
        } else {
            self.abroad(wrongs)
        };
        address.zip(phone).filter(|_| wrongs.len() == before)
    }

    fn vietnamese(&self, wrongs: &mut Wrongs) -> Option<Address> {
        let street = line_of(&self.street, Field::Street, (MAX_LINE, true), wrongs);
        let ward = line_of(&self.ward, Field::Ward, (MAX_PLACE, true), wrongs);
        let province = Province::parse(&self.province);
        if province.is_none() {
            wrongs.push((Field::Province, Wrong::Missing));
        }
        Some(Address::Vietnam { street, ward, province: province? })
    }

    fn abroad(&self, wrongs: &mut Wrongs) -> Option<Address> {
        let country = abroad(&self.country);
        if country.is_none() {
            let missing = self.country.is_empty();
            wrongs.push((Field::Country, if missing { Wrong::Missing } else { Wrong::Choice }));
        }
        let first = line_of(&self.line1, Field::Line1, (MAX_LINE, true), wrongs);
        let second = line_of(&self.line2, Field::Line2, (MAX_LINE, false), wrongs);
        let city = line_of(&self.city, Field::City, (MAX_PLACE, true), wrongs);
        let region = line_of(&self.region, Field::Region, (MAX_PLACE, false), wrongs);
        let country = country?;
        let missing = self.postcode.trim().is_empty() && postcode::is_asked(country.code());
        let code = match postcode::read(country.code(), &self.postcode) {
            _ if missing => {
                wrongs.push((Field::Postcode, Wrong::Missing));
                String::new()
            }
            Ok(code) => code,
            Err(like) => {
                wrongs.push((Field::Postcode, Wrong::Postcode { like }));
                String::new()
            }
        };
        // Labels for abroad are printed and read in Latin letters.
        for (text, field) in [
            (&first, Field::Line1),
            (&second, Field::Line2),
            (&city, Field::City),
            (&region, Field::Region),
        ] {
            if text.chars().any(|c| c.is_alphabetic() && !is_latin(c)) {
                wrongs.push((field, Wrong::NotLatin));
            }
        }
        let lines = [first, second].into_iter().filter(|line| !line.is_empty()).collect();
        Some(Address::Abroad { lines, postcode: Postcode(code), city, region, country })
    }
}

/// Letters of the Latin script, with or without marks.
fn is_latin(c: char) -> bool {
    matches!(c, 'A'..='Z' | 'a'..='z' | 'ª' | 'º' | 'À'..='ɏ' | 'Ḁ'..='ỿ')
}

impl AddressInput {
    /// As a form has it again.
    pub fn of(address: Option<&Address>, phone: &str) -> AddressInput {
        let phone = phone.parse::<Phone>().map_or_else(|_| phone.to_owned(), |it| it.display());
        match address {
            Some(Address::Vietnam { street, ward, province }) => AddressInput {
                phone,
                country: "VN".into(),
                street: street.clone(),
                ward: ward.clone(),
                province: province.word().into(),
                ..AddressInput::default()
            },
            Some(Address::Abroad { lines, postcode, city, region, country }) => AddressInput {
                phone,
                country: country.code().into(),
                line1: lines.first().cloned().unwrap_or_default(),
                line2: lines.get(1).cloned().unwrap_or_default(),
                city: city.clone(),
                region: region.clone(),
                postcode: postcode.as_str().to_owned(),
                ..AddressInput::default()
            },
            None => AddressInput { phone, ..AddressInput::default() },
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn home() -> AddressInput {
        AddressInput {
            phone: "0912 345 678".into(),
            country: "VN".into(),
            street: " 12  ngõ 5  phố Huế ".into(),
            ward: "phường Hai Bà Trưng".into(),
            province: "ha-noi".into(),
            ..AddressInput::default()
        }
    }

    fn paris() -> AddressInput {
        AddressInput {
            phone: "+33 6 39 98 01 01".into(),
            country: "FR".into(),
            line1: "12 rue Oberkampf".into(),
            city: "Paris".into(),
            postcode: " 75 011 ".into(),
            ..AddressInput::default()
        }
    }

    fn wrongs(input: &AddressInput) -> Vec<Field> {
        let mut wrongs = Vec::new();
        let read = input.parse(&mut wrongs);
        assert_eq!(read.is_some(), wrongs.is_empty());
        wrongs.into_iter().map(|(field, _)| field).collect()
    }

    #[test]
    fn countries_abroad_are_found() {
        assert_eq!(abroad("FR").unwrap().name(Locale::Vi), "Pháp");
        assert!(abroad("VN").is_none() && abroad("XX").is_none());
        assert!(in_asia(abroad("JP").unwrap()) && !in_asia(abroad("FR").unwrap()));
    }

    #[test]
    fn a_vietnamese_address_has_two_tiers() {
        let (address, phone) = home().parse(&mut Vec::new()).unwrap();
        assert_eq!(address.lines(), ["12 ngõ 5 phố Huế", "phường Hai Bà Trưng, Hà Nội"]);
        assert_eq!((address.zone(), phone.as_str()), (Zone::Hanoi, "+84912345678"));
        let hue = AddressInput { province: "hue".into(), ..home() };
        assert_eq!(hue.parse(&mut Vec::new()).unwrap().0.zone(), Zone::Vietnam);
        assert_eq!(
            wrongs(&AddressInput { country: "VN".into(), ..AddressInput::default() }),
            [Field::Phone, Field::Street, Field::Ward, Field::Province]
        );
        assert_eq!(
            wrongs(&AddressInput { phone: "+33639980101".into(), ..home() }),
            [Field::Phone]
        );
    }

    #[test]
    fn a_foreign_address_is_as_its_country_has_it() {
        let (address, _) = paris().parse(&mut Vec::new()).unwrap();
        assert_eq!(address.lines(), ["12 rue Oberkampf", "75011 Paris", "FRANCE"]);
        assert_eq!(wrongs(&AddressInput { postcode: "7501".into(), ..paris() }), [Field::Postcode]);
        assert_eq!(wrongs(&AddressInput { postcode: String::new(), ..paris() }), [Field::Postcode]);
        assert_eq!(wrongs(&AddressInput { city: "서울".into(), ..paris() }), [Field::City]);
        assert_eq!(wrongs(&AddressInput { country: String::new(), ..paris() }), [Field::Country]);
    }

    proptest! {
        #[test]
        fn anything_can_be_typed_and_what_is_read_is_kept(
            line in "\\PC{0,140}", city in "\\PC{0,70}", code in "\\PC{0,14}", at in 0..Country::all(Locale::En).len(),
        ) {
            let country = Country::all(Locale::En)[at].0.code().to_owned();
            let input = AddressInput { country, line1: line, city, postcode: code, ..paris() };
            if let Some((address, phone)) = input.parse(&mut Vec::new()) {
                let json = serde_json::to_string(&address).unwrap();
                prop_assert_eq!(&serde_json::from_str::<Address>(&json).unwrap(), &address);
                let again = AddressInput::of(Some(&address), phone.as_str());
                prop_assert_eq!(again.parse(&mut Vec::new()).map(|(it, _)| it), Some(address));
            }
        }
    }
}
