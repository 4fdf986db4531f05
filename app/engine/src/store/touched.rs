//! What a transaction wrote, as far as others keep copies of it in memory.

/// Tables that no public page shows. A table that is not named here counts as shown: a page too
/// many is made anew, none is stale.
const PRIVATE: &[&str] = &[
    "allotment",
    "allotment_slot",
    "applicant",
    "applicant_day",
    "attendance",
    "audit",
    "bank_account",
    "booking",
    "busy_calendar",
    "busy_pass",
    "busy_span",
    "certificate",
    "commission",
    "commission_entry",
    "commission_move",
    "commission_offer",
    "commission_photo",
    "commission_photo_file",
    "consent",
    "contract_price",
    "contract_tour",
    "credential_paper",
    "data_link",
    "disruption",
    "disruption_case",
    "disruption_slot",
    "enquiry",
    "firing",
    "gift_card",
    "gift_card_move",
    "guest",
    "guide",
    "guide_lead",
    "guide_leave",
    "invoice_wish",
    "ledger_entry",
    "ledger_line",
    "ledger_party",
    "making",
    "membership",
    "outbox",
    "overflow",
    "parcel",
    "pass_booking",
    "payment",
    "payment_move",
    "person",
    "piece",
    "piece_loss",
    "piece_party",
    "piece_photo",
    "piece_photo_file",
    "piece_step",
    "piece_terms",
    "postage",
    "personal_view",
    "resale",
    "reseller",
    "reseller_contract",
    "reseller_key",
    "reseller_payment",
    "reseller_person",
    "school_group",
    "session",
    "sign_in_link",
    "review_report",
    "review_seen",
    "retention_run",
    "split_rule",
    "shop_basket",
    "shop_basket_line",
    "shop_move",
    "shop_order",
    "shop_order_line",
    "shop_photo_file",
    "trade_event",
    "trade_part",
    "story_file",
    "transfer",
    "village_member",
    "visit_entered",
    "photo_file",
    "promo_code",
    "provenance_checkpoint",
    "provenance_checkpoint_head",
    "provenance_entry",
    "provenance_key",
    "provenance_name",
    "provenance_photo",
    "provenance_record",
    "provenance_scan",
    "refund_account",
    "resource_gap",
    "resource_pool",
    "resource_use",
    "waitlist",
    "webhook",
    "webhook_booking",
    "webhook_delivery",
    "webhook_look",
    "webhook_slot",
    "webhook_tour",
    "workshop_account",
    "year_figures",
];

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Touched {
    /// Villages, workshops, tours, prices: what [`crate::catalogue::CatalogueCache`] keeps.
    pub catalogue: bool,
    /// Anything that a visitor's page shows, seats above all.
    pub shown: bool,
}

impl Touched {
    /// Notes what a statement writes, by its first words.
    pub(super) fn note(&mut self, sql: &str) {
        let mut words = sql.split([' ', '\n', '(']).filter(|word| !word.is_empty());
        let table = match words.next() {
            Some("SELECT") => return,
            Some("UPDATE") => words.next(),
            Some("INSERT" | "DELETE") => words.nth(1),
            _ => None,
        };
        self.catalogue |= table.is_none_or(|table| table == "catalogue_version");
        self.shown |= table.is_none_or(|table| !PRIVATE.contains(&table));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn touched(sql: &str) -> (bool, bool) {
        let mut touched = Touched::default();
        touched.note(sql);
        (touched.catalogue, touched.shown)
    }

    #[test]
    fn seats_and_tours_are_shown_and_letters_are_not() {
        assert_eq!(touched("SELECT * FROM slot"), (false, false));
        assert_eq!(touched("UPDATE slot SET taken = 1"), (false, true));
        assert_eq!(touched("INSERT INTO slot(id) VALUES ($1)"), (false, true));
        assert_eq!(touched("DELETE FROM slot WHERE id = $1"), (false, true));
        assert_eq!(touched("INSERT INTO outbox (id) VALUES ($1)"), (false, false));
        assert_eq!(touched("UPDATE booking SET state = 'held'"), (false, false));
        assert_eq!(touched("UPDATE catalogue_version SET version = 2"), (true, true));
        assert_eq!(touched("WITH x AS (SELECT 1) UPDATE slot SET taken = 1"), (true, true));
    }
}
