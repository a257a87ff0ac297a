//! Generates the stubs from the protos; protox compiles them in Rust, so no protoc is needed.

const PROTOS: &str = "../../../proto/src/main/protobuf";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed={PROTOS}");
    let files = ["agent", "image", "model", "resource", "session"].map(|name| format!("vaccel/v1/{name}.proto"));
    let descriptors = protox::compile(files, [PROTOS])?;
    tonic_prost_build::configure().build_server(false).compile_fds(descriptors)?;
    Ok(())
}
