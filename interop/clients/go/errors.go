package main

import (
	"fmt"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/status"
)

// reasonOf is the stable reason of a failed call (see PROTOCOL.md), or the name of its gRPC status where the agent gave none.
func reasonOf(err error) string {
	s := status.Convert(err)
	for _, detail := range s.Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok && info.GetDomain() == "vaccel" {
			return info.GetReason()
		}
	}
	return s.Code().String()
}

// readable is the error as a user should see it: its reason and its text.
func readable(err error) string {
	if s, ok := status.FromError(err); ok {
		return fmt.Sprintf("%s: %s", reasonOf(err), s.Message())
	}
	return err.Error()
}
