//! What can go wrong, in words for a user.

use std::fmt;

use tonic::{Code, Status};
use tonic_types::StatusExt;

#[derive(Debug)]
pub enum Error {
    /// The agent, or gRPC on the way to it, refused a call.
    Call(Box<Status>),
    /// Nobody answers.
    Connect(tonic::transport::Error),
    /// A file of ours.
    File(String),
}

impl Error {
    /// The stable reason (see PROTOCOL.md), where the agent gave one.
    pub fn reason(&self) -> Option<String> {
        let Self::Call(status) = self else { return None };
        status.get_details_error_info().filter(|info| info.domain == "vaccel").map(|info| info.reason)
    }

    /// Whether an upload may go on after this, from where the agent's copy ends.
    pub fn is_worth_another_try(&self) -> bool {
        self.reason().as_deref() == Some("OFFSET_MISMATCH")
            || matches!(self, Self::Call(status) if status.code() == Code::Unavailable)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(status) => match self.reason() {
                Some(reason) => write!(f, "{reason}: {}", status.message()),
                None => write!(f, "{:?}: {}", status.code(), status.message()),
            },
            Self::Connect(error) => {
                write!(f, "Unavailable: {error}")?;
                let mut cause = std::error::Error::source(error);
                while let Some(deeper) = cause {
                    write!(f, ": {deeper}")?;
                    cause = deeper.source();
                }
                Ok(())
            }
            Self::File(text) => f.write_str(text),
        }
    }
}

impl From<Status> for Error {
    fn from(status: Status) -> Self {
        Self::Call(Box::new(status))
    }
}

impl From<tonic::transport::Error> for Error {
    fn from(error: tonic::transport::Error) -> Self {
        Self::Connect(error)
    }
}
