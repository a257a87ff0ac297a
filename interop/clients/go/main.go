// Classify names what pictures show, at a vAccel agent; see README.md.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"
)

func main() {
	agent := flag.String("agent", os.Getenv("VACCEL_RPC_ADDRESS"),
		"`ENDPOINT`: unix:PATH, tcp:HOST:PORT or vsock:CID:PORT; default $VACCEL_RPC_ADDRESS")
	model := flag.String("model", "", "the model's `FILE`, with its metadata beside it")
	timeout := flag.Float64("timeout", 60, "`SECONDS` of each call")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: classify [options] --model FILE PICTURE...")
		flag.PrintDefaults()
	}
	flag.Parse()
	if *agent == "" || *model == "" || flag.NArg() == 0 || *timeout <= 0 {
		flag.Usage()
		os.Exit(2)
	}
	conn, err := connect(*agent)
	if err != nil {
		fmt.Fprintln(os.Stderr, "classify:", err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	status := classify(ctx, &job{conn, time.Duration(*timeout * float64(time.Second)), *model, flag.Args()})
	stop()
	conn.Close()
	os.Exit(status)
}
