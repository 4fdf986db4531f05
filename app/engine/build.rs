fn main() -> Result<(), String> {
    println!("cargo::rerun-if-changed=migrations");
    words::build()
}
