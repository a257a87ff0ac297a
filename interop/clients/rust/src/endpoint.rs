//! Where the agent is, and how to get there.

use std::path::PathBuf;
use std::str::FromStr;

use hyper_util::rt::TokioIo;
use tokio::net::UnixStream;
use tokio_vsock::{VsockAddr, VsockStream};
use tonic::transport::{Channel, Uri};
use tower::service_fn;

use crate::error::Error;

/// unix:PATH, tcp:HOST:PORT or vsock:CID:PORT.
#[derive(Clone, Debug)]
pub enum Endpoint {
    Unix(PathBuf),
    Tcp(String),
    Vsock(VsockAddr),
}

impl FromStr for Endpoint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            Some(("unix", path)) if !path.is_empty() => Ok(Self::Unix(path.into())),
            Some(("tcp", host)) if !host.is_empty() => Ok(Self::Tcp(host.into())),
            Some(("vsock", rest)) => {
                let (cid, port) = rest.split_once(':').ok_or("a vsock endpoint is vsock:CID:PORT")?;
                let number = |part: &str| part.parse::<u32>().map_err(|_| format!("'{part}' is no 32-bit number"));
                Ok(Self::Vsock(VsockAddr::new(number(cid)?, number(port)?)))
            }
            _ => Err("none of unix:PATH, tcp:HOST:PORT, vsock:CID:PORT".into()),
        }
    }
}

impl Endpoint {
    /// Connects; the channel connects again by itself when it must.
    pub async fn connect(&self) -> Result<Channel, Error> {
        // Tonic wants a URI for the authority, also where the connector below decides where to go.
        let by_connector = tonic::transport::Endpoint::from_static("http://localhost");
        let channel = match self.clone() {
            Self::Tcp(host) => tonic::transport::Endpoint::from_shared(format!("http://{host}"))?.connect().await?,
            Self::Unix(path) => {
                let connector = service_fn(move |_: Uri| {
                    let path = path.clone();
                    async move { UnixStream::connect(path).await.map(TokioIo::new) }
                });
                by_connector.connect_with_connector(connector).await?
            }
            Self::Vsock(address) => {
                let connector = service_fn(move |_: Uri| async move {
                    VsockStream::connect(address).await.map(TokioIo::new)
                });
                by_connector.connect_with_connector(connector).await?
            }
        };
        Ok(channel)
    }
}
