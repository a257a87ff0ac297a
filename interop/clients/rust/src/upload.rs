//! Sends what the agent lacks of a file, in chunks, from where its copy ends.

use std::io::SeekFrom;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use crate::error::Error;
use crate::session::Session;
use crate::v1::resource_service_client::ResourceServiceClient;
use crate::v1::upload_content_request::Part;
use crate::v1::{FindContentRequest, UploadContentRequest, UploadHeader};

/// An upload that breaks goes on where the agent's copy ends, this often.
const ATTEMPTS: u32 = 5;

/// Chunks that are read ahead of the connection.
const CHUNKS_AHEAD: usize = 2;

/// A file as the agent knows it.
pub struct Content {
    path: PathBuf,
    pub digest: String,
    pub size: u64,
}

impl Content {
    pub async fn of(path: &Path) -> Result<Self, Error> {
        let mut file = File::open(path).await.map_err(|error| read_error(path, &error))?;
        let (mut hash, mut size, mut block) = (Sha256::new(), 0, vec![0; 1 << 20]);
        loop {
            match file.read(&mut block).await.map_err(|error| read_error(path, &error))? {
                0 => return Ok(Self { path: path.into(), digest: hex::encode(hash.finalize()), size }),
                n => {
                    hash.update(&block[..n]);
                    size += n as u64;
                }
            }
        }
    }
}

/// What a user should read when a file of theirs cannot be read.
pub fn read_error(path: &Path, error: &std::io::Error) -> Error {
    Error::File(format!("{}: {error}", path.display()))
}

impl Session {
    /// Sends what the agent lacks of a content.
    pub async fn upload(&mut self, content: &Content) -> Result<(), Error> {
        let mut attempt = 1;
        loop {
            match self.upload_once(content).await {
                Err(error) if error.is_worth_another_try() && attempt < ATTEMPTS => attempt += 1,
                outcome => return outcome,
            }
        }
    }

    async fn upload_once(&mut self, content: &Content) -> Result<(), Error> {
        let mut resources = ResourceServiceClient::new(self.channel.clone());
        let digests = vec![content.digest.clone()];
        let request = self.request(FindContentRequest { session_id: self.id.clone(), digests });
        let found = resources.find_content(request).await?.into_inner().contents;
        let offset = match found.first() {
            Some(status) if status.complete => return Ok(()),
            status => status.map_or(0, |status| status.received_bytes.max(0) as u64),
        };
        let header = UploadHeader {
            session_id: self.id.clone(),
            digest: content.digest.clone(),
            size_bytes: content.size as i64,
            offset: offset as i64,
        };
        let (sender, receiver) = mpsc::channel(CHUNKS_AHEAD);
        let sending = send(content, header, self.chunk_bytes, sender);
        let receiving = resources.upload_content(self.request(ReceiverStream::new(receiver)));
        // A refused upload drops the receiver, which ends the sending: the agent's answer is what counts.
        let (sent, answer) = tokio::join!(sending, receiving);
        sent?;
        answer?;
        self.uploaded_bytes += content.size - offset;
        Ok(())
    }
}

async fn send(
    content: &Content,
    header: UploadHeader,
    chunk_bytes: usize,
    sender: mpsc::Sender<UploadContentRequest>,
) -> Result<(), Error> {
    let failed = |error: std::io::Error| read_error(&content.path, &error);
    let mut file = File::open(&content.path).await.map_err(failed)?;
    file.seek(SeekFrom::Start(header.offset as u64)).await.map_err(failed)?;
    let mut part = Part::Header(header);
    while sender.send(UploadContentRequest { part: Some(part) }).await.is_ok() {
        let mut chunk = Vec::with_capacity(chunk_bytes);
        if (&mut file).take(chunk_bytes as u64).read_to_end(&mut chunk).await.map_err(failed)? == 0 {
            break;
        }
        part = Part::Chunk(chunk);
    }
    Ok(())
}
