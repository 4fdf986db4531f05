fn main() -> Result<(), String> {
    println!("cargo::rerun-if-changed=migrations");
    words::build(&[("vi", "Vi"), ("en", "En")])
}
