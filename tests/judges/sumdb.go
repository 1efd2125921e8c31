// Checks a checkpoint and proofs of ours with golang.org/x/mod/sumdb (note, tlog), which Go's own
// module mirror uses. The question comes as JSON on standard input; exit code 1 names what failed.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type question struct {
	VKey        string      `json:"vkey"`
	Old         string      `json:"old"`
	New         string      `json:"new"`
	Leaf        []byte      `json:"leaf"`
	Index       int64       `json:"index"`
	Inclusion   []tlog.Hash `json:"inclusion"`
	Consistency []tlog.Hash `json:"consistency"`
}

func fail(what string, err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", what, err)
		os.Exit(1)
	}
}

// open reads a checkpoint as a module mirror would: its text without the origin is a tree.
func open(text string, key note.Verifier) tlog.Tree {
	opened, err := note.Open([]byte(text), note.VerifierList(key))
	fail("note", err)
	origin, rest, _ := strings.Cut(opened.Text, "\n")
	if origin != key.Name() {
		fail("origin", fmt.Errorf("%q", origin))
	}
	tree, err := tlog.ParseTree([]byte("go.sum database tree\n" + rest))
	fail("tree", err)
	return tree
}

func main() {
	var asked question
	fail("question", json.NewDecoder(os.Stdin).Decode(&asked))
	key, err := note.NewVerifier(asked.VKey)
	fail("vkey", err)
	old, new := open(asked.Old, key), open(asked.New, key)
	leaf := tlog.RecordHash(asked.Leaf)
	fail("inclusion", tlog.CheckRecord(asked.Inclusion, new.N, new.Hash, asked.Index, leaf))
	fail("consistency", tlog.CheckTree(asked.Consistency, new.N, new.Hash, old.N, old.Hash))
	fmt.Printf("%d of %d\n", old.N, new.N)
}
