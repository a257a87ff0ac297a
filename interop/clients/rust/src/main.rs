//! Classifies pictures at a vAccel agent; see README.md.

mod endpoint;
mod error;
mod session;
mod upload;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;

use endpoint::Endpoint;
use error::Error;
use session::Session;

/// The stubs, generated from the protos; this program uses some of them.
#[allow(dead_code)]
mod v1 {
    tonic::include_proto!("vaccel.v1");
}

/// Classifies pictures at a vAccel agent.
#[derive(Parser)]
struct Options {
    /// unix:PATH, tcp:HOST:PORT or vsock:CID:PORT
    #[arg(long, env = "VACCEL_RPC_ADDRESS", value_name = "ENDPOINT")]
    agent: Endpoint,
    /// The model, with its metadata beside it
    #[arg(long, value_name = "FILE")]
    model: PathBuf,
    /// Of each call
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    timeout: u64,
    /// JPEG, PNG or BMP files
    #[arg(required = true, value_name = "PICTURE")]
    pictures: Vec<PathBuf>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match classify(Options::parse()).await {
        Ok(status) => status,
        Err(error) => {
            eprintln!("classify: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn classify(options: Options) -> Result<ExitCode, Error> {
    let channel = options.agent.connect().await?;
    let mut session = Session::open(channel, Duration::from_secs(options.timeout)).await?;
    let outcome = classify_all(&mut session, &options).await;
    // Where this fails, the lease ends the session; what went before is what counts.
    let _ = session.close().await;
    outcome
}

async fn classify_all(session: &mut Session, options: &Options) -> Result<ExitCode, Error> {
    let model = session.load(&options.model).await?;
    eprintln!("uploaded {} bytes", session.uploaded_bytes);
    let mut status = ExitCode::SUCCESS;
    for picture in &options.pictures {
        match session.classify(&model, picture).await {
            Ok(result) => {
                let place = result.executed_on.unwrap_or_default();
                if let Some(best) = result.labels.first() {
                    println!(
                        "{}\t{}\t{:.4}\t{} on {}",
                        picture.display(),
                        best.name,
                        best.score,
                        place.plugin,
                        place.device
                    );
                }
            }
            Err(error) => {
                eprintln!("classify: {}: {error}", picture.display());
                status = ExitCode::FAILURE;
            }
        }
    }
    Ok(status)
}
