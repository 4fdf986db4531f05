//! Writing, publishing and hiding, by whom and by whom not.

use std::sync::Arc;

use crate::accounts::Actor;
use crate::booking::testing::Scene;
use crate::catalogue::edit::{Field, Wrong};
use crate::catalogue::photos::{Copy, PhotoError, Prepared};
use crate::store::{Store, StoreError};
use crate::story::*;
use crate::{ArtisanId, ChapterId, Localized, StoryPictureId, VillageId, both_dbs};

fn both(words: &str) -> Localized {
    Localized { vi: words.into(), en: String::new() }
}

fn history(heading: &str) -> ChapterData {
    let input = ChapterInput {
        kind: "history".into(),
        heading: both(heading),
        body: both("Làng có *hai* thôn."),
        ..ChapterInput::default()
    };
    ChapterData::parse(&input).unwrap()
}

async fn save(
    store: &Store,
    actor: &Actor,
    id: Option<ChapterId>,
    subject: Subject,
    data: ChapterData,
) -> Result<ChapterId, StoryError> {
    let command = SaveChapter { actor: actor.clone(), id, subject, data };
    store.write("save", command, |tx, c| Box::pin(save_chapter(tx, c))).await
}

async fn change(
    store: &Store,
    actor: &Actor,
    chapter: ChapterId,
    change: ChapterChange,
) -> Result<(), StoryError> {
    let command = OnChapter { actor: actor.clone(), chapter, change };
    store.write("change", command, |tx, c| Box::pin(change_chapter(tx, c))).await
}

async fn headings(store: &Store, subject: Subject, seen: Seen) -> Vec<String> {
    let mut conn = store.read().await.unwrap();
    let chapters = chapters(&mut conn, subject, seen).await.unwrap();
    chapters.into_iter().map(|chapter| chapter.heading.vi).collect()
}

async fn picture(
    store: &Store,
    actor: &Actor,
    of: PictureOf,
) -> Result<StoryPictureId, StoryError> {
    let copies = vec![Copy { width: 480, jpeg: vec![1, 2, 3] }];
    let photo = Arc::new(Prepared { width: 480, height: 360, copies });
    let command = AddPicture { actor: actor.clone(), of, photo };
    store.write("picture", command, |tx, c| Box::pin(add_picture(tx, c))).await
}

async fn seen_by(store: &Store, actor: &Actor, id: StoryPictureId) -> bool {
    let mut conn = store.read().await.unwrap();
    file(&mut conn, actor, id, 800).await.unwrap().is_some()
}

fn village_of(scene: &Scene) -> VillageId {
    scene.catalogue.place(scene.tour).unwrap().2.id
}

fn person(consent: bool) -> ArtisanData {
    let input = ArtisanInput {
        name: "Nguyễn Thị Thử".into(),
        title: both("Thợ chuốt"),
        born: "1960".into(),
        since: "1975".into(),
        words: both("Bà làm gốm."),
        consent,
        ..ArtisanInput::default()
    };
    ArtisanData::parse(&input, 2026).unwrap()
}

async fn save_person(
    scene: &Scene,
    actor: &Actor,
    id: Option<ArtisanId>,
    consent: bool,
) -> Result<ArtisanId, StoryError> {
    let data = person(consent);
    let command = SaveArtisan { actor: actor.clone(), id, workshop: scene.workshop, data };
    scene.store.write("save", command, |tx, c| Box::pin(save_artisan(tx, c))).await
}

async fn on_person(
    scene: &Scene,
    artisan: ArtisanId,
    change: ArtisanChange,
) -> Result<(), StoryError> {
    let command = OnArtisan { actor: scene.owner.clone(), artisan, change };
    scene.store.write("change", command, |tx, c| Box::pin(change_artisan(tx, c))).await
}

both_dbs! {
    async fn a_chapter_is_a_draft_until_it_is_published(store) {
        let scene = Scene::new(&store).await;
        let here = Subject::Workshop(scene.workshop);
        let first = save(&store, &scene.owner, None, here, history("Một")).await.unwrap();
        let second = save(&store, &scene.owner, None, here, history("Hai")).await.unwrap();
        assert_eq!(headings(&store, here, Seen::ByHosts).await, ["Một", "Hai"]);
        assert!(headings(&store, here, Seen::ByGuests).await.is_empty());
        let shown = store.shown_version();
        change(&store, &scene.owner, first, ChapterChange::Publish).await.unwrap();
        assert!(store.shown_version() > shown, "kept pages must be made anew");
        assert_eq!(headings(&store, here, Seen::ByGuests).await, ["Một"]);
        change(&store, &scene.owner, second, ChapterChange::Earlier).await.unwrap();
        change(&store, &scene.owner, second, ChapterChange::Earlier).await.unwrap();
        assert_eq!(headings(&store, here, Seen::ByHosts).await, ["Hai", "Một"]);
        save(&store, &scene.owner, Some(first), here, history("Một, viết lại")).await.unwrap();
        assert_eq!(headings(&store, here, Seen::ByGuests).await, ["Một, viết lại"]);
        change(&store, &scene.owner, first, ChapterChange::Withdraw).await.unwrap();
        assert!(headings(&store, here, Seen::ByGuests).await.is_empty());
        change(&store, &scene.owner, first, ChapterChange::Delete).await.unwrap();
        assert_eq!(headings(&store, here, Seen::ByHosts).await, ["Hai"]);
    }

    async fn strangers_and_staff_write_nothing(store) {
        let scene = Scene::new(&store).await;
        let here = Subject::Workshop(scene.workshop);
        let chapter = save(&store, &scene.owner, None, here, history("Một")).await.unwrap();
        for actor in [&scene.staff, &scene.stranger, &Actor::Guest] {
            let village = Subject::Village(village_of(&scene));
            for subject in [here, village] {
                let refused = save(&store, actor, None, subject, history("Hai")).await;
                assert!(matches!(refused, Err(StoryError::Forbidden(_))), "{refused:?}");
            }
            let refused = save(&store, actor, Some(chapter), here, history("Hai")).await;
            assert!(matches!(refused, Err(StoryError::Forbidden(_))), "{refused:?}");
            for what in [ChapterChange::Publish, ChapterChange::Delete, ChapterChange::Later] {
                let refused = change(&store, actor, chapter, what).await;
                assert!(matches!(refused, Err(StoryError::Forbidden(_))), "{refused:?}");
            }
            let refused = picture(&store, actor, PictureOf::Chapter(chapter)).await;
            assert!(matches!(refused, Err(StoryError::Forbidden(_))), "{refused:?}");
        }
        // The owner of a workshop is not the village's writer; the office is.
        let village = Subject::Village(village_of(&scene));
        let refused = save(&store, &scene.owner, None, village, history("Làng")).await;
        assert!(matches!(refused, Err(StoryError::Forbidden(_))));
        save(&store, &Actor::System, None, village, history("Làng")).await.unwrap();
    }

    async fn managers_of_a_co_op_write_for_its_village_alone(store) {
        crate::catalogue::demo::fill(&store, "hash").await.unwrap();
        let mut conn = store.read().await.unwrap();
        let coop = crate::coop::by_slug(&mut conn, "gom-ven-song").await.unwrap().unwrap();
        let members = crate::coop::members(&mut conn, coop.id).await.unwrap();
        let (other,): (VillageId,) = conn
            .fetch_one("SELECT id FROM village WHERE slug = 'van-phuc'", vec![])
            .await
            .unwrap();
        let mut person = crate::accounts::Person {
            id: crate::PersonId::new(store.now()),
            email: String::new(),
            name: String::new(),
            locale: crate::Locale::Vi,
            admin: false,
            memberships: vec![(members[0].workshop_id, crate::accounts::Role::Owner)],
        };
        let manager = Actor::Person(person.clone());
        let here = Subject::Village(coop.village_id);
        assert!(must_write(&mut conn, &manager, here).await.is_ok());
        assert!(must_write(&mut conn, &manager, Subject::Village(other)).await.is_err());
        person.memberships = vec![(members[1].workshop_id, crate::accounts::Role::Owner)];
        assert!(must_write(&mut conn, &Actor::Person(person), here).await.is_err());
    }

    async fn pictures_are_seen_once_their_chapter_is(store) {
        let scene = Scene::new(&store).await;
        let here = Subject::Workshop(scene.workshop);
        let chapter = save(&store, &scene.owner, None, here, history("Một")).await.unwrap();
        let id = picture(&store, &scene.owner, PictureOf::Chapter(chapter)).await.unwrap();
        let other = picture(&store, &scene.owner, PictureOf::Chapter(chapter)).await.unwrap();
        assert!(seen_by(&store, &scene.owner, id).await);
        assert!(!seen_by(&store, &Actor::Guest, id).await);
        assert!(!seen_by(&store, &scene.stranger, id).await);
        change(&store, &scene.owner, chapter, ChapterChange::Publish).await.unwrap();
        assert!(seen_by(&store, &Actor::Guest, id).await);

        let act = async |picture, change| {
            let command = OnPicture { actor: scene.owner.clone(), picture, change };
            store.write("picture", command, |tx, c| Box::pin(change_picture(tx, c))).await
        };
        let words = |n: usize| both(&"a".repeat(n));
        let describe = |n| PictureChange::Describe { alt: words(n), caption: words(3) };
        act(id, describe(5)).await.unwrap();
        let refused = act(id, describe(301)).await;
        assert!(matches!(refused, Err(StoryError::Photo(PhotoError::AltTooLong))));
        act(other, PictureChange::Earlier).await.unwrap();
        let mut conn = store.read().await.unwrap();
        let found = chapter_by_id(&mut conn, chapter).await.unwrap().unwrap();
        drop(conn);
        assert_eq!(found.pictures.iter().map(|it| it.id).collect::<Vec<_>>(), [other, id]);
        assert_eq!(found.pictures[1].alt.vi, "aaaaa");
        act(other, PictureChange::Delete).await.unwrap();
        change(&store, &scene.owner, chapter, ChapterChange::Delete).await.unwrap();
        assert!(!seen_by(&store, &scene.owner, id).await);
    }

    async fn a_step_shows_pictures_of_its_own_chapter_only(store) {
        let scene = Scene::new(&store).await;
        let here = Subject::Workshop(scene.workshop);
        let process = |art: String| {
            let step = StepInput { text: both("Nhào đất."), art };
            let drawn = StepInput { text: both("Chuốt."), art: "pottery-2".into() };
            let input = ChapterInput {
                kind: "process".into(),
                heading: both("Làm gốm"),
                steps: vec![step, drawn, StepInput::default()],
                ..ChapterInput::default()
            };
            ChapterData::parse(&input).unwrap()
        };
        let one = save(&store, &scene.owner, None, here, process(String::new())).await.unwrap();
        let two = save(&store, &scene.owner, None, here, process(String::new())).await.unwrap();
        let mine = picture(&store, &scene.owner, PictureOf::Chapter(one)).await.unwrap();
        let read = async |id| {
            let mut conn = store.read().await.unwrap();
            chapter_by_id(&mut conn, id).await.unwrap().unwrap()
        };
        for (chapter, kept) in [(one, Art::Picture(mine)), (two, Art::None)] {
            let data = process(mine.to_string());
            save(&store, &scene.owner, Some(chapter), here, data).await.unwrap();
            let found = read(chapter).await;
            assert_eq!(found.steps.0.len(), 2);
            assert_eq!(found.steps.0[0].art, kept);
            assert_eq!(String::from(found.steps.0[1].art), "pottery-2");
        }
        assert_eq!(read(one).await.figures().count(), 0, "a step shows it already");
        // A chapter keeps its kind.
        let refused = save(&store, &scene.owner, Some(one), here, history("Khác")).await;
        assert!(matches!(refused, Err(StoryError::Unknown)));
    }

    async fn nobody_is_shown_without_consent(store) {
        let scene = Scene::new(&store).await;
        let refused = save_person(&scene, &scene.staff, None, true).await;
        assert!(matches!(refused, Err(StoryError::Forbidden(_))));
        let id = save_person(&scene, &scene.owner, None, false).await.unwrap();
        let refused = on_person(&scene, id, ArtisanChange::Publish).await;
        assert!(matches!(refused, Err(StoryError::NoConsent)));
        save_person(&scene, &scene.owner, Some(id), true).await.unwrap();
        on_person(&scene, id, ArtisanChange::Publish).await.unwrap();
        let portrait = picture(&store, &scene.owner, PictureOf::Portrait(id)).await.unwrap();
        let newer = picture(&store, &scene.owner, PictureOf::Portrait(id)).await.unwrap();
        assert!(!seen_by(&store, &Actor::Guest, portrait).await, "another took its place");
        assert!(seen_by(&store, &Actor::Guest, newer).await);
        let story = Subject::Artisan(id);
        let chapter = save(&store, &scene.owner, None, story, history("Thuở nhỏ")).await.unwrap();
        change(&store, &scene.owner, chapter, ChapterChange::Publish).await.unwrap();
        let of_chapter = picture(&store, &scene.owner, PictureOf::Chapter(chapter)).await.unwrap();
        assert!(seen_by(&store, &Actor::Guest, of_chapter).await);
        let mut conn = store.read().await.unwrap();
        let found = artisan_by_slug(&mut conn, "nguyen-thi-thu").await.unwrap().unwrap();
        assert!(found.published && found.portrait.is_some());
        assert_eq!(artisans_of_village(&mut conn, village_of(&scene)).await.unwrap().len(), 1);
        drop(conn);

        // Consent is taken back: nothing of them is seen.
        save_person(&scene, &scene.owner, Some(id), false).await.unwrap();
        let mut conn = store.read().await.unwrap();
        assert!(artisans_of_village(&mut conn, village_of(&scene)).await.unwrap().is_empty());
        drop(conn);
        assert!(!seen_by(&store, &Actor::Guest, newer).await);
        assert!(!seen_by(&store, &Actor::Guest, of_chapter).await);
        on_person(&scene, id, ArtisanChange::Delete).await.unwrap();
        let mut conn = store.read().await.unwrap();
        for table in ["artisan", "chapter", "story_picture", "story_file"] {
            let sql = sqlx::AssertSqlSafe(format!("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM {table}"));
            let (left,): (i64,) = conn.fetch_one(sql, vec![]).await.unwrap();
            assert_eq!(left, 0, "{table}");
        }
    }

    async fn every_village_and_workshop_of_the_demo_has_a_story(store) {
        crate::catalogue::demo::fill(&store, "hash").await.unwrap();
        let mut conn = store.read().await.unwrap();
        let catalogue = crate::catalogue::load::load(&mut conn).await.unwrap();
        for village in &catalogue.villages {
            let found = chapters(&mut conn, Subject::Village(village.id), Seen::ByGuests).await.unwrap();
            assert!(found.len() >= 3, "{}", village.slug);
            let process = found.iter().find(|chapter| chapter.kind == ChapterKind::Process).unwrap();
            assert!(process.steps.0.len() >= 4, "{}", village.slug);
            assert!(process.steps.0.iter().all(|step| step.art != Art::None), "{}", village.slug);
            let translated = found.iter().all(|it| it.heading.is_translated(crate::Locale::En));
            assert!(translated, "{}", village.slug);
        }
        for shop in &catalogue.workshops {
            let found = chapters(&mut conn, Subject::Workshop(shop.id), Seen::ByGuests).await.unwrap();
            assert!(!found.is_empty(), "{}", shop.slug);
        }
        let people = published_artisans(&mut conn).await.unwrap();
        assert!((6..=10).contains(&people.len()));
        assert!(people.iter().all(|person| person.words.en.contains("invented")));
        let (lines,): (i64,) = conn
            .fetch_one("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM audit WHERE verb LIKE 'chapter.%'", vec![])
            .await
            .unwrap();
        assert_eq!(lines, 0);
    }

    async fn the_database_itself_wants_consent(store) {
        let scene = Scene::new(&store).await;
        let id = save_person(&scene, &scene.owner, None, false).await.unwrap();
        let done = store
            .write("by hand", id, |tx, id| Box::pin(async move {
                let columns = crate::columns! { published: true };
                tx.update_one("artisan", columns, crate::columns! { id: id }).await
            }))
            .await;
        assert!(matches!(done, Err(StoreError::Sql(_))), "{done:?}");
    }
}

#[test]
fn what_is_wrong_is_told_by_its_field() {
    let mut input = ChapterInput {
        kind: "words".into(),
        heading: both(""),
        body: both("[x](http://example.com)"),
        terms: vec![TermInput::default(), TermInput { word: "men".into(), ..TermInput::default() }],
        ..ChapterInput::default()
    };
    let vi = crate::Locale::Vi;
    let wrongs = ChapterData::parse(&input).unwrap_err();
    let wanted = [
        (ChapterField::Heading(vi), Wrong::Missing),
        (ChapterField::Body(vi), Wrong::Link),
        (ChapterField::Term(1, TermPart::Meaning(vi)), Wrong::Missing),
    ];
    assert_eq!(wrongs, wanted.map(|(field, wrong)| (Field::Chapter(field), wrong)));
    input.kind = "process".into();
    input.steps = vec![StepInput { text: both("Nhào."), art: "pottery-99".into() }];
    let wrongs = ChapterData::parse(&input).unwrap_err();
    let art = Field::Chapter(ChapterField::Step(0, StepPart::Art));
    assert!(wrongs.contains(&(art, Wrong::Choice)), "{wrongs:?}");

    let typed =
        ArtisanInput {
            born: "2020".into(), since: "nghìn chín".into(), ..ArtisanInput::default()
        };
    let wrongs = ArtisanData::parse(&typed, 2026).unwrap_err();
    for field in [ChapterField::Name, ChapterField::Born, ChapterField::Since] {
        let told = wrongs.iter().any(|(at, _)| *at == Field::Chapter(field));
        assert!(told, "{field:?}");
    }
}
