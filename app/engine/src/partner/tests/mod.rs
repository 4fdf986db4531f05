//! Stories of partners, designs and students, told on both databases.

mod partners;
mod royalty;
mod students;

use std::sync::Arc;

use super::*;
use crate::accounts::Actor;
use crate::booking::testing::Scene;
use crate::catalogue::photos::{Copy, Prepared};
use crate::clock::local_date;
use crate::{ApplicantId, DesignId, Locale, Localized, PartnerId, PlacementId};

pub const DESIGNER: &str = "Nguyễn Hà Linh";

pub fn vi(text: &str) -> Localized {
    Localized { vi: text.to_owned(), en: String::new() }
}

pub fn picture() -> Arc<Prepared> {
    let copy = |width: i32, byte: u8| Copy { width, jpeg: vec![byte] };
    Arc::new(Prepared { width: 960, height: 720, copies: vec![copy(480, 1), copy(960, 2)] })
}

pub fn partner_input() -> PartnerInput {
    PartnerInput {
        kind: "designer".into(),
        name: DESIGNER.into(),
        city: "Hà Nội".into(),
        web: "halinh.example.vn".into(),
        since: "2025-02-20".into(),
        contact: "Chị Linh".into(),
        email: "linh@example.vn".into(),
        language: "vi".into(),
    }
}

pub fn design_input(partner: Option<PartnerId>, shared_with: &str) -> DesignInput {
    DesignInput {
        title: vi("Ấm sen"),
        partner: partner.map(|id| id.to_string()).unwrap_or_default(),
        licence: "cc_by".into(),
        shared_with: shared_with.into(),
        ..DesignInput::default()
    }
}

impl Scene {
    pub async fn asks_partner(&self, actor: &Actor, key: &str) -> Result<PartnerId, PartnerError> {
        let today = local_date(self.store.now());
        let command = AskPartner {
            actor: actor.clone(),
            keeper: Keeper::Workshop(self.workshop),
            data: PartnerData::parse(&partner_input(), today).unwrap(),
            form_key: key.to_owned(),
        };
        self.store.write("ask", command, |tx, c| Box::pin(ask(tx, c))).await
    }

    pub async fn partner_says(
        &self,
        partner: PartnerId,
        says: PartnerAnswer,
    ) -> Result<Partner, PartnerError> {
        let command = Answer { partner, answer: says };
        self.store.write("answer", command, |tx, c| Box::pin(answer(tx, c))).await
    }

    /// A partner who agreed.
    pub async fn partner(&self) -> PartnerId {
        let id = self.asks_partner(&self.owner, "partner").await.unwrap();
        self.partner_says(id, PartnerAnswer::Agree).await.unwrap();
        id
    }

    pub async fn saves_design(
        &self,
        input: &DesignInput,
        key: &str,
        picture: Option<Arc<Prepared>>,
    ) -> Result<DesignId, PartnerError> {
        let keeper = Keeper::Workshop(self.workshop);
        let command = SaveDesign {
            actor: self.owner.clone(),
            keeper,
            design: None,
            form_key: key.to_owned(),
            data: DesignData::parse(input, keeper).unwrap(),
            picture,
        };
        self.store.write("design", command, |tx, c| Box::pin(save_design(tx, c))).await
    }

    /// Says that the scene's tour uses a design, or that it does no longer.
    pub async fn uses(&self, design: DesignId, uses: bool) -> Result<(), PartnerError> {
        let command = SetTours {
            actor: self.owner.clone(),
            workshop: self.workshop,
            design,
            tours: if uses { vec![self.tour] } else { vec![] },
        };
        self.store.write("use", command, |tx, c| Box::pin(set_tours(tx, c))).await
    }

    /// A placement of so many places, from in 5 days to in 60.
    pub async fn offers(&self, places: i32) -> PlacementId {
        let today = local_date(self.store.now());
        let day = |days| (today + chrono::TimeDelta::days(days)).to_string();
        let input = PlacementInput {
            title: vi("Thực tập chuốt gốm"),
            about: vi("Theo thợ cả."),
            first: day(5),
            last: day(60),
            places: places.to_string(),
            ..PlacementInput::default()
        };
        let command = SavePlacement {
            actor: self.owner.clone(),
            workshop: self.workshop,
            placement: None,
            form_key: uuid::Uuid::now_v7().to_string(),
            data: PlacementData::parse(&input, today).unwrap(),
        };
        self.store.write("offer", command, |tx, c| Box::pin(save_placement(tx, c))).await.unwrap()
    }

    pub async fn applies(&self, to: ApplyTo, email: &str) -> Result<Applicant, PartnerError> {
        let kind = match to {
            ApplyTo::Placement(_) => ApplicantKind::Placement,
            ApplyTo::Study(_) => ApplicantKind::Study,
        };
        let input = ApplyInput {
            name: "Đỗ Minh Khôi".into(),
            email: email.to_owned(),
            organisation: "Trường Thiết kế".into(),
            topic: "Men tro".into(),
            words: "Em muốn học chuốt.".into(),
        };
        let command = Apply {
            to,
            data: ApplyData::parse(&input, kind).unwrap(),
            locale: Locale::Vi,
            form_key: uuid::Uuid::now_v7().to_string(),
        };
        self.store.write("apply", command, |tx, c| Box::pin(apply(tx, c))).await
    }

    pub async fn decides(
        &self,
        actor: &Actor,
        it: &Applicant,
        state: &str,
    ) -> Result<Applicant, PartnerError> {
        let command = Decide {
            actor: actor.clone(),
            applicant: it.id,
            version: it.version,
            decision: Decision::parse(state, "Chào em.").unwrap(),
        };
        self.store.write("decide", command, |tx, c| Box::pin(decide(tx, c))).await
    }

    pub async fn notes_hours(
        &self,
        applicant: ApplicantId,
        days: i64,
        hours: &str,
    ) -> Result<(), PartnerError> {
        let today = local_date(self.store.now());
        let date = (today + chrono::TimeDelta::days(days)).to_string();
        let input = HoursInput { date, hours: hours.to_owned() };
        let wide = (chrono::NaiveDate::MIN, chrono::NaiveDate::MAX);
        let command = NoteHours {
            actor: self.owner.clone(),
            applicant,
            data: HoursData::parse(&input, wide, today)?,
        };
        self.store.write("hours", command, |tx, c| Box::pin(note_hours(tx, c))).await
    }
}
