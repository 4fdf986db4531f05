//! The audit in words: what was done, and its details. What has no words yet is shown as it is
//! stored, so that nothing is hidden.

use chrono::{DateTime, Utc};
use engine::{Dong, Locale};
use serde_json::Value;

use crate::t::audit as t;
use crate::ui::format;

/// "Đặt chỗ được xác nhận", or the verb itself.
pub fn verb(locale: Locale, verb: &str) -> String {
    let words = match verb {
        "account.create_admin" => t::account_create_admin(locale),
        "account.password" => t::account_password(locale),
        "account.sign_in" => t::account_sign_in(locale),
        "account.sign_out_everywhere" => t::account_sign_out_everywhere(locale),
        "booking.attendance" => t::booking_attendance(locale),
        "booking.cancel" => t::booking_cancel(locale),
        "booking.change_party" => t::booking_change_party(locale),
        "booking.check_in" => t::booking_check_in(locale),
        "booking.confirm" => t::booking_confirm(locale),
        "booking.move" => t::booking_move(locale),
        "booking.names" => t::booking_names(locale),
        "booking.no_show" => t::booking_no_show(locale),
        "booking.note" => t::booking_note(locale),
        "booking.offer" => t::booking_offer(locale),
        "booking.pass_back" => t::booking_pass_back(locale),
        "booking.pass_on" => t::booking_pass_on(locale),
        "booking.passed" => t::booking_passed(locale),
        "booking.phone" => t::booking_phone(locale),
        "booking.undo_attendance" => t::booking_undo_attendance(locale),
        "certificate.issue" => t::certificate_issue(locale),
        "certificate.withdraw" => t::certificate_withdraw(locale),
        "closure.delete" => t::closure_delete(locale),
        "closure.save" => t::closure_save(locale),
        "credential.add_paper" => t::credential_add_paper(locale),
        "credential.change" => t::credential_change(locale),
        "credential.enter" => t::credential_enter(locale),
        "credential.license" => t::credential_license(locale),
        "credential.refuse" => t::credential_refuse(locale),
        "credential.remove_paper" => t::credential_remove_paper(locale),
        "credential.verify" => t::credential_verify(locale),
        "credential.withdraw" => t::credential_withdraw(locale),
        "disruption.call_off" => t::disruption_call_off(locale),
        "disruption.choose" => t::disruption_choose(locale),
        "disruption.tell" => t::disruption_tell(locale),
        "enquiry.ask" => t::enquiry_ask(locale),
        "enquiry.decline" => t::enquiry_decline(locale),
        "enquiry.withdraw" => t::enquiry_withdraw(locale),
        "event.publish" => t::event_publish(locale),
        "event.save" => t::event_save(locale),
        "event.stay_out" => t::event_stay_out(locale),
        "event.take_part" => t::event_take_part(locale),
        "event.withdraw" => t::event_withdraw(locale),
        "calendar.add" => t::calendar_add(locale),
        "calendar.pass" => t::calendar_pass(locale),
        "calendar.pause" => t::calendar_pause(locale),
        "calendar.remove" => t::calendar_remove(locale),
        "calendar.resume" => t::calendar_resume(locale),
        "feed.renew" => t::feed_renew(locale),
        "guide.assign" => t::guide_assign(locale),
        "guide.check_in" => t::guide_check_in(locale),
        "guide.refuse_leave" => t::guide_refuse_leave(locale),
        "guide.renew" => t::guide_renew(locale),
        "guide.unassign" => t::guide_unassign(locale),
        "mail.resend" => t::mail_resend(locale),
        "overflow.rule" => t::overflow_rule(locale),
        "pass.answer" => t::pass_answer(locale),
        "pass.book" => t::pass_book(locale),
        "pass.cancel" => t::pass_cancel(locale),
        "pass.change_party" => t::pass_change_party(locale),
        "pass.create" => t::pass_create(locale),
        "pass.edit" => t::pass_edit(locale),
        "pass.move" => t::pass_move(locale),
        "pass.publish" => t::pass_publish(locale),
        "pass.unpublish" => t::pass_unpublish(locale),
        "photo.add" => t::photo_add(locale),
        "photo.delete" => t::photo_delete(locale),
        "photo.describe" => t::photo_describe(locale),
        "photo.move" => t::photo_move(locale),
        "reseller.agree" => t::reseller_agree(locale),
        "reseller.allot" => t::reseller_allot(locale),
        "reseller.end" => t::reseller_end(locale),
        "reseller.end_allotment" => t::reseller_end_allotment(locale),
        "reseller.invite" => t::reseller_invite(locale),
        "reseller.make_key" => t::reseller_make_key(locale),
        "reseller.payment" => t::reseller_payment(locale),
        "reseller.revoke_key" => t::reseller_revoke_key(locale),
        "privacy.erase" => t::privacy_erase(locale),
        "review.answer" => t::review_answer(locale),
        "review.edit" => t::review_edit(locale),
        "review.hide" => t::review_hide(locale),
        "review.report" => t::review_report(locale),
        "review.show" => t::review_show(locale),
        "review.withdraw" => t::review_withdraw(locale),
        "review.write" => t::review_write(locale),
        "rule.delete" => t::rule_delete(locale),
        "rule.save" => t::rule_save(locale),
        "slot.add" => t::slot_add(locale),
        "slot.cancel" => t::slot_cancel(locale),
        "slot.cancel_session" => t::slot_cancel_session(locale),
        "slot.close" => t::slot_close(locale),
        "slot.decide" => t::slot_decide(locale),
        "slot.message" => t::slot_message(locale),
        "slot.move" => t::slot_move(locale),
        "slot.move_session" => t::slot_move_session(locale),
        "slot.note" => t::slot_note(locale),
        "slot.plan_run" => t::slot_plan_run(locale),
        "slot.reopen" => t::slot_reopen(locale),
        "slot.resize" => t::slot_resize(locale),
        "team.invite" => t::team_invite(locale),
        "team.remove" => t::team_remove(locale),
        "team.role" => t::team_role(locale),
        "tour.create" => t::tour_create(locale),
        "tour.move" => t::tour_move(locale),
        "tour.publish" => t::tour_publish(locale),
        "tour.save_course" => t::tour_save_course(locale),
        "tour.save_intro" => t::tour_save_intro(locale),
        "tour.save_options" => t::tour_save_options(locale),
        "tour.save_terms" => t::tour_save_terms(locale),
        "tour.save_rules" => t::tour_save_rules(locale),
        "tour.save_extras" => t::tour_save_extras(locale),
        "promo_code.save" => t::promo_code_save(locale),
        "promo_code.end" => t::promo_code_end(locale),
        "booking.extras" => t::booking_extras(locale),
        "tour.unpublish" => t::tour_unpublish(locale),
        "booking.await_payment" => t::booking_await_payment(locale),
        "payment.add_account" => t::payment_add_account(locale),
        "payment.retire_account" => t::payment_retire_account(locale),
        "payment.choose_account" => t::payment_choose_account(locale),
        "payment.set_provider" => t::payment_set_provider(locale),
        "payment.receive" => t::payment_receive(locale),
        "payment.refund" => t::payment_refund(locale),
        "payment.decide" => t::payment_decide(locale),
        "payment.refund_account" => t::payment_refund_account(locale),
        "payment.invoice" => t::payment_invoice(locale),
        "webhook.add" => t::webhook_add(locale),
        "webhook.edit" => t::webhook_edit(locale),
        "webhook.pause" => t::webhook_pause(locale),
        "webhook.remove" => t::webhook_remove(locale),
        "webhook.renew" => t::webhook_renew(locale),
        "webhook.resend" => t::webhook_resend(locale),
        "webhook.resume" => t::webhook_resume(locale),
        "webhook.test" => t::webhook_test(locale),
        "making.save" => t::making_save(locale),
        "piece.register" => t::piece_register(locale),
        "piece.move" => t::piece_move(locale),
        "piece.collect" => t::piece_collect(locale),
        "piece.lose" => t::piece_lose(locale),
        "piece.choose" => t::piece_choose(locale),
        "piece.terms" => t::piece_terms(locale),
        "postage.save" => t::postage_save(locale),
        "firing.plan" => t::firing_plan(locale),
        "firing.change" => t::firing_change(locale),
        "firing.cancel" => t::firing_cancel(locale),
        "firing.fire" => t::firing_fire(locale),
        "parcel.wish" => t::parcel_wish(locale),
        "parcel.pack" => t::parcel_pack(locale),
        "parcel.post" => t::parcel_post(locale),
        "parcel.arrive" => t::parcel_arrive(locale),
        "parcel.paid" => t::parcel_paid(locale),
        "parcel.price" => t::parcel_price(locale),
        "gift_card.block" => t::gift_card_block(locale),
        "shop.save" => crate::t::shop::audit_save(locale),
        "shop.stock" => crate::t::shop::audit_stock(locale),
        "shop.publish" => crate::t::shop::audit_publish(locale),
        "shop.unpublish" => crate::t::shop::audit_unpublish(locale),
        "shop.photo" => crate::t::shop::audit_photo(locale),
        "order.place" => crate::t::shop::audit_place(locale),
        "order.receive" => crate::t::shop::audit_receive(locale),
        "order.refund" => crate::t::shop::audit_refund(locale),
        "order.refund_account" => crate::t::shop::audit_account(locale),
        "order.cancel" => crate::t::shop::audit_cancel(locale),
        "order.withdraw" => crate::t::shop::audit_withdraw(locale),
        "order.refuse" => crate::t::shop::audit_refuse(locale),
        "order.arrive" => crate::t::shop::audit_arrive(locale),
        "order.pack" => crate::t::shop::audit_pack(locale),
        "order.unpack" => crate::t::shop::audit_unpack(locale),
        "order.post" => crate::t::shop::audit_post(locale),
        "order.hand_over" => crate::t::shop::audit_hand_over(locale),
        "order.return" => crate::t::shop::audit_return(locale),
        "gift_card.buy" => t::gift_card_buy(locale),
        "gift_card.cancel" => t::gift_card_cancel(locale),
        "gift_card.expire" => t::gift_card_expire(locale),
        "gift_card.give" => t::gift_card_give(locale),
        "gift_card.pay_back" => t::gift_card_pay_back(locale),
        "gift_card.receive" => t::gift_card_receive(locale),
        "gift_card.terms" => t::gift_card_terms(locale),
        "gift_card.unblock" => t::gift_card_unblock(locale),
        "provenance.add" => t::provenance_add(locale),
        "provenance.erase_name" => t::provenance_erase_name(locale),
        "provenance.erase_picture" => t::provenance_erase_picture(locale),
        "provenance.open" => t::provenance_open(locale),
        "provenance.rotate_key" => t::provenance_rotate_key(locale),
        "provenance.withdraw" => t::provenance_withdraw(locale),
        "report.give_village" => t::report_give_village(locale),
        "report.take_village" => t::report_take_village(locale),
        "report.figures" => t::report_figures(locale),
        "trade.save" => t::trade_save(locale),
        "trade.register" => t::trade_register(locale),
        "trade.withdraw" => t::trade_withdraw(locale),
        "trade.decide" => t::trade_decide(locale),
        "trade.outcome" => t::trade_outcome(locale),
        "workshop.save" => t::workshop_save(locale),
        _ => return verb.to_owned(),
    };
    words.to_owned()
}

/// "2 người · 440.000 ₫".
pub fn detail(locale: Locale, json: &str) -> String {
    match serde_json::from_str(json) {
        Ok(Value::Object(fields)) => {
            let parts: Vec<String> =
                fields.iter().filter_map(|(name, value)| part(locale, name, value)).collect();
            parts.join(" · ")
        }
        _ => json.to_owned(),
    }
}

/// One detail; None where it says nothing (nobody over capacity, no reason given).
fn part(locale: Locale, name: &str, value: &Value) -> Option<String> {
    let number = value.as_i64();
    let said = match value {
        Value::String(text) => text
            .parse::<DateTime<Utc>>()
            .map_or_else(|_| text.clone(), |at| format::date_time(locale, at)),
        other => other.to_string(),
    };
    if said.is_empty() || (name == "over_capacity" && number == Some(0)) {
        return None;
    }
    Some(match (name, number) {
        ("people", Some(n)) => format::people(locale, i32::try_from(n).unwrap_or(i32::MAX)),
        ("total" | "amount", Some(n)) => Dong(n).display(locale),
        ("refund_percent", Some(n)) => t::refunded(locale, n),
        ("arrived", Some(n)) => t::arrived(locale, n),
        ("of", Some(n)) => t::of(locale, n),
        ("bookings", Some(n)) => t::bookings(locale, n),
        ("capacity", Some(n)) => t::capacity(locale, n),
        ("over_capacity", Some(n)) => t::over_capacity(locale, n),
        ("from", _) => t::from(locale, said),
        ("to", _) => t::to(locale, said),
        ("at" | "reason" | "email" | "text" | "title" | "name" | "guide", _) => said,
        _ => crate::ui::format::labelled(locale, name, said),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_read_as_words() {
        let read = |json| detail(Locale::En, json);
        assert_eq!(read(r#"{"people":2,"total":440000}"#), "2 people · 440,000\u{a0}₫");
        assert_eq!(read(r#"{"over_capacity":0,"people":1}"#), "1 person");
        assert_eq!(read(r#"{"reason":""}"#), "");
        assert_eq!(read(r#"{"fund":"village"}"#), "fund: village");
        assert_eq!(verb(Locale::Vi, "kiln.fire"), "kiln.fire");
    }
}
