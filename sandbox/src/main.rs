//! The command `sandbox`.

use clap::{Parser, Subcommand};

/// GitHub and the ASF catalogue on this computer, for development and trials.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves until it is ended; prints one line of JSON when it is ready.
    Serve(sandbox::serve::Options),
    /// Inside a job: uploads files as an artifact. What to do comes in the environment.
    UploadArtifact(sandbox::upload::Options),
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Serve(options) => sandbox::serve::serve(options).await,
        Command::UploadArtifact(options) => sandbox::upload::upload(options).await,
    }
}
