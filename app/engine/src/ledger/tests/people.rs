//! A workshop whose money is followed, and its co-op.

use chrono::{NaiveDate, TimeDelta};

use crate::accounts::Actor;
use crate::booking::checkin::{CheckIn, Mark, check_in, undo};
use crate::booking::testing::{Scene, run};
use crate::booking::{Booking, CancelByHost, cancel_by_host};
use crate::clock::local_date;
use crate::ledger::{
    Adjust, Adjustment, Ask, Holder, LedgerError, Month, Party, PartyKind, PayOut, Payout, Reverse,
    RuleDraft, RuleOf, SaveRule, Scope, Share, Shares, Statement, Totals, adjust, by_party,
    enter_due, pay_out, reverse, save_rule, statement,
};
use crate::store::{Store, StoreError};
use crate::{CoopId, Dong, EntryId, MemberId, SlotId, WorkshopId, params};

pub type Rows = Vec<(PartyKind, &'static str, crate::ledger::How)>;

pub fn shares(rows: Rows) -> Shares {
    let share = |(to, name, how): (PartyKind, &str, _)| Share { to, name: name.into(), how };
    Shares::new(rows.into_iter().map(share).collect()).unwrap()
}

/// Makes the workshop a member of a new co-op since long ago.
pub async fn found_coop(scene: &Scene, role: &'static str) -> CoopId {
    let now = scene.store.now();
    let coop = CoopId::new(now);
    run(
        &scene.store,
        "INSERT INTO coop (id, slug, village_id, form, name, summary, story, founded_on, \
         phone, email, created_at) SELECT $1, $2, village_id, 'group', 'Gốm', \
         $5, $5, NULL, '', '', $3 FROM workshop WHERE id = $4",
        params![coop, coop.to_string(), now, scene.workshop, *r#"{"vi":"","en":""}"#],
    )
    .await;
    join(&scene.store, coop, scene.workshop, role).await;
    coop
}

pub async fn join(store: &Store, coop: CoopId, workshop: WorkshopId, role: &'static str) {
    run(
        store,
        "INSERT INTO coop_member (id, coop_id, workshop_id, role, state, invited_at, joined_at) \
         VALUES ($1, $2, $3, $4, 'active', $5, $5)",
        params![
            MemberId::new(store.now()),
            coop,
            workshop,
            *role,
            store.now() - TimeDelta::days(100)
        ],
    )
    .await;
}

impl Scene {
    pub async fn save_rule(
        &self,
        actor: &Actor,
        of: RuleOf,
        shares: Option<Shares>,
        valid_from: NaiveDate,
    ) -> Result<(), LedgerError> {
        tick(&self.store);
        let draft = RuleDraft { shares, valid_from };
        let command = SaveRule { actor: actor.clone(), of, draft };
        self.store.write("rule", command, |tx, c| Box::pin(save_rule(tx, c))).await.map(|_| ())
    }

    /// A rule of the scene's tour from tomorrow.
    pub async fn rule(&self, rows: Rows) {
        let tomorrow = local_date(self.store.now() + TimeDelta::days(1));
        let of = RuleOf::Tour(self.tour);
        self.save_rule(&self.owner, of, Some(shares(rows)), tomorrow).await.unwrap();
    }

    pub async fn guide(&self, slot: SlotId, name: &str) {
        let sql = "UPDATE slot SET guide = $2 WHERE id = $1";
        run(&self.store, sql, params![slot, *name]).await;
    }

    /// Moves the clock to the start of a slot; never back.
    pub async fn to_start(&self, slot: SlotId) {
        let mut conn = self.store.read().await.unwrap();
        let slot = crate::schedule::slots::find(&mut conn, slot).await.unwrap().unwrap();
        let left = slot.starts_at - self.store.now();
        self.store.clock().advance(left.max(TimeDelta::zero()));
    }

    pub async fn arrive(&self, booking: &Booking, arrived: i32) {
        let actor = self.staff.clone();
        let mark = CheckIn { actor, booking: booking.id, arrived, at: None };
        self.store.write("in", mark, |tx, c| Box::pin(check_in(tx, c))).await.unwrap();
    }

    pub async fn take_back(&self, booking: &Booking) {
        let mark = Mark { actor: self.staff.clone(), booking: booking.id, at: None };
        self.store.write("undo", mark, |tx, c| Box::pin(undo(tx, c))).await.unwrap();
    }

    pub async fn cancel(&self, booking: &Booking) {
        let actor = self.owner.clone();
        let command = CancelByHost { actor, booking: booking.id, reason: String::new() };
        self.store.write("cancel", command, |tx, c| Box::pin(cancel_by_host(tx, c))).await.unwrap();
    }

    /// Books and checks in, and waits until the visit is over.
    pub async fn visited(&self, slot: SlotId, adults: u32) -> Booking {
        let booking = self.booked(slot, adults).await.unwrap();
        self.to_start(slot).await;
        self.arrive(&booking, i32::try_from(adults).unwrap()).await;
        self.store.clock().advance(TimeDelta::minutes(90));
        booking
    }

    /// Enters what is due; how many visits were looked at.
    pub async fn enter(&self) -> usize {
        enter(&self.store).await
    }

    pub fn this_month(&self) -> Month {
        Month::of(local_date(self.store.now()))
    }

    pub async fn parties(&self) -> Vec<(Party, Totals)> {
        let mut conn = self.store.read().await.unwrap();
        by_party(&mut conn, &self.owner, self.workshop, self.this_month()).await.unwrap()
    }

    /// What the party of this kind got this month.
    pub async fn sums(&self, kind: PartyKind) -> Totals {
        let parties = self.parties().await;
        parties.iter().find(|(party, _)| party.kind == kind).map(|(_, t)| *t).unwrap_or_default()
    }

    pub async fn share(&self, kind: PartyKind) -> Dong {
        self.sums(kind).await.share
    }

    pub async fn party(&self, kind: PartyKind) -> Party {
        let parties = self.parties().await;
        parties.into_iter().find(|(party, _)| party.kind == kind).unwrap().0
    }

    pub async fn statement_of(&self, party: &Party, month: Month) -> Statement {
        let mut conn = self.store.read().await.unwrap();
        let ask = Ask { party: party.id, scope: Scope::Workshop(self.workshop), month };
        statement(&mut conn, &self.owner, ask).await.unwrap()
    }

    pub async fn adjust_as(
        &self,
        actor: &Actor,
        from: Holder,
        to: Holder,
        amount: i64,
    ) -> Result<(), LedgerError> {
        tick(&self.store);
        let reason = "Khách trả thiếu".to_owned();
        let command = Adjust {
            actor: actor.clone(),
            workshop: self.workshop,
            adjustment: Adjustment { from, to, amount: Dong(amount), reason },
            form_key: uuid::Uuid::now_v7().to_string(),
        };
        self.store.write("adjust", command, |tx, c| Box::pin(adjust(tx, c))).await
    }

    pub fn payout(&self, to: Holder, amount: i64) -> PayOut {
        PayOut {
            actor: self.owner.clone(),
            workshop: self.workshop,
            payout: Payout {
                to,
                amount: Dong(amount),
                on: local_date(self.store.now()),
                method: crate::ledger::Method::Cash,
                note: String::new(),
            },
            form_key: uuid::Uuid::now_v7().to_string(),
        }
    }

    pub async fn pay(&self, command: PayOut) -> Result<(), LedgerError> {
        tick(&self.store);
        self.store.write("pay", command, |tx, c| Box::pin(pay_out(tx, c))).await
    }

    pub async fn reverse_as(&self, actor: &Actor, entry: EntryId) -> Result<(), LedgerError> {
        tick(&self.store);
        let command = Reverse { actor: actor.clone(), entry, reason: "Nhầm".into() };
        self.store.write("reverse", command, |tx, c| Box::pin(reverse(tx, c))).await
    }
}

/// Entries and rules of one instant have no order; people take their time.
fn tick(store: &Store) {
    store.clock().advance(TimeDelta::seconds(1));
}

pub async fn enter(store: &Store) -> usize {
    tick(store);
    store.write("enter", (), |tx, ()| Box::pin(async move { enter_due(tx).await })).await.unwrap()
}

/// All entries with the sum of their lines, oldest first.
pub async fn book(store: &Store) -> Vec<(EntryId, i64)> {
    let mut conn = store.read().await.unwrap();
    let entries: Result<Vec<(EntryId, i64)>, StoreError> = conn
        .fetch_all(
            "SELECT entry.id, CAST(SUM(line.amount) AS BIGINT) FROM ledger_entry entry \
             JOIN ledger_line line ON line.entry_id = entry.id GROUP BY entry.id \
             ORDER BY entry.id",
            params![],
        )
        .await;
    entries.unwrap()
}
