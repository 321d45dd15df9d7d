// Package program has what all programs share: parameters, the client, and how results are printed.
package program

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/lirm/aeron-go/aeron"
	"github.com/lirm/aeron-go/aeron/logging"
)

// Fail ends the program with a reason.
func Fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// Must gives a value, or ends the program with the error.
func Must[T any](value T, err error) T {
	if err != nil {
		Fail(err)
	}
	return value
}

// Text gives a parameter, which is an argument key=value; the same keys in every language.
func Text(key string) string {
	for _, arg := range os.Args[1:] {
		if name, value, found := strings.Cut(arg, "="); found && name == key {
			return value
		}
	}
	Fail(fmt.Errorf("Cannot run: give %s=...", key))
	return ""
}

// Number gives a parameter that is a number.
func Number(key string) int {
	value, err := strconv.Atoi(Text(key))
	if err != nil {
		Fail(err)
	}
	return value
}

// Numbers gives a parameter that is numbers, separated by commas.
func Numbers(key string) []int {
	var values []int
	for _, text := range strings.Split(Text(key), ",") {
		values = append(values, Must(strconv.Atoi(text)))
	}
	return values
}

// Quiet keeps the library from writing about what it does.
func Quiet() {
	for _, name := range []string{"aeron", "memmap", "driver", "counters", "logbuffers", "buffer", "rb"} {
		logging.SetLevel(logging.ERROR, name)
	}
}

// Connect gives a client of the driver in the directory dir.
func Connect() *aeron.Aeron {
	Quiet()
	client, err := aeron.Connect(aeron.NewContext().AeronDir(Text("dir")))
	if err != nil {
		Fail(err)
	}
	return client
}

// Sample is what was measured.
type Sample struct {
	Values     map[string]float64 `json:"values"`
	Histograms map[string]string  `json:"histograms"`
}

// Print writes the sample for the process that compares.
func (sample Sample) Print() {
	if sample.Histograms == nil {
		sample.Histograms = map[string]string{}
	}
	text, err := json.Marshal(sample)
	if err != nil {
		Fail(err)
	}
	fmt.Println(string(text))
}

// Encode gives a histogram as all implementations of HdrHistogram read it, in base64.
func Encode(histogram *hdrhistogram.Histogram) string {
	encoded, err := histogram.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
	if err != nil {
		Fail(err)
	}
	return string(encoded)
}
