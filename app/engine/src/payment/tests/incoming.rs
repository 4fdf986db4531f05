//! Transfers of every kind.

use chrono::TimeDelta;

use super::*;
use crate::booking::StateKind;
use crate::both_dbs;
use crate::mail::Letter;

both_dbs! {
    async fn the_right_sum_confirms_with_its_letters(store) {
        let till = Till::new(&store, 100).await;
        let booking = till.booked().await;
        let code = till.code(&booking).await;
        let mangled = format!("mbvcb.3278907687.{} {}.CT tu 0011 toi 0123456789", &code[..4], &code[4..]);
        assert_eq!(till.pays("1", 600_000, &mangled.to_lowercase()).await, Finding::Paid);
        assert_eq!(till.scene.again(&booking).await.state.kind(), StateKind::Confirmed);
        for letter in [Letter::Confirmation, Letter::HostNew, Letter::PaymentReceived] {
            assert_eq!(till.scene.letters(letter).await, 1, "{letter}");
        }
        // Told again, at once or after a restart of the service.
        let again = till.take(vec![till.told("1", 600_000, &mangled)]).await;
        assert_eq!(again, TakenIn { known: 1, matched: 0, open: 0 });
        assert_eq!(till.money(&booking).await.0.net(), Dong(600_000));
        assert_eq!(till.scene.letters(Letter::PaymentReceived).await, 1);
    }

    async fn parts_count_together(store) {
        let till = Till::new(&store, 100).await;
        let booking = till.booked().await;
        let code = till.code(&booking).await;
        assert_eq!(till.pays("1", 200_000, &code).await, Finding::Part);
        let (_, reckoning) = till.money(&booking).await;
        assert_eq!(reckoning.open, Dong(400_000));
        assert_eq!(till.pays("2", 200_000, &code).await, Finding::Part);
        assert_eq!(till.scene.again(&booking).await.state.kind(), StateKind::AwaitingPayment);
        assert_eq!(till.pays("3", 200_000, &code).await, Finding::Paid);
        assert_eq!(till.scene.again(&booking).await.state.kind(), StateKind::Confirmed);
        assert!(till.lists().await.open.is_empty() && till.due().await.is_empty());
    }

    async fn what_is_too_much_goes_back(store) {
        let till = Till::new(&store, 100).await;
        let booking = till.booked().await;
        let code = till.code(&booking).await;
        assert_eq!(till.pays("1", 700_000, &code).await, Finding::Over);
        assert_eq!(till.scene.again(&booking).await.state.kind(), StateKind::Confirmed);
        assert_eq!(till.pays("2", 600_000, &code).await, Finding::Twice);
        assert_eq!(till.due().await[0].reckoning.due, Dong(700_000));
        assert_eq!(till.lists().await.open.len(), 2);
        assert!(matches!(till.pay_back(&booking, 1_300_001).await, Err(PaymentError::Fields(_))));
        till.pay_back(&booking, 700_000).await.unwrap();
        assert!(till.due().await.is_empty() && till.lists().await.open.is_empty());
        assert_eq!(till.scene.letters(Letter::RefundMade).await, 1);
    }

    async fn the_rest_of_a_deposit_may_come_too(store) {
        let till = Till::new(&store, 30).await;
        let booking = till.booked().await;
        let code = till.code(&booking).await;
        assert_eq!(till.pays("1", 180_000, &code).await, Finding::Paid);
        assert_eq!(till.money(&booking).await.1.open, Dong(420_000));
        assert_eq!(till.pays("2", 180_000, &code).await, Finding::Twice);
        let seen = Ignore {
            actor: till.scene.owner.clone(),
            transfer: till.only_open().await,
            reason: "khách muốn trả trước thêm".into(),
        };
        store.write("ignore", seen, |tx, c| Box::pin(ignore(tx, c))).await.unwrap();
        assert_eq!(till.pays("3", 240_000, &code).await, Finding::Rest);
        assert_eq!(till.money(&booking).await.1, Reckoning::default());
    }

    async fn late_money_takes_seats_again_while_there_are_any(store) {
        let till = Till::new(&store, 100).await;
        let (one, two) = (till.booked().await, till.booked().await);
        let (first, second) = (till.code(&one).await, till.code(&two).await);
        store.clock().advance(TimeDelta::hours(4));
        till.expire().await;
        assert_eq!(till.pays("1", 600_000, &first).await, Finding::Retaken);
        assert_eq!(till.scene.again(&one).await.state.kind(), StateKind::Confirmed);
        assert_eq!(till.scene.seats(one.slot_id).await, (2, 0));
        // Now the rest of the departure is taken by others.
        till.scene.hold(one.slot_id, 10).await.unwrap();
        assert_eq!(till.pays("2", 600_000, &second).await, Finding::Late);
        assert_eq!(till.scene.again(&two).await.state.kind(), StateKind::Expired);
        assert_eq!(till.scene.seats(one.slot_id).await, (12, 0));
        assert_eq!(till.due().await[0].reckoning.due, Dong(600_000));
        // The guest says where to, the host sends it back: whole, and only once.
        let say = SayAccount {
            actor: Actor::Guest,
            booking: two.id,
            input: AccountInput { bank: "970415".into(), number: "88".into(), holder: "Hoa".into() },
        };
        store.write("say", say, |tx, c| Box::pin(say_account(tx, c))).await.unwrap();
        assert_eq!(till.due().await[0].to.as_ref().unwrap().bank.name(), "VietinBank");
        let back = SendBack {
            actor: till.scene.owner.clone(),
            transfer: till.only_open().await,
            date: local_date(till.now()).to_string(),
            note: String::new(),
        };
        store.write("back", back.clone(), |tx, c| Box::pin(send_back(tx, c))).await.unwrap();
        let twice = store.write("back", back, |tx, c| Box::pin(send_back(tx, c))).await;
        assert!(matches!(twice, Err(PaymentError::Decided)));
        assert!(till.due().await.is_empty());
        assert_eq!(till.money(&two).await.0.net(), Dong::ZERO);
    }

    async fn money_for_a_cancelled_booking_goes_back(store) {
        let till = Till::new(&store, 100).await;
        let booking = till.booked().await;
        let code = till.code(&booking).await;
        assert_eq!(till.pays("1", 100_000, &code).await, Finding::Part);
        till.cancel(&booking).await.unwrap();
        assert_eq!(till.scene.letters(Letter::Cancellation).await, 1);
        assert_eq!(till.scene.letters(Letter::HostCancellation).await, 0);
        assert_eq!(till.pays("2", 500_000, &code).await, Finding::Cancelled);
        assert_eq!(till.due().await[0].reckoning.due, Dong(600_000));
    }

    async fn the_policy_says_what_comes_back(store) {
        let till = Till::new(&store, 50).await;
        let booking = till.booked().await;
        let code = till.code(&booking).await;
        till.pays("1", 300_000, &code).await;
        // Two days before: half, of what was really paid.
        store.clock().advance(TimeDelta::days(1));
        till.cancel(&booking).await.unwrap();
        let (_, reckoning) = till.money(&booking).await;
        assert_eq!((reckoning.due, reckoning.kept), (Dong(150_000), Dong(150_000)));
        // A kinder host gives all of it back.
        till.pay_back(&booking, 300_000).await.unwrap();
        let (_, reckoning) = till.money(&booking).await;
        assert_eq!((reckoning.due, reckoning.kept), (Dong::ZERO, Dong::ZERO));
    }

    async fn the_unknown_waits_with_a_likely_booking(store) {
        let till = Till::new(&store, 100).await;
        let booking = till.booked().await;
        let code = till.code(&booking).await;
        assert_eq!(till.pays("1", 599_000, "NGUYEN THI HOA chuyen tien").await, Finding::Unknown);
        let likely = |lists: Reconciliation| match &lists.open[0].likely {
            Some((Whose::Booking(booking), why)) => Some((booking.id, *why)),
            _ => None,
        };
        assert_eq!(likely(till.lists().await), Some((booking.id, Likely::Name)));
        assert_eq!(till.pays("2", 600_000, "tien tour").await, Finding::Unknown);
        let typo = format!("{}{}{}", &code[..4], if code.as_bytes()[4] == b'2' { '3' } else { '2' }, &code[5..]);
        assert_eq!(till.pays("3", 1, &typo).await, Finding::Unknown);
        let lists = till.lists().await;
        let of = |id: &str| {
            let row = lists.open.iter().find(|row| row.transfer.reference == format!("FT{id}"));
            row.unwrap()
        };
        assert_eq!(of("2").likely.as_ref().unwrap().1, Likely::Amount);
        assert_eq!(of("3").likely.as_ref().unwrap().1, Likely::Code);
        let assign_it = |code: &str, actor: &Actor| {
            let assign_it = Assign {
                catalogue: Arc::clone(&till.scene.catalogue),
                actor: actor.clone(),
                transfer: of("2").transfer.id,
                code: code.into(),
            };
            store.write("assign", assign_it, |tx, c| Box::pin(assign(tx, c)))
        };
        let owner = &till.scene.owner;
        assert!(matches!(assign_it(&booking.code, &till.scene.staff).await, Err(PaymentError::Forbidden(_))));
        assert!(matches!(assign_it("NOBODY", owner).await, Err(PaymentError::Fields(_))));
        assert_eq!(assign_it(&booking.code.to_lowercase(), owner).await.unwrap(), Finding::Paid);
        assert!(matches!(assign_it(&booking.code, owner).await, Err(PaymentError::Decided)));
        assert_eq!(till.scene.again(&booking).await.state.kind(), StateKind::Confirmed);
    }

    async fn another_account_pays_nothing_here(store) {
        let till = Till::new(&store, 100).await;
        let other = Till::new(&store, 100).await;
        let booking = till.booked().await;
        let code = till.code(&booking).await;
        // Another workshop's service names our code: it must not confirm our booking.
        assert_eq!(other.pays("1", 600_000, &code).await, Finding::Unknown);
        let mut told = till.told("2", 600_000, &code);
        told.accounts = vec!["999".into()];
        till.take(vec![told]).await;
        assert_eq!(till.lists().await.open[0].transfer.finding, Finding::OtherAccount);
        assert_eq!(till.scene.again(&booking).await.state.kind(), StateKind::AwaitingPayment);
        // Nor may its owner take our booking for a transfer of theirs.
        let theirs = Assign {
            catalogue: Arc::clone(&other.scene.catalogue),
            actor: other.scene.owner.clone(),
            transfer: other.only_open().await,
            code: booking.code.clone(),
        };
        let done = store.write("assign", theirs, |tx, c| Box::pin(assign(tx, c))).await;
        assert!(matches!(done, Err(PaymentError::Fields(_))));
    }

    async fn a_statement_adds_only_what_no_service_told(store) {
        let till = Till::new(&store, 100).await;
        let (one, two) = (till.booked().await, till.booked().await);
        let (first, second) = (till.code(&one).await, till.code(&two).await);
        till.pays("1", 600_000, &first).await;
        let day = local_date(till.now()).format("%d/%m/%Y");
        let text = format!(
            "Ngày,Số tham chiếu,Ghi có,Nội dung\n{day},FT1,\"600,000\",{first}\n\
             {day},,\"600,000\",x {second}\n{day},FT9,\"20,000\",ung ho\n"
        );
        let import = || async {
            let take = TakeIn {
                catalogue: Arc::clone(&till.scene.catalogue),
                account: till.account.id,
                transfers: read_statement(&text).unwrap().transfers,
                actor: till.scene.owner.clone(),
            };
            store.write("import", take, |tx, c| Box::pin(take_in(tx, c))).await.unwrap()
        };
        assert_eq!(import().await, TakenIn { known: 1, matched: 1, open: 1 });
        assert_eq!(import().await, TakenIn { known: 3, matched: 0, open: 0 });
        assert_eq!(till.scene.again(&two).await.state.kind(), StateKind::Confirmed);
        // The service comes late with what the statement had.
        let mut late = till.told("7", 600_000, &format!("X {second}"));
        late.reference = String::new();
        assert_eq!(till.take(vec![late]).await.known, 1);
        assert_eq!(till.money(&two).await.0.net(), Dong(600_000));
    }

    async fn an_owner_marks_by_hand(store) {
        let till = Till::new(&store, 100).await;
        let booking = till.booked().await;
        let mark = |key: &str, actor: &Actor| {
            let mark = MarkPaid {
                catalogue: Arc::clone(&till.scene.catalogue),
                actor: actor.clone(),
                booking: booking.id,
                sum: till.sum(600_000, "đã thấy trên app ngân hàng"),
                form_key: key.into(),
            };
            store.write("mark", mark, |tx, c| Box::pin(mark_paid(tx, c)))
        };
        assert!(mark("a", &till.scene.staff).await.is_err());
        mark("a", &till.scene.owner).await.unwrap();
        mark("a", &till.scene.owner).await.unwrap();
        assert_eq!(till.scene.again(&booking).await.state.kind(), StateKind::Confirmed);
        assert_eq!(till.money(&booking).await.0.net(), Dong(600_000));
    }

    async fn the_same_message_at_once_is_one_transfer(store) {
        let till = Till::new(&store, 100).await;
        let booking = till.booked().await;
        let code = till.code(&booking).await;
        let told = || till.take(vec![till.told("1", 600_000, &code)]);
        let all = futures::future::join_all((0..8).map(|_| told())).await;
        assert_eq!(all.iter().map(|taken| taken.matched).sum::<usize>(), 1);
        assert_eq!(till.money(&booking).await.0.net(), Dong(600_000));
    }
}
