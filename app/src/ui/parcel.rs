//! Parcels as pages show them: words, addresses as they are typed, what is wrong with them.

use engine::country::Country;
use engine::craft::delivery::{
    AddressInput, Carrier, Field, Parcel, ParcelError, ParcelState, Pays, Province, Way, WishInput,
    Wrong, Zone,
};
use engine::{Dong, Locale};
use leptos::prelude::*;

use super::field::{FieldError, FormKey, Hidden, Radios, Select, TextField};
use crate::api::form::{Form, Problems, fresh_key};
use crate::error::PageError;
use crate::t::parcel as t;

pub fn pays(locale: Locale, pays: Pays) -> &'static str {
    match pays {
        Pays::Free => t::pays_free(locale),
        Pays::Transfer => t::pays_transfer(locale),
        Pays::Cash => t::pays_cash(locale),
        Pays::Receiver => t::pays_receiver(locale),
    }
}

pub fn zone(locale: Locale, zone: Zone) -> &'static str {
    match zone {
        Zone::Hanoi => t::zone_hanoi(locale),
        Zone::Vietnam => t::zone_vietnam(locale),
        Zone::Asia => t::zone_asia(locale),
        Zone::World => t::zone_world(locale),
    }
}

pub fn carrier(locale: Locale, carrier: Carrier) -> &'static str {
    match carrier {
        Carrier::Other => t::carrier_other(locale),
        known => known.name(),
    }
}

pub fn badge(locale: Locale, parcel: &Parcel) -> impl IntoView + use<> {
    let collect = parcel.way == Way::Collect;
    let (tone, words) = match parcel.state {
        ParcelState::Open if collect => ("silk", t::state_collect(locale)),
        ParcelState::Open => ("silk", t::state_open(locale)),
        ParcelState::Packed => ("silk", t::state_packed(locale)),
        ParcelState::Posted => ("indigo", t::state_posted(locale)),
        ParcelState::Arrived if collect => ("celadon", t::state_collected(locale)),
        ParcelState::Arrived => ("celadon", t::state_arrived(locale)),
        ParcelState::Cancelled => ("lacquer", t::state_cancelled(locale)),
    };
    view! { <span class="badge" data-tone=tone>{words}</span> }
}

/// "560.000 ₫, bằng chuyển khoản, đã trả".
pub fn cost(locale: Locale, parcel: &Parcel) -> String {
    if parcel.way == Way::Collect || parcel.pays == Pays::Free {
        return t::pays_free(locale).to_owned();
    }
    let sum = format!("{}, {}", parcel.cost.display(locale), pays(locale, parcel.pays));
    match parcel.pays {
        Pays::Receiver => sum,
        _ if parcel.is_paid() => format!("{sum}, {}", t::paid(locale)),
        _ if parcel.paid > Dong::ZERO => {
            format!("{sum}, {}", t::partly_paid(locale, parcel.open().display(locale)))
        }
        _ => format!("{sum}, {}", t::unpaid(locale)),
    }
}

/// Name, address and phone, a line each.
pub fn written(parcel: &Parcel) -> Option<impl IntoView + use<>> {
    let address = parcel.address.as_ref()?;
    let phone = parcel.recipient.phone.parse::<engine::phone::Phone>();
    let phone = phone.map_or_else(|_| String::new(), |phone| phone.display_abroad());
    let mut lines = vec![parcel.recipient.name.clone()];
    lines.extend(address.lines());
    lines.push(phone);
    let lines = lines.into_iter().filter(|line| !line.is_empty());
    let lines = lines.map(|line| view! { <span class="address-line">{line}</span> }).collect_view();
    Some(view! { <address class="address">{lines}</address> })
}

pub fn typed(form: &Form) -> AddressInput {
    let text = |name: &str| form.text(name).to_owned();
    AddressInput {
        phone: text("phone"),
        country: if text("where") == "vn" { "VN".into() } else { text("country") },
        street: text("street"),
        ward: text("ward"),
        province: text("province"),
        line1: text("line1"),
        line2: text("line2"),
        city: text("city"),
        region: text("region"),
        postcode: text("postcode"),
    }
}

/// An address as a form's fields.
pub fn pairs(address: &AddressInput) -> Vec<(String, String)> {
    let abroad = !address.country.is_empty() && address.country != "VN";
    let country = if abroad { address.country.clone() } else { String::new() };
    [
        ("where", if abroad { "abroad" } else { "vn" }.to_owned()),
        ("phone", address.phone.clone()),
        ("country", country),
        ("street", address.street.clone()),
        ("ward", address.ward.clone()),
        ("province", address.province.clone()),
        ("line1", address.line1.clone()),
        ("line2", address.line2.clone()),
        ("city", address.city.clone()),
        ("region", address.region.clone()),
        ("postcode", address.postcode.clone()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec()
}

/// The fields of a Vietnamese and of a foreign address; a style sheet shows those of the kind that is
/// chosen, and without one both are there.
pub fn address_fields(locale: Locale, form: &Form, wrong: &Problems) -> impl IntoView + use<> {
    let value = |name: &str| form.text(name).to_owned();
    let mut provinces = vec![(String::new(), t::choose(locale).to_owned())];
    provinces.extend(Province::choices());
    let mut countries = vec![(String::new(), t::choose(locale).to_owned())];
    let abroad = Country::all(locale).into_iter().filter(|(it, _)| *it != Country::VIETNAM);
    countries.extend(abroad.map(|(it, name)| (it.code().to_owned(), name.to_owned())));
    view! {
        <div class="address-vn form">
            <TextField locale name="street" label=t::street(locale) hint=t::street_hint(locale)
                autocomplete="address-line1" value=value("street") error=wrong.of("street")/>
            <TextField locale name="ward" label=t::ward(locale) hint=t::ward_hint(locale)
                value=value("ward") error=wrong.of("ward")/>
            <Select locale name="province" label=t::province(locale) options=provinces
                value=value("province") error=wrong.of("province")/>
        </div>
        <div class="address-abroad form">
            <Select locale name="country" label=t::country(locale) options=countries
                autocomplete="country" value=value("country") error=wrong.of("country")/>
            <TextField locale name="line1" label=t::line1(locale) hint=t::line1_hint(locale)
                value=value("line1") error=wrong.of("line1")/>
            <TextField locale name="line2" label=t::line2(locale) optional=true
                autocomplete="address-line2" value=value("line2") error=wrong.of("line2")/>
            <div class="field-row">
                <TextField locale name="postcode" label=t::postcode(locale) short=true
                    hint=t::postcode_hint(locale) autocomplete="postal-code"
                    value=value("postcode") error=wrong.of("postcode")/>
                <TextField locale name="city" label=t::city(locale) autocomplete="address-level2"
                    value=value("city") error=wrong.of("city")/>
            </div>
            <TextField locale name="region" label=t::region(locale) optional=true
                autocomplete="address-level1" value=value("region") error=wrong.of("region")/>
        </div>
        <TextField locale name="phone" label=t::phone(locale) hint=t::phone_hint(locale)
            kind="tel" autocomplete="tel" value=value("phone") error=wrong.of("phone")/>
    }
}

/// What was typed into the form of the way home.
pub fn wish(form: &Form) -> WishInput {
    WishInput {
        way: form.text("way").to_owned(),
        recipient: form.text("recipient").to_owned(),
        address: typed(form),
        pays: form.text("pays").to_owned(),
    }
}

/// What that form begins with: the wish as it stands, or whom a new one is for.
pub fn begin(open: Option<&Parcel>, usual: AddressInput, name: &str) -> Vec<(String, String)> {
    let (address, name, way, pays) = match open {
        Some(parcel) => (
            AddressInput::of(parcel.address.as_ref(), &parcel.recipient.phone),
            parcel.recipient.name.as_str(),
            parcel.way.word(),
            parcel.pays.word(),
        ),
        None => (usual, name, "", ""),
    };
    let mut pairs = pairs(&address);
    let own = [("recipient", name), ("way", way), ("pays", pays)];
    pairs.extend(own.map(|(name, value)| (name.to_owned(), value.to_owned())));
    pairs
}

/// In Viet Nam or abroad.
pub fn places(locale: Locale) -> Vec<(String, String)> {
    vec![
        ("vn".to_owned(), t::in_vietnam(locale).to_owned()),
        ("abroad".to_owned(), t::abroad(locale).to_owned()),
    ]
}

/// Collected or posted, where to, and who pays in which of these ways. The page takes `act=send`;
/// `enctype` where its other forms carry files.
pub fn send_form(
    locale: Locale,
    page: String,
    enctype: Option<&'static str>,
    ways_to_pay: &[Pays],
    form: &Form,
    wrong: &Problems,
) -> impl IntoView + use<> {
    let value = |name: &str| form.text(name).to_owned();
    let ways = vec![
        (Way::Collect.to_string(), t::way_collect(locale).to_owned()),
        (Way::Post.to_string(), t::way_post(locale).to_owned()),
    ];
    let who_pays: Vec<(String, String)> =
        ways_to_pay.iter().map(|way| (way.to_string(), pays(locale, *way).to_owned())).collect();
    let who_pays = match ways_to_pay {
        [Pays::Free] => view! { <p class="soft">{t::free_hint(locale)}</p> }.into_any(),
        _ => view! {
            <Radios name="pays" label=t::who_pays(locale) options=who_pays
                value=value("pays") error=wrong.of("pays")/>
            <p class="field-hint">{t::cost_hint(locale)}</p>
        }
        .into_any(),
    };
    view! {
        <form class="form send-form" method="post" action=page enctype=enctype novalidate>
            <Hidden name="act" value="send"/>
            <FormKey key=fresh_key()/>
            <Radios name="way" label=t::way(locale) options=ways value=value("way") error=wrong.of("way")/>
            <div class="send-post form">
                <TextField locale name="recipient" label=t::recipient(locale) autocomplete="name"
                    value=value("recipient") error=wrong.of("recipient")/>
                <Radios name="where" label=t::where_to(locale) options=places(locale) value=value("where")/>
                {address_fields(locale, form, wrong)}
                {who_pays}
                <p class="field-hint">{t::privacy_hint(locale)}</p>
            </div>
            <div><button class="btn btn-primary">{t::save_wish(locale)}</button></div>
        </form>
    }
}

/// Errors of a group are shown at its legend.
pub fn group_error(wrong: &Problems, name: &'static str) -> impl IntoView + use<> {
    let text = wrong.of(name);
    view! { <FieldError id=name text/> }
}

pub fn name_of(field: Field) -> &'static str {
    match field {
        Field::Way => "way",
        Field::Recipient => "recipient",
        Field::Phone => "phone",
        Field::Street => "street",
        Field::Ward => "ward",
        Field::Province => "province",
        Field::Line1 => "line1",
        Field::Line2 => "line2",
        Field::City => "city",
        Field::Region => "region",
        Field::Postcode => "postcode",
        Field::Country => "country",
        Field::Pays | Field::PaysOffered => "pays",
        Field::Carrier => "carrier",
        Field::Tracking => "tracking",
        Field::Cost => "cost",
        Field::Grams => "grams",
        Field::Rate(Zone::Hanoi) => "rate_hanoi",
        Field::Rate(Zone::Vietnam) => "rate_vietnam",
        Field::Rate(Zone::Asia) => "rate_asia",
        Field::Rate(Zone::World) => "rate_world",
    }
}

pub fn words_of(locale: Locale, field: Field, wrong: Wrong) -> String {
    let label = match field {
        Field::Recipient => t::recipient(locale),
        Field::Phone => t::phone(locale),
        Field::Street => t::street(locale),
        Field::Ward => t::ward(locale),
        Field::Province => t::province(locale),
        Field::Line1 => t::line1(locale),
        Field::City => t::city(locale),
        Field::Postcode => t::postcode(locale),
        Field::Country => t::country(locale),
        Field::Carrier => t::carrier(locale),
        Field::Tracking => t::tracking(locale),
        _ => "",
    };
    match wrong {
        Wrong::Missing if field == Field::Way => t::wrong_way(locale).to_owned(),
        Wrong::Missing if label.is_empty() => t::wrong_choose(locale).to_owned(),
        Wrong::Missing => t::wrong_missing(locale, label),
        Wrong::TooLong { max } => t::wrong_too_long(locale, i64::try_from(max).unwrap_or(i64::MAX)),
        Wrong::Choice if field == Field::Tracking => t::wrong_tracking(locale).to_owned(),
        Wrong::Choice => t::wrong_choose(locale).to_owned(),
        Wrong::Phone(_) => t::wrong_phone(locale).to_owned(),
        Wrong::NotVietnamese => t::wrong_not_vietnamese(locale).to_owned(),
        Wrong::Postcode { like } => t::wrong_postcode(locale, example(like)),
        Wrong::NotLatin => t::wrong_not_latin(locale).to_owned(),
        Wrong::NotPosted => t::wrong_not_posted(locale).to_owned(),
        Wrong::Amount => t::wrong_amount(locale).to_owned(),
        Wrong::Number { min, max } => t::wrong_number(locale, max, min),
        Wrong::Steps => t::wrong_steps(locale).to_owned(),
    }
}

/// "99-999" as a person would write one: "12-345".
fn example(like: &str) -> String {
    let (mut digits, mut letters) = ("1234567890".chars().cycle(), "ABCDEF".chars().cycle());
    let place = |c: char| match c {
        '9' => digits.next(),
        'A' => letters.next(),
        other => Some(other),
    };
    like.chars().filter_map(place).collect()
}

/// What stands against it, beside its fields.
pub fn problems(locale: Locale, error: ParcelError) -> Result<Problems, PageError> {
    let mut problems = Problems::default();
    match error {
        ParcelError::Store(error) => return Err(error.into()),
        ParcelError::Forbidden(_) | ParcelError::Unknown => return Err(PageError::NotFound),
        ParcelError::Fields(wrongs) => {
            for (field, wrong) in wrongs {
                problems.add(name_of(field), words_of(locale, field, wrong));
            }
        }
        ParcelError::Paid => problems.add("main", t::wrong_paid(locale)),
        ParcelError::State | ParcelError::Ledger(_) => {
            problems.add("main", t::wrong_state(locale));
        }
    }
    Ok(problems)
}
