package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"

	"vaccel.example/client/target/vaccelv1"
)

// An upload that breaks goes on where the agent's copy ends, this often.
const uploadAttempts = 5

// content is a file as the agent knows it.
type content struct {
	path   string
	digest string
	size   int64
}

func describe(path string) (content, error) {
	file, err := os.Open(path)
	if err != nil {
		return content{}, err
	}
	defer file.Close()
	hash := sha256.New()
	size, err := io.Copy(hash, file)
	if err != nil {
		return content{}, err
	}
	return content{path, hex.EncodeToString(hash.Sum(nil)), size}, nil
}

// upload sends what the agent lacks of a content.
func (s *session) upload(ctx context.Context, c content) error {
	for attempt := 1; ; attempt++ {
		ctx, cancel := context.WithTimeout(ctx, s.timeout)
		err := s.uploadOnce(ctx, c)
		cancel()
		if err == nil {
			return nil
		}
		reason := reasonOf(err)
		if (reason != "Unavailable" && reason != "OFFSET_MISMATCH") || attempt == uploadAttempts {
			return err
		}
	}
}

func (s *session) uploadOnce(ctx context.Context, c content) error {
	found, err := s.resources.FindContent(ctx, &vaccelv1.FindContentRequest{
		SessionId: s.id, Digests: []string{c.digest},
	})
	if err != nil || found.GetContents()[0].GetComplete() {
		return err
	}
	offset := found.GetContents()[0].GetReceivedBytes()
	file, err := os.Open(c.path)
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := file.Seek(offset, io.SeekStart); err != nil {
		return err
	}
	stream, err := s.resources.UploadContent(ctx)
	if err != nil {
		return err
	}
	header := &vaccelv1.UploadHeader{SessionId: s.id, Digest: c.digest, SizeBytes: c.size, Offset: offset}
	err = stream.Send(&vaccelv1.UploadContentRequest{Part: &vaccelv1.UploadContentRequest_Header{Header: header}})
	for buffer := make([]byte, s.chunkBytes); err == nil; {
		var n int
		n, err = io.ReadFull(file, buffer)
		if n > 0 {
			chunk := &vaccelv1.UploadContentRequest_Chunk{Chunk: buffer[:n]}
			if sent := stream.Send(&vaccelv1.UploadContentRequest{Part: chunk}); sent != nil {
				err = sent
			}
		}
	}
	// io.EOF is the file's end, or that of a stream that the agent refused: its answer says which.
	if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	if _, err := stream.CloseAndRecv(); err != nil {
		return err
	}
	s.uploadedBytes += c.size - offset
	return nil
}
