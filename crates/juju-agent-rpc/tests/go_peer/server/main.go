// An agent on Go's own net/rpc, in one of several shapes.
//
// Usage: server SOCKET SHAPE
package main

import (
	"bytes"
	"encoding/gob"
	"errors"
	"fmt"
	"log"
	"net"
	"net/rpc"
	"os"
	"strings"
)

// What an agent of Juju 3.6 takes.
type Request struct {
	ContextId   string
	Dir         string
	CommandName string
	Args        []string
	StdinSet    bool
	Stdin       []byte
	Token       string
}

type ExecResponse struct {
	Code   int
	Stdout []byte
	Stderr []byte
}

// The same in another order, with fields that no client knows, and without
// those that it does not need.
type OddRequest struct {
	Weight      float64
	StdinSet    bool
	Args        []string
	Labels      map[string][]int
	CommandName string
	Stdin       []byte
}

type Inner struct {
	Numbers [3]int8
	Ratio   complex128
	Deeper  map[string][]Inner
}

type OddResponse struct {
	Before Inner
	Stderr []byte
	Labels map[string][]int
	Stdout []byte
	After  *Inner
	Code   int64
	Last   []Inner
}

// What an agent of Juju 4 takes from juju-exec.
type RunCommandsArgs struct {
	Commands              string
	RelationId            int
	RemoteUnitName        string
	RemoteApplicationName string
	ForceRemoteUnit       bool
	UnitName              string
}

type JujuExecServer struct{}

func (JujuExecServer) RunCommands(args RunCommandsArgs, response *ExecResponse) error {
	if args.UnitName == "" {
		return errors.New("missing unit name running command")
	}
	response.Code = args.RelationId
	response.Stdout = []byte(fmt.Sprintf("%+v", args))
	return nil
}

type Jujuc struct{}

func (Jujuc) Main(request Request, response *ExecResponse) error {
	return run(request, response)
}

type OddJujuc struct{}

func (OddJujuc) Main(request OddRequest, response *OddResponse) error {
	var plain ExecResponse
	err := run(Request{
		CommandName: request.CommandName,
		Args:        request.Args,
		StdinSet:    request.StdinSet,
		Stdin:       request.Stdin,
	}, &plain)
	inner := Inner{[3]int8{1, -2, 3}, complex(1.5, -2), map[string][]Inner{"x": {{}}}}
	*response = OddResponse{
		Before: inner,
		Stderr: plain.Stderr,
		Labels: map[string][]int{"a": {1, 2}, "b": nil},
		Stdout: plain.Stdout,
		After:  &inner,
		Code:   int64(plain.Code),
		Last:   []Inner{inner, {}},
	}
	return err
}

func run(request Request, response *ExecResponse) error {
	if request.CommandName == "" {
		return errors.New("bad request: command not specified")
	}
	switch request.CommandName {
	case "show":
		text := fmt.Sprintf("%q %q %q %q", request.ContextId, request.Dir, request.Args, request.Token)
		response.Stdout = []byte(text)
	case "cat":
		if !request.StdinSet {
			return errors.New("hook tool requires stdin, none supplied")
		}
		response.Stdout = request.Stdin
	case "fail":
		response.Code = len(request.Args)
		response.Stderr = []byte(strings.Join(request.Args, " "))
	case "negative":
		response.Code = -1
	case "nothing":
	default:
		return errors.New("bad request: unknown command: " + request.CommandName)
	}
	return nil
}

// Uses up type ids, as a long-lived process has.
func useUpTypeIds() {
	encoder := gob.NewEncoder(new(bytes.Buffer))
	var value any
	for _, value = range []any{
		struct{ A [1]int }{}, struct{ A [2]int }{}, struct{ A [3]int }{}, struct{ A [4]int }{},
		map[int]string{}, map[string]struct{ B []uint }{}, OddResponse{}, ExecResponse{},
	} {
		if err := encoder.Encode(value); err != nil {
			log.Fatal(err)
		}
	}
}

func main() {
	socket, shape := os.Args[1], os.Args[2]
	server := rpc.NewServer()
	var err error
	switch shape {
	case "plain":
		err = server.RegisterName("Jujuc", Jujuc{})
	case "other-ids":
		useUpTypeIds()
		err = server.RegisterName("Jujuc", Jujuc{})
	case "odd":
		err = server.RegisterName("Jujuc", OddJujuc{})
	case "exec":
		err = server.RegisterName("JujuExecServer", JujuExecServer{})
	case "stranger":
		err = server.RegisterName("Stranger", Jujuc{})
	default:
		log.Fatalf("no shape %q", shape)
	}
	if err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("unix", socket)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("ready")
	connection, err := listener.Accept()
	if err != nil {
		log.Fatal(err)
	}
	server.ServeConn(connection)
	fmt.Println("closed")
}
