//! One session with an agent.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tonic::transport::Channel;
use tonic::Request;

use crate::error::Error;
use crate::upload::{read_error, Content};
use crate::v1::agent_service_client::AgentServiceClient;
use crate::v1::image::Content as ImageContent;
use crate::v1::image_service_client::ImageServiceClient;
use crate::v1::model_service_client::ModelServiceClient;
use crate::v1::payload::Source;
use crate::v1::resource_service_client::ResourceServiceClient;
use crate::v1::session_service_client::SessionServiceClient;
use crate::v1::{
    ClassifyImageRequest, ClassifyImageResponse, CloseSessionRequest, GetAgentInfoRequest, Image, LoadModelRequest,
    ModelFormat, OpenSessionRequest, Payload, RegisterResourceRequest, ResourceFile, ResourceKind,
};

/// One session with an agent; call `close` at the end, or its lease ends it.
pub struct Session {
    pub id: String,
    pub uploaded_bytes: u64,
    pub(crate) chunk_bytes: usize,
    pub(crate) channel: Channel,
    timeout: Duration,
}

impl Session {
    /// Opens a session; `timeout` is that of each call.
    pub async fn open(channel: Channel, timeout: Duration) -> Result<Self, Error> {
        let mut session = Self { id: String::new(), uploaded_bytes: 0, chunk_bytes: 0, channel, timeout };
        let request = session.request(GetAgentInfoRequest {});
        let info = AgentServiceClient::new(session.channel.clone()).get_agent_info(request).await?.into_inner();
        session.chunk_bytes = info.limits.map_or(0, |limits| limits.max_chunk_bytes).max(1) as usize;
        let request = session.request(OpenSessionRequest { client: "rust".into(), lease: None });
        let opened = SessionServiceClient::new(session.channel.clone()).open_session(request).await?;
        session.id = opened.into_inner().session_id;
        Ok(session)
    }

    /// Loads a model with its metadata and labels, sending only what the agent lacks; returns the model's id.
    pub async fn load(&mut self, model: &Path) -> Result<String, Error> {
        let format = match model.extension().and_then(|suffix| suffix.to_str()) {
            Some("onnx") => ModelFormat::Onnx,
            Some("tflite") => ModelFormat::Tflite,
            Some("pt") => ModelFormat::Torchscript,
            Some("pb") => ModelFormat::TensorflowGraph,
            _ => return Err(Error::File(format!("{}: no known model format", model.display()))),
        };
        let beside = ["json", "labels.txt"].map(|suffix| model.with_extension(suffix));
        let paths = std::iter::once(model.to_path_buf()).chain(beside.into_iter().filter(|path| path.is_file()));
        let mut files = Vec::new();
        for path in paths.collect::<Vec<PathBuf>>() {
            let content = Content::of(&path).await?;
            self.upload(&content).await?;
            files.push(ResourceFile {
                name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
                digest: content.digest,
                size_bytes: content.size as i64,
            });
        }
        let kind = ResourceKind::Model.into();
        let request = self.request(RegisterResourceRequest { session_id: self.id.clone(), kind, files });
        let resource = ResourceServiceClient::new(self.channel.clone()).register_resource(request).await?.into_inner();
        let request = self.request(LoadModelRequest {
            session_id: self.id.clone(),
            resource_id: resource.resource_id,
            format: format.into(),
        });
        let loaded = ModelServiceClient::new(self.channel.clone()).load_model(request).await?;
        Ok(loaded.into_inner().model_id)
    }

    /// Names what a picture file shows.
    pub async fn classify(&self, model_id: &str, picture: &Path) -> Result<ClassifyImageResponse, Error> {
        let bytes = tokio::fs::read(picture).await.map_err(|error| read_error(picture, &error))?;
        let payload = Payload { source: Some(Source::Inline(bytes)) };
        let request = self.request(ClassifyImageRequest {
            session_id: self.id.clone(),
            model_id: model_id.into(),
            image: Some(Image { content: Some(ImageContent::Encoded(payload)) }),
            top: 5,
        });
        Ok(ImageServiceClient::new(self.channel.clone()).classify_image(request).await?.into_inner())
    }

    /// Ends the session at the agent.
    pub async fn close(self) -> Result<(), Error> {
        let request = self.request(CloseSessionRequest { session_id: self.id.clone() });
        SessionServiceClient::new(self.channel.clone()).close_session(request).await?;
        Ok(())
    }

    /// A request with the deadline of this session's calls.
    pub(crate) fn request<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        request.set_timeout(self.timeout);
        request
    }
}
