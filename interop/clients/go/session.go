package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"google.golang.org/grpc"

	"vaccel.example/client/target/vaccelv1"
)

var formats = map[string]vaccelv1.ModelFormat{
	".onnx":   vaccelv1.ModelFormat_MODEL_FORMAT_ONNX,
	".tflite": vaccelv1.ModelFormat_MODEL_FORMAT_TFLITE,
	".pt":     vaccelv1.ModelFormat_MODEL_FORMAT_TORCHSCRIPT,
	".pb":     vaccelv1.ModelFormat_MODEL_FORMAT_TENSORFLOW_GRAPH,
}

// session is one session with an agent. It is safe for use by several goroutines, except load.
type session struct {
	id            string
	timeout       time.Duration
	chunkBytes    int64
	uploadedBytes int64

	conn      *grpc.ClientConn
	resources vaccelv1.ResourceServiceClient
	models    vaccelv1.ModelServiceClient
	images    vaccelv1.ImageServiceClient
	sessions  vaccelv1.SessionServiceClient
}

// openSession opens a session; timeout is that of each call.
func openSession(ctx context.Context, conn *grpc.ClientConn, timeout time.Duration) (*session, error) {
	s := &session{
		timeout:   timeout,
		conn:      conn,
		resources: vaccelv1.NewResourceServiceClient(conn),
		models:    vaccelv1.NewModelServiceClient(conn),
		images:    vaccelv1.NewImageServiceClient(conn),
		sessions:  vaccelv1.NewSessionServiceClient(conn),
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	info, err := vaccelv1.NewAgentServiceClient(conn).GetAgentInfo(ctx, &vaccelv1.GetAgentInfoRequest{})
	if err != nil {
		return nil, err
	}
	s.chunkBytes = info.GetLimits().GetMaxChunkBytes()
	opened, err := s.sessions.OpenSession(ctx, &vaccelv1.OpenSessionRequest{Client: "go"})
	if err != nil {
		return nil, err
	}
	s.id = opened.GetSessionId()
	return s, nil
}

// close ends the session at the agent. Where that fails, its lease ends it.
func (s *session) close() error {
	// Not the caller's context: that may have ended already.
	ctx, cancel := context.WithTimeout(context.Background(), s.timeout)
	defer cancel()
	_, err := s.sessions.CloseSession(ctx, &vaccelv1.CloseSessionRequest{SessionId: s.id})
	return err
}

// load loads a model with its metadata and labels, sending only what the agent lacks, and returns the model's id.
func (s *session) load(ctx context.Context, path string) (string, error) {
	suffix := filepath.Ext(path)
	format, ok := formats[suffix]
	if !ok {
		return "", fmt.Errorf("%s: the file name ends in no known model format", path)
	}
	files := []string{path}
	for _, beside := range []string{".json", ".labels.txt"} {
		file := strings.TrimSuffix(path, suffix) + beside
		if _, err := os.Stat(file); err == nil {
			files = append(files, file)
		}
	}
	request := &vaccelv1.RegisterResourceRequest{SessionId: s.id, Kind: vaccelv1.ResourceKind_RESOURCE_KIND_MODEL}
	for _, file := range files {
		content, err := describe(file)
		if err != nil {
			return "", err
		}
		if err := s.upload(ctx, content); err != nil {
			return "", err
		}
		request.Files = append(request.Files, &vaccelv1.ResourceFile{
			Name: filepath.Base(file), Digest: content.digest, SizeBytes: content.size,
		})
	}
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	resource, err := s.resources.RegisterResource(ctx, request)
	if err != nil {
		return "", err
	}
	model, err := s.models.LoadModel(ctx, &vaccelv1.LoadModelRequest{
		SessionId: s.id, ResourceId: resource.GetResourceId(), Format: format,
	})
	return model.GetModelId(), err
}

// classify names what a picture file shows.
func (s *session) classify(ctx context.Context, modelID, picture string) (*vaccelv1.ClassifyImageResponse, error) {
	bytes, err := os.ReadFile(picture)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	return s.images.ClassifyImage(ctx, &vaccelv1.ClassifyImageRequest{
		SessionId: s.id,
		ModelId:   modelID,
		Image: &vaccelv1.Image{Content: &vaccelv1.Image_Encoded{
			Encoded: &vaccelv1.Payload{Source: &vaccelv1.Payload_Inline{Inline: bytes}},
		}},
	})
}
