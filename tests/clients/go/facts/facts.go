// Package facts is what the suites share: the checks' words, and the partitions that Java's default partitioner gives to keys.
package facts

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"
	"reflect"
	"sync/atomic"
	"time"
)

// JavaPartitionsOf12 holds partitions by murmur2 as Java's default partitioner uses it.
var JavaPartitionsOf12 = map[string]int32{
	"a": 4, "21": 0, "foobar": 6, "a-little-bit-long-string": 8, "a-little-bit-longer-string": 11,
}

// Produced, Consumed and Rebalances count what a suite did.
var Produced, Consumed, Rebalances atomic.Int64

// Close prints the closing line.
func Close(name string) {
	Check(Produced.Load() > 0 && Consumed.Load() > 0, "the suite produced and consumed nothing")
	fmt.Printf("SUITE %s produced=%d consumed=%d rebalances=%d\n", name, Produced.Load(), Consumed.Load(), Rebalances.Load())
}

// Check ends the suite when something does not hold.
func Check(holds bool, words string, more ...any) {
	if !holds {
		fmt.Fprintf(os.Stderr, "FAILED: "+words+"\n", more...)
		os.Exit(1)
	}
}

// Fine ends the suite on an error.
func Fine(err error, words string) { Check(err == nil, "%s: %v", words, err) }

// Equal ends the suite when two values differ.
func Equal(found, wanted any, words string) {
	Check(reflect.DeepEqual(found, wanted), "%s: found %v, wanted %v", words, found, wanted)
}

// Name makes a name that no other run uses.
func Name(kind string) string {
	random := make([]byte, 5)
	_, _ = rand.Read(random)
	return kind + "-" + hex.EncodeToString(random)
}

// Until waits for a condition; the suite fails when it does not hold within a minute.
func Until(words string, holds func() bool) {
	for end := time.Now().Add(time.Minute); !holds(); time.Sleep(50 * time.Millisecond) {
		Check(time.Now().Before(end), "not within a minute: %s", words)
	}
}

// Servers is the suite's only argument. It also starts the suite's deadline.
func Servers() string {
	Check(len(os.Args) == 2, "usage: suite HOST:PORT")
	time.AfterFunc(4*time.Minute, func() { Check(false, "the suite took over 240 s") })
	return os.Args[1]
}
