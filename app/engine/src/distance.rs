//! How far it is from one place to another.

/// Great-circle distance (haversine) between two points in degrees.
pub fn metres((lat, lon): (f64, f64), (to_lat, to_lon): (f64, f64)) -> f64 {
    const EARTH: f64 = 6_371_000.0;
    let half = |degrees: f64| (degrees.to_radians() / 2.0).sin().powi(2);
    let a = half(to_lat - lat)
        + lat.to_radians().cos() * to_lat.to_radians().cos() * half(to_lon - lon);
    2.0 * EARTH * a.sqrt().asin()
}
