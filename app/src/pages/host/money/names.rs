//! Parties, rules and troubles in words.

use std::collections::HashMap;

use chrono::NaiveDate;
use engine::catalogue::Catalogue;
use engine::ledger::{
    EntryKind, Field, How, LedgerError, Method, Party, PartyKind, Share, Shares, Side, SplitRule,
    Wrong, Wrongs, percent,
};
use engine::store::Conn;
use engine::{CoopId, Locale, PartyId, coop};

use crate::api::form::Problems;
use crate::error::PageError;
use crate::t::money as t;
use crate::ui::format;
pub use crate::ui::money::typed;

pub fn kind(locale: Locale, kind: PartyKind) -> &'static str {
    match kind {
        PartyKind::Workshop => t::kind_workshop(locale),
        PartyKind::Guide => t::kind_guide(locale),
        PartyKind::Reseller => t::kind_reseller(locale),
        PartyKind::Designer => t::kind_designer(locale),
        PartyKind::CoopFund => t::kind_coop_fund(locale),
        PartyKind::VillageFund => t::kind_village_fund(locale),
        PartyKind::Guests => t::kind_guests(locale),
        PartyKind::GiftCards => t::kind_gift_cards(locale),
    }
}

pub fn entry_kind(locale: Locale, kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Visit => t::entry_visit(locale),
        EntryKind::Correction => t::entry_correction(locale),
        EntryKind::Adjustment => t::entry_adjustment(locale),
        EntryKind::Payout => t::entry_payout(locale),
        EntryKind::Reversal => t::entry_reversal(locale),
        EntryKind::Prepayment => t::entry_prepayment(locale),
        EntryKind::Refund => t::entry_refund(locale),
        EntryKind::Kept => t::entry_kept(locale),
        EntryKind::CardSold => t::entry_card_sold(locale),
        EntryKind::CardReturned => t::entry_card_returned(locale),
        EntryKind::CardExpired => t::entry_card_expired(locale),
        EntryKind::CommissionPaid => crate::t::commission::entry_paid(locale),
        EntryKind::CommissionReturned => crate::t::commission::entry_returned(locale),
        EntryKind::CommissionEarned => crate::t::commission::entry_earned(locale),
        EntryKind::CommissionKept => crate::t::commission::entry_kept(locale),
        EntryKind::OrderPaid => crate::t::shop::entry_order_paid(locale),
        EntryKind::OrderRefund => crate::t::shop::entry_order_refund(locale),
        EntryKind::Sale => crate::t::shop::entry_sale(locale),
        EntryKind::SaleBack => crate::t::shop::entry_sale_back(locale),
    }
}

pub fn method(locale: Locale, method: Method) -> &'static str {
    match method {
        Method::Cash => t::method_cash(locale),
        Method::Transfer => t::method_transfer(locale),
        Method::Other => t::method_other(locale),
        Method::GiftCard => t::method_gift_card(locale),
    }
}

pub fn side(locale: Locale, side: Side) -> &'static str {
    match side {
        Side::Prepaid => t::sum_prepaid(locale),
        Side::Takings => t::side_takings(locale),
        Side::Share => t::side_share(locale),
        Side::Adjusted => t::side_adjusted(locale),
        Side::Paid => t::side_paid(locale),
    }
}

/// Names of parties, looked up together.
#[derive(Debug, Clone, Default)]
pub struct Names(HashMap<PartyId, String>);

impl Names {
    pub async fn load(
        conn: &mut Conn,
        locale: Locale,
        catalogue: &Catalogue,
        parties: &[Party],
    ) -> Result<Names, PageError> {
        let mut coops: HashMap<CoopId, String> = HashMap::new();
        let mut names = HashMap::new();
        for party in parties {
            if let Some(id) = party.coop_id
                && !coops.contains_key(&id)
                && let Some(coop) = coop::by_id(conn, id).await?
            {
                coops.insert(id, coop.name);
            }
            let name = match party.kind {
                PartyKind::Workshop => party
                    .workshop_id
                    .and_then(|id| catalogue.workshop(id))
                    .map(|workshop| workshop.name.clone()),
                PartyKind::Guide | PartyKind::Reseller | PartyKind::Designer => {
                    Some(party.name.clone())
                }
                PartyKind::CoopFund => party
                    .coop_id
                    .and_then(|id| coops.get(&id))
                    .map(|coop| t::coop_fund_of(locale, coop)),
                PartyKind::Guests | PartyKind::GiftCards => {
                    Some(kind(locale, party.kind).to_owned())
                }
                PartyKind::VillageFund => party
                    .village_id
                    .and_then(|id| catalogue.village(id))
                    .map(|village| t::village_fund_of(locale, village.name.text(locale))),
            };
            names.insert(party.id, name.unwrap_or_else(|| kind(locale, party.kind).to_owned()));
        }
        Ok(Names(names))
    }

    pub fn of(&self, party: PartyId) -> String {
        self.0.get(&party).cloned().unwrap_or_default()
    }
}

/// "12,5%"; "100.000 ₫ mỗi lượt đặt".
fn how(locale: Locale, how: How) -> Option<String> {
    match how {
        How::Percent(hundredths) => {
            let writing = locale.writing();
            Some(writing.percent(percent(hundredths, writing.decimal)))
        }
        How::Visit(amount) => Some(t::how_visit(locale, amount.display(locale))),
        How::Person(amount) => Some(t::how_person(locale, amount.display(locale))),
        How::Rest => None,
    }
}

/// Whose share a line of a rule is: "Hướng dẫn viên", or the reseller's name.
pub fn shared_with(locale: Locale, share: &Share) -> String {
    match share.to {
        PartyKind::Reseller => share.name.clone(),
        PartyKind::Designer => format!("{} {}", kind(locale, share.to), share.name),
        other => kind(locale, other).to_owned(),
    }
}

/// One line of a rule: "Quỹ tổ hợp tác: 5%".
pub fn share(locale: Locale, share: &Share) -> String {
    let party = shared_with(locale, share);
    match how(locale, share.how) {
        Some(words) => t::how_some(locale, party, words),
        None => t::how_rest(locale, party),
    }
}

/// "Hướng dẫn viên: 10%; Xưởng: phần còn lại".
pub fn shares(locale: Locale, shares: &Shares) -> String {
    let lines: Vec<String> = shares.iter().map(|each| share(locale, each)).collect();
    locale.writing().semicolons(&lines)
}

/// Which rule a line followed.
pub fn rule(locale: Locale, rule: Option<&SplitRule>) -> String {
    match rule {
        None => t::rule_none(locale).to_owned(),
        Some(rule) if rule.tour_id.is_some() => t::rule_tour(locale, date(locale, rule.valid_from)),
        Some(rule) => t::rule_coop(locale, date(locale, rule.valid_from)),
    }
}

/// "28/11/2026", all of one width: columns of dates are read down.
pub fn date(locale: Locale, date: NaiveDate) -> String {
    (locale.writing().column_date)(date)
}

/// The name (and id) of a field's control.
fn control(field: Field) -> String {
    match field {
        Field::ValidFrom => "valid_from".into(),
        Field::Shares => "shares".into(),
        Field::Name(at) => format!("s{at}.name"),
        Field::How(at) => format!("s{at}.how"),
        Field::Value(at) => format!("s{at}.value"),
        Field::From => "from".into(),
        Field::To => "to".into(),
        Field::Amount => "amount".into(),
        Field::Date => "date".into(),
        Field::Method => "method".into(),
        Field::Reason => "reason".into(),
    }
}

fn wrong(locale: Locale, field: Field, wrong: Wrong) -> String {
    match (wrong, field) {
        (Wrong::Missing, Field::Name(_)) => t::error_reseller(locale).to_owned(),
        (Wrong::Missing, _) => t::error_missing(locale).to_owned(),
        (Wrong::Date, Field::ValidFrom) => t::error_valid_from(locale).to_owned(),
        (Wrong::Date, _) => t::error_date(locale).to_owned(),
        (Wrong::Amount, _) => t::error_amount(locale).to_owned(),
        (Wrong::Percent, _) => t::error_percent(locale).to_owned(),
        (Wrong::OverHundred, _) => t::error_over(locale).to_owned(),
        (Wrong::OneRest, _) => t::error_rest(locale).to_owned(),
        (Wrong::Choice, _) => t::error_choice(locale).to_owned(),
        (Wrong::Twice, Field::Shares) => t::error_twice_rule(locale).to_owned(),
        (Wrong::Twice, _) => t::error_twice(locale).to_owned(),
        (Wrong::TooLong { max }, _) => t::error_long(locale, max),
        (Wrong::Owed { left }, _) => t::error_owed(locale, left.display(locale)),
    }
}

pub fn problems(locale: Locale, wrongs: Wrongs) -> Problems {
    let mut problems = Problems::default();
    for (field, what) in wrongs {
        problems.add(control(field), wrong(locale, field, what));
    }
    problems
}

/// What went wrong, beside its fields; an error that is none of the person's ends the request.
pub fn trouble(locale: Locale, error: LedgerError) -> Result<Problems, PageError> {
    let mut all = Problems::default();
    match error {
        LedgerError::Fields(wrongs) => return Ok(problems(locale, wrongs)),
        LedgerError::TakenBack => all.add("reason", t::error_taken_back(locale)),
        LedgerError::FollowsVisit => all.add("reason", t::error_follows(locale)),
        error => return Err(refused(error)),
    }
    Ok(all)
}

/// "Quỹ Gốm Ven Sông".
pub fn names_of_fund(locale: Locale, coop: &str) -> String {
    t::fund_title(locale, coop)
}

/// What exists is no stranger's business.
pub fn refused(error: LedgerError) -> PageError {
    match error {
        LedgerError::Store(error) => error.into(),
        LedgerError::Unbalanced(sum) => {
            tracing::error!(?sum, "an entry of the ledger does not balance");
            PageError::Invalid
        }
        _ => PageError::NotFound,
    }
}

/// "Thứ Bảy 28/11" of a line.
pub fn day(locale: Locale, date: NaiveDate) -> String {
    format::sentence(&format::day(locale, date))
}
