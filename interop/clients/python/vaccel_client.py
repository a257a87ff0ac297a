"""A small client of the vAccel agent: sessions, models that are sent at most once, and errors with a reason."""

import hashlib
import pathlib

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from vaccel.v1 import agent_pb2, agent_pb2_grpc
from vaccel.v1 import image_pb2, image_pb2_grpc
from vaccel.v1 import model_pb2, model_pb2_grpc
from vaccel.v1 import resource_pb2, resource_pb2_grpc
from vaccel.v1 import session_pb2, session_pb2_grpc

FORMATS = {
    ".onnx": model_pb2.MODEL_FORMAT_ONNX,
    ".tflite": model_pb2.MODEL_FORMAT_TFLITE,
    ".pt": model_pb2.MODEL_FORMAT_TORCHSCRIPT,
    ".pb": model_pb2.MODEL_FORMAT_TENSORFLOW_GRAPH,
}

# An upload that breaks goes on where the agent's copy ends, this often.
UPLOAD_ATTEMPTS = 5


class VaccelError(Exception):
    """A failed call: its stable reason (see PROTOCOL.md), or the name of the gRPC status where the agent gave none."""

    def __init__(self, error):
        self.reason = error.code().name
        status = rpc_status.from_call(error)
        for detail in status.details if status else ():
            info = error_details_pb2.ErrorInfo()
            if detail.Unpack(info) and info.domain == "vaccel":
                self.reason = info.reason
        super().__init__(f"{self.reason}: {error.details()}")


def target(endpoint):
    """The gRPC target of unix:PATH or tcp:HOST:PORT."""
    kind, _, rest = endpoint.partition(":")
    if kind == "unix" and rest:
        return endpoint
    if kind == "tcp" and rest:
        return "dns:" + rest
    raise ValueError(
        f"endpoint '{endpoint}' is neither unix:PATH nor tcp:HOST:PORT; Python's gRPC does not speak vsock: "
        "run 'vaccel-guest forward' beside the program"
    )


class Session:
    """One session with an agent; use it in a with statement. Safe for use by several threads, as gRPC's channels are."""

    def __init__(self, endpoint, timeout=60.0):
        self._timeout = timeout
        # The authority would be the socket's path, which is no host name.
        self._channel = grpc.insecure_channel(target(endpoint), options=[("grpc.default_authority", "localhost")])
        self._agent = agent_pb2_grpc.AgentServiceStub(self._channel)
        self._images = image_pb2_grpc.ImageServiceStub(self._channel)
        self._models = model_pb2_grpc.ModelServiceStub(self._channel)
        self._resources = resource_pb2_grpc.ResourceServiceStub(self._channel)
        self._sessions = session_pb2_grpc.SessionServiceStub(self._channel)
        self.uploaded_bytes = 0
        try:
            self._chunk_bytes = self._call(self._agent.GetAgentInfo, agent_pb2.GetAgentInfoRequest()).limits.max_chunk_bytes
            self.id = self._call(self._sessions.OpenSession, session_pb2.OpenSessionRequest(client="python")).session_id
        except BaseException:
            self._channel.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        try:
            self._call(self._sessions.CloseSession, session_pb2.CloseSessionRequest(session_id=self.id))
        except VaccelError:
            # The lease ends it, and a failure that brought us here is the one to report.
            if failure[0] is None:
                raise
        finally:
            self._channel.close()

    def load(self, path):
        """Loads a model with its metadata and labels, sending only what the agent lacks; returns the model's id."""
        main = pathlib.Path(path)
        if main.suffix not in FORMATS:
            raise ValueError(f"{main}: the file name ends in none of {', '.join(FORMATS)}")
        beside = [main.with_suffix(suffix) for suffix in (".json", ".labels.txt")]
        files = {file: _digest(file) for file in [main] + [file for file in beside if file.is_file()]}
        for file, digest in files.items():
            self._upload(file, digest)
        resource = self._call(
            self._resources.RegisterResource,
            resource_pb2.RegisterResourceRequest(
                session_id=self.id,
                kind=resource_pb2.RESOURCE_KIND_MODEL,
                files=[
                    resource_pb2.ResourceFile(name=file.name, digest=digest, size_bytes=file.stat().st_size)
                    for file, digest in files.items()
                ],
            ),
        )
        request = model_pb2.LoadModelRequest(
            session_id=self.id, resource_id=resource.resource_id, format=FORMATS[main.suffix]
        )
        return self._call(self._models.LoadModel, request).model_id

    def classify(self, model_id, picture, top=5):
        """Names what a picture file shows; returns a ClassifyImageResponse."""
        image = image_pb2.Image()
        image.encoded.inline = pathlib.Path(picture).read_bytes()
        request = image_pb2.ClassifyImageRequest(session_id=self.id, model_id=model_id, image=image, top=top)
        return self._call(self._images.ClassifyImage, request)

    def _upload(self, file, digest):
        for attempt in range(UPLOAD_ATTEMPTS):
            found = self._call(
                self._resources.FindContent, resource_pb2.FindContentRequest(session_id=self.id, digests=[digest])
            ).contents[0]
            if found.complete:
                return
            try:
                self._call(self._resources.UploadContent, self._chunks(file, digest, found.received_bytes))
                self.uploaded_bytes += file.stat().st_size - found.received_bytes
                return
            except VaccelError as error:
                if error.reason not in ("UNAVAILABLE", "OFFSET_MISMATCH") or attempt + 1 == UPLOAD_ATTEMPTS:
                    raise

    def _chunks(self, file, digest, offset):
        header = resource_pb2.UploadHeader(
            session_id=self.id, digest=digest, size_bytes=file.stat().st_size, offset=offset
        )
        yield resource_pb2.UploadContentRequest(header=header)
        with file.open("rb") as content:
            content.seek(offset)
            while chunk := content.read(self._chunk_bytes):
                yield resource_pb2.UploadContentRequest(chunk=chunk)

    def _call(self, method, request):
        try:
            return method(request, timeout=self._timeout)
        except grpc.RpcError as error:
            raise VaccelError(error) from error


def _digest(file):
    digest = hashlib.sha256()
    with file.open("rb") as content:
        while block := content.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
