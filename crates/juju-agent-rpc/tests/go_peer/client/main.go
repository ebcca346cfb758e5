// A hook tool's end on Go's own net/rpc, in one of several shapes. It makes
// some calls and prints what is answered.
//
// Usage: client SOCKET SHAPE
package main

import (
	"bytes"
	"fmt"
	"log"
	"net/rpc"
	"os"
)

// What a hook tool of Juju 3.6 sends.
type Request struct {
	ContextId   string
	Dir         string
	CommandName string
	Args        []string
	StdinSet    bool
	Stdin       []byte
	Token       string
}

// What juju-run of Juju 2.9 sends.
type RunCommandsArgs struct {
	Commands              string
	RelationId            int
	RemoteUnitName        string
	RemoteApplicationName string
	ForceRemoteUnit       bool
	UnitName              string
	Token                 string
	Operator              bool
}

// The same in another order, with fields that no agent knows.
type OddRequest struct {
	Labels      map[string][]int
	Args        []string
	Inner       struct{ Numbers [2]uint16 }
	CommandName string
	StdinSet    bool
	Stdin       []byte
	Tail        []struct{ Ratio float32 }
}

type Response struct {
	Code   int
	Stdout []byte
	Stderr []byte
}

// One field of the answer, of a narrower type.
type NarrowResponse struct {
	Missing string
	Code    int8
}

func main() {
	socket, shape := os.Args[1], os.Args[2]
	client, err := rpc.Dial("unix", socket)
	if err != nil {
		log.Fatal(err)
	}
	switch shape {
	case "plain":
		plain(client)
	case "odd":
		odd(client)
	case "exec":
		exec(client)
	case "at-once":
		atOnce(client)
	default:
		log.Fatalf("no shape %q", shape)
	}
	if err := client.Close(); err != nil {
		log.Fatal(err)
	}
}

func plain(client *rpc.Client) {
	call := func(method string, request Request) {
		var response Response
		err := client.Call(method, request, &response)
		fmt.Printf("%d %q %q %v\n", response.Code, response.Stdout, response.Stderr, err)
	}
	request := Request{ContextId: "c", Dir: "/charm", CommandName: "show", Args: []string{"-r", "", "a b"}, Token: "t"}
	call("Jujuc.Main", request)
	call("Jujuc.Main", Request{CommandName: "cat"})
	call("Jujuc.Main", Request{CommandName: "cat", StdinSet: true})
	call("Jujuc.Main", Request{CommandName: "cat", StdinSet: true, Stdin: []byte{0, 255, '\n'}})
	call("Jujuc.Main", Request{CommandName: "fail", Args: []string{"x", "y"}})
	call("Jujuc.Main", Request{CommandName: "nope"})
	call("Jujuc.Greet", request)
	call("Stranger.Main", request)
	call("Jujuc.Main", Request{CommandName: "show"})
	big := bytes.Repeat([]byte("0123456789abcdef"), 1024*1024)
	var response Response
	err := client.Call("Jujuc.Main", Request{CommandName: "cat", StdinSet: true, Stdin: big}, &response)
	fmt.Println(bytes.Equal(big, response.Stdout), err)
}

func exec(client *rpc.Client) {
	for _, args := range []RunCommandsArgs{
		{"exit 3", -1, "", "", false, "app/0", "", false},
		{"true", 0, "db/0", "db", true, "app/0", "t", true},
	} {
		var response Response
		err := client.Call("JujuRunServer.RunCommands", args, &response)
		fmt.Printf("%d %q %q %v\n", response.Code, response.Stdout, response.Stderr, err)
	}
}

func odd(client *rpc.Client) {
	request := OddRequest{
		Labels:      map[string][]int{"a": {1, -2}, "b": nil},
		Args:        []string{"x", "y", "z"},
		CommandName: "fail",
		Tail:        []struct{ Ratio float32 }{{1.5}, {}},
	}
	request.Inner.Numbers = [2]uint16{7, 65535}
	for i := 0; i < 3; i++ {
		var response NarrowResponse
		err := client.Call("Jujuc.Main", request, &response)
		fmt.Println(response.Code, err)
		request.Args = append(request.Args, "more")
	}
}

// Sends all requests before it waits for an answer.
func atOnce(client *rpc.Client) {
	var calls []*rpc.Call
	for i := 0; i < 50; i++ {
		request := Request{CommandName: "fail", Args: make([]string, i)}
		calls = append(calls, client.Go("Jujuc.Main", request, new(Response), nil))
	}
	for i, call := range calls {
		<-call.Done
		if code := call.Reply.(*Response).Code; code != i || call.Error != nil {
			fmt.Println(i, code, call.Error)
		}
	}
	fmt.Println("done")
}
