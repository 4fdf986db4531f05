//! How long the way from one stop to the next takes.

use crate::catalogue::Tour;
use crate::distance::metres;

/// Roads are longer than the crow's flight.
const DETOUR: f64 = 1.3;
/// Through the city and its outskirts, by whatever guests go by.
const KM_AN_HOUR: f64 = 25.0;
/// To say goodbye, find a car and the next door.
const MARGIN: f64 = 10.0;
/// Between two visits in the same house.
const SAME_PLACE: i64 = 5;
/// Nobody plans by single minutes.
const STEP: i64 = 5;

/// Minutes for so many metres as the crow flies, rounded up.
pub fn minutes_for(metres: f64) -> i64 {
    let minutes = metres / 1_000.0 * DETOUR / KM_AN_HOUR * 60.0 + MARGIN;
    #[expect(clippy::cast_possible_truncation, reason = "half the earth is some 60,000 minutes")]
    let whole = minutes.ceil() as i64;
    (whole + STEP - 1) / STEP * STEP
}

/// Minutes from the end of one visit to the beginning of another.
pub fn between(from: &Tour, to: &Tour) -> i64 {
    if from.workshop_id == to.workshop_id {
        return SAME_PLACE;
    }
    let there = (to.meeting_lat, to.meeting_lon);
    minutes_for(metres((from.meeting_lat, from.meeting_lon), there))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_has_a_margin_and_is_rounded_up() {
        assert_eq!(minutes_for(0.0), 10);
        assert_eq!(minutes_for(10.0), 15);
        // Bát Tràng to Vạn Phúc: some 16 km.
        assert_eq!(minutes_for(16_000.0), 60);
    }
}
