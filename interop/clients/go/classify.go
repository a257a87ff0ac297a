package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"google.golang.org/grpc"
)

// job is what the command line asks for.
type job struct {
	conn     *grpc.ClientConn
	timeout  time.Duration
	model    string
	pictures []string
}

// classify does the job and returns the exit status; a picture that fails does not stop the others.
func classify(ctx context.Context, j *job) int {
	s, err := openSession(ctx, j.conn, j.timeout)
	if err != nil {
		return fail("", err)
	}
	defer s.close()
	model, err := s.load(ctx, j.model)
	if err != nil {
		return fail("", err)
	}
	fmt.Fprintf(os.Stderr, "uploaded %d bytes\n", s.uploadedBytes)
	status := 0
	for _, picture := range j.pictures {
		result, err := s.classify(ctx, model, picture)
		if err != nil {
			status = fail(picture+": ", err)
			continue
		}
		best, where := result.GetLabels()[0], result.GetExecutedOn()
		fmt.Printf("%s\t%s\t%.4f\t%s on %s\n",
			picture, best.GetName(), best.GetScore(), where.GetPlugin(), where.GetDevice())
	}
	return status
}

func fail(what string, err error) int {
	fmt.Fprintf(os.Stderr, "classify: %s%s\n", what, readable(err))
	return 1
}
