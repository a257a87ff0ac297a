package main

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/mdlayher/vsock"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// connect makes a channel to unix:PATH, tcp:HOST:PORT or vsock:CID:PORT. It connects when the first call needs it.
func connect(endpoint string) (*grpc.ClientConn, error) {
	kind, rest, _ := strings.Cut(endpoint, ":")
	// The authority would be the socket's path, which is no host name.
	options := []grpc.DialOption{
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithAuthority("localhost"),
	}
	switch {
	case kind == "unix" && rest != "":
		return grpc.NewClient(endpoint, options...)
	case kind == "tcp" && rest != "":
		return grpc.NewClient("dns:"+rest, options...)
	case kind == "vsock":
		cid, port, err := parseVsock(rest)
		if err != nil {
			return nil, fmt.Errorf("endpoint '%s': %w", endpoint, err)
		}
		dial := func(context.Context, string) (net.Conn, error) { return vsock.Dial(cid, port, nil) }
		return grpc.NewClient("passthrough:"+rest, append(options, grpc.WithContextDialer(dial))...)
	}
	return nil, fmt.Errorf("endpoint '%s' is none of unix:PATH, tcp:HOST:PORT, vsock:CID:PORT", endpoint)
}

func parseVsock(text string) (cid, port uint32, err error) {
	first, second, _ := strings.Cut(text, ":")
	c, err := strconv.ParseUint(first, 10, 32)
	if err != nil {
		return 0, 0, fmt.Errorf("'%s' is no CID", first)
	}
	p, err := strconv.ParseUint(second, 10, 32)
	if err != nil {
		return 0, 0, fmt.Errorf("'%s' is no port", second)
	}
	return uint32(c), uint32(p), nil
}
