//! Shared machines in the host's pages, without script, on SQLite. The demo's workshop is a member
//! of a co-op that has six wheels and two kilns.

use crate::site::{Answer, SHOP, Site};
use axum::http::StatusCode;
use engine::accounts::Role;
use engine::clock::local_date;
use engine::resource::{Resource, ResourceKind, usable_by};
use engine::schedule::Slot;
use engine::{SlotId, WorkshopId, params};

const BOARD: &str = "/vi/host/gom-minh-hai/resources";
const NEEDS: &str = "/vi/host/gom-minh-hai/tours/nan-gom-ban-xoay/needs";

impl Site {
    async fn resource(&self, kind: ResourceKind) -> Resource {
        let workshop = self.workshop(SHOP).await;
        let mut conn = self.store.read().await.unwrap();
        let usable = usable_by(&mut conn, workshop).await.unwrap();
        usable.into_iter().find(|it| it.kind == kind).unwrap()
    }

    /// A slot on whose seats people need a wheel.
    async fn wheel_slot(&self) -> Slot {
        let workshop: WorkshopId = self.workshop(SHOP).await;
        let mut conn = self.store.read().await.unwrap();
        conn.fetch_one(
            "SELECT slot.* FROM slot JOIN tour ON tour.id = slot.tour_id \
             WHERE slot.workshop_id = $1 AND tour.slug = 'nan-gom-ban-xoay' AND slot.taken = 0 \
             AND slot.status = 'open' AND slot.starts_at > $2 ORDER BY slot.starts_at LIMIT 1",
            params![workshop, self.store.now() + chrono::TimeDelta::days(3)],
        )
        .await
        .unwrap()
    }

    async fn room(&self, slot: SlotId) -> Option<i32> {
        let mut conn = self.store.read().await.unwrap();
        let slot = engine::schedule::slots::find(&mut conn, slot).await.unwrap().unwrap();
        slot.room
    }
}

fn says(answer: &Answer, words: &str) -> bool {
    answer.page().root_element().text().collect::<String>().contains(words)
}

#[tokio::test]
async fn the_board_shows_who_uses_what_and_how_full_it_is() {
    let site = Site::open().await;
    let owner = site.owner().await;
    let slot = site.wheel_slot().await;
    assert_eq!(slot.room, Some(6));
    site.booked(&slot, "Bà Tư").await;
    assert_eq!(site.room(slot.id).await, Some(4));
    let board = site.get(&format!("{BOARD}?date={}", slot.local_date), &owner).await;
    assert_eq!(board.status, StatusCode::OK);
    assert!(board.count(".board-row") >= 4);
    assert!(says(&board, "Nặn gốm trên bàn xoay · 2 khách · 2 bàn xoay"), "{}", board.body);
    assert_eq!(board.count(".board-cell[data-state=some]"), 1);
    let stranger = site.person(Some((Role::Owner, "nha-gom-cam-van"))).await;
    assert_eq!(site.get(BOARD, &stranger).await.status, StatusCode::NOT_FOUND);
    let theirs = "/vi/host/nha-gom-cam-van/resources";
    let board = site.get(&format!("{theirs}?date={}", slot.local_date), &stranger).await;
    assert!(
        says(&board, "của Xưởng gốm Minh Hải"),
        "members see each other's use of what they share"
    );
    assert_eq!(
        board.count("a[href$='?owner=coop']"),
        0,
        "a member that does not manage adds nothing"
    );
}

#[tokio::test]
async fn a_resource_is_added_and_changed_and_bad_input_is_kept() {
    let site = Site::open().await;
    let owner = site.owner().await;
    let new = format!("{BOARD}/new");
    let mut fields = vec![
        ("kind", "room"),
        ("name_vi", "Sân sau"),
        ("quantity", "không"),
        ("setup", "0"),
        ("cleanup", "10"),
        ("h0.days", "mon"),
        ("h0.from", "08:00"),
        ("h0.to", ""),
    ];
    let refused = site.post(&new, &owner, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.attr("[name=name_vi]", "value"), "Sân sau");
    assert_eq!(refused.attr("[name=quantity]", "value"), "không");
    assert_eq!(refused.count("[name='h0.days'][value=mon][checked]"), 1);
    assert_eq!(refused.count("#quantity-error"), 1);
    assert_eq!(refused.count("[id='h0.days-error']"), 1);
    fields[2].1 = "1";
    fields[7].1 = "17:00";
    let back = site.goes(&new, &owner, &fields).await;
    assert!(back.ends_with("/resources?done=saved"), "{back}");
    let room = site.resource(ResourceKind::Room).await;
    assert_eq!((room.name.vi.as_str(), room.quantity, room.hours.0.len()), ("Sân sau", 1, 1));
    let staff = site.person(Some((Role::Staff, SHOP))).await;
    let page = format!("{BOARD}/{}", room.id);
    assert_eq!(site.get(&page, &staff).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.get(&page, &owner).await.attr("[name='h0.to']", "value"), "17:00");
}

#[tokio::test]
async fn what_broke_is_asked_about_before_it_hits_guests() {
    let site = Site::open().await;
    let staff = site.person(Some((Role::Staff, SHOP))).await;
    let slot = site.wheel_slot().await;
    site.booked(&slot, "Bà Tư").await;
    let wheels = site.resource(ResourceKind::Wheel).await;
    let take = format!("{BOARD}/{}/take", wheels.id);
    let date = slot.local_date.to_string();
    let mut fields = vec![
        ("for", "upkeep"),
        ("from_date", date.as_str()),
        ("from_time", "00:00"),
        ("to_date", date.as_str()),
        ("to_time", "23:00"),
        ("amount", "5"),
        ("note", "Đứt dây cu-roa"),
    ];
    let asked = site.post(&take, &staff, &fields).await;
    assert_eq!(asked.status, StatusCode::CONFLICT);
    assert!(says(&asked, "Nặn gốm trên bàn xoay, 2 khách"));
    assert_eq!(asked.attr("form.panel [name=amount]", "value"), "5");
    assert_eq!(site.room(slot.id).await, Some(4), "nothing was changed");
    fields.push(("force", "1"));
    let back = site.goes(&take, &staff, &fields).await;
    assert!(back.contains("done=saved"), "{back}");
    assert_eq!(site.room(slot.id).await, Some(0));
    let board = site.get(&back, &staff).await;
    assert!(says(&board, "1 buổi đã có khách đang thiếu máy"));
    assert!(says(&board, "thiếu 2 bàn xoay"));
    // It works again.
    let release = board.attr("form[action*='/resources/uses/']", "action");
    let back = site.goes(&release, &staff, &[("date", date.as_str())]).await;
    assert!(back.contains("done=mended"), "{back}");
    assert_eq!(site.room(slot.id).await, Some(4));
}

#[tokio::test]
async fn own_work_is_booked_under_the_rules_of_fair_use() {
    let site = Site::open().await;
    let staff = site.person(Some((Role::Staff, SHOP))).await;
    let wheels = site.resource(ResourceKind::Wheel).await;
    let take = format!("{BOARD}/{}/take", wheels.id);
    let page = site.get(&format!("{take}?for=own"), &staff).await;
    assert!(says(&page, "Mỗi xưởng tối đa 12 giờ một tuần; xưởng bạn đã dùng 0 giờ"));
    let date = (local_date(site.store.now()) + chrono::TimeDelta::days(2)).to_string();
    let fields = |to: &'static str, amount: &'static str| {
        vec![
            ("for", "own"),
            ("from_date", date.as_str()),
            ("from_time", "07:30"),
            ("to_date", date.as_str()),
            ("to_time", to),
            ("amount", amount),
        ]
    };
    let long = site.post(&take, &staff, &fields("20:30", "1")).await;
    assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(says(&long, "Mỗi xưởng chỉ dùng tối đa 12 giờ một tuần."));
    let night = site.post(&take, &staff, &fields("22:00", "1")).await;
    assert!(says(&night, "Máy này không hoạt động vào giờ đó."));
    let many = site.post(&take, &staff, &fields("09:00", "7")).await;
    assert!(says(&many, "Hãy ghi một số từ 1 đến 6."));
    let back = site.goes(&take, &staff, &fields("09:00", "2")).await;
    assert!(back.contains("done=taken"), "{back}");
}

#[tokio::test]
async fn an_owner_says_what_a_tour_needs() {
    let site = Site::open().await;
    let owner = site.owner().await;
    let page = site.get(NEEDS, &owner).await;
    assert_eq!(page.count(".need-edit"), 4);
    let slot = site.wheel_slot().await;
    let wheels = site.resource(ResourceKind::Wheel).await.id.to_string();
    let need = |amount: &'static str| {
        let mut fields = Vec::new();
        for option in ["o0.n0", "o1.n0"] {
            for (part, value) in [
                ("basis", "person"),
                ("amount", amount),
                ("timing", "during"),
                ("from_minute", "0"),
                ("to_minute", "45"),
                ("from_day", "1"),
                ("to_day", "10"),
                ("choices", wheels.as_str()),
            ] {
                fields.push((format!("{option}.{part}"), value.to_owned()));
            }
        }
        fields
    };
    let send = async |fields: Vec<(String, String)>| {
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        site.post(NEEDS, &owner, &fields).await
    };
    let too_many = send(need("7")).await;
    assert_eq!(too_many.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(too_many.attr("[name='o0.n0.amount']", "value"), "7");
    assert_eq!(too_many.count("[id='o0.n0.amount-error']"), 1);
    // A row more comes back with all that was typed.
    let mut more = need("2");
    more.push(("do".into(), "add-0".into()));
    let more = send(more).await;
    assert_eq!((more.status, more.count(".need-edit")), (StatusCode::OK, 3));
    assert_eq!(send(need("2")).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.room(slot.id).await, Some(3), "six wheels for three who need two each");
    assert_eq!(send(Vec::new()).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.room(slot.id).await, None);
}
