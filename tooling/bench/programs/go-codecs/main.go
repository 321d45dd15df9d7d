// The codecs that the tool of SBE generates for Go, measured as program.ts measures ours, on the same messages. Arguments: messages in
// a batch, batches, milliseconds of warm-up, and `bytes` where text is bytes and no strings. Prints "ready" once it is warm, and JSON for each
// line that it reads. Processor time of the process.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strconv"
	"syscall"
	"time"

	"codecs/bench"
)

const orderCount = 64
const mask = orderCount - 1

type leg struct {
	instrumentId int64
	legPrice     int64
	legQuantity  int32
	legSide      bench.SideEnum
}

type text struct {
	asString string
	asBytes  []byte
}

func makeText(value string) text {
	return text{value, []byte(value)}
}

type party struct {
	role      uint8
	partyName text
}

type order struct {
	orderId, accountId, price, quantity, timestampNs int64
	venue                                            uint16
	flags                                            bench.Flags
	side                                             bench.SideEnum
	ratio                                            float64
	legs                                             []leg
	parties                                          []party
	clientReference, note                            text
	signature                                        []byte
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func side(isBuy bool) bench.SideEnum {
	if isBuy {
		return bench.Side.BUY
	}
	return bench.Side.SELL
}

func makeOrder(i int) order {
	made := order{
		orderId:         7_000_000_000_000 + int64(i),
		accountId:       5_000_000_000 + int64(i),
		price:           1_234_500 + int64(i),
		quantity:        100 + int64(i),
		timestampNs:     1_700_000_000_000_000 + int64(i),
		venue:           17,
		side:            side(i%2 == 0),
		ratio:           0.25 + float64(i),
		parties:         []party{{1, makeText(fmt.Sprintf("TRADER-%d", i%10))}, {2, makeText(fmt.Sprintf("DESK-LONDON-%d", i%10))}},
		clientReference: makeText(fmt.Sprintf("REF-%08d-ABCD", i)),
		note:            makeText("Please fill before the auction closes"),
		signature:       make([]byte, 64),
	}
	made.flags[bench.FlagsChoice.PostOnly] = (1+(i&1))&1 != 0
	made.flags[bench.FlagsChoice.ReduceOnly] = (1+(i&1))&2 != 0
	for n := 0; n < 4; n++ {
		made.legs = append(made.legs, leg{
			instrumentId: 900_000_000_000 + int64(i+n),
			legPrice:     1_000_000 + int64(i*10+n),
			legQuantity:  int32(10 + n),
			legSide:      side(n%2 == 0),
		})
	}
	for n := range made.signature {
		made.signature[n] = byte(i + n)
	}
	return made
}

// IsBytes tells whether the application has its text as bytes.
var isBytes = len(os.Args) > 4 && os.Args[4] == "bytes"

// Bytes gives text as it is encoded: from a string, or what was bytes before.
func (text text) bytes() []byte {
	if isBytes {
		return text.asBytes
	}
	return []byte(text.asString)
}

// Codec encodes and decodes prepared orders with objects that are used again and again.
type codec struct {
	orders     []order
	messages   [][]byte
	marshaller *bench.SbeGoMarshaller
	buffer     bytes.Buffer
	reader     bytes.Reader
	header     bench.MessageHeader
	encoded    bench.Order
	decoded    bench.Order
}

func newCodec() *codec {
	codec := &codec{marshaller: bench.NewSbeGoMarshaller()}
	codec.header = bench.MessageHeader{
		BlockLength: codec.encoded.SbeBlockLength(),
		TemplateId:  codec.encoded.SbeTemplateId(),
		SchemaId:    codec.encoded.SbeSchemaId(),
		Version:     codec.encoded.SbeSchemaVersion(),
	}
	for i := 0; i < orderCount; i++ {
		codec.orders = append(codec.orders, makeOrder(i))
		codec.encode(i)
		codec.messages = append(codec.messages, append([]byte(nil), codec.buffer.Bytes()...))
	}
	return codec
}

func (codec *codec) encode(index int) int {
	from, to := &codec.orders[index&mask], &codec.encoded
	to.OrderId, to.AccountId, to.Price, to.Quantity = from.orderId, from.accountId, from.price, from.quantity
	to.TimestampNs, to.Sequence, to.Venue = from.timestampNs, int32(index), from.venue
	to.Flags, to.Side, to.Ratio = from.flags, from.side, from.ratio
	to.Legs = to.Legs[:0]
	for _, leg := range from.legs {
		to.Legs = append(to.Legs, bench.OrderLegs{
			InstrumentId: leg.instrumentId, LegPrice: leg.legPrice, LegQuantity: leg.legQuantity, LegSide: leg.legSide,
		})
	}
	to.Parties = to.Parties[:0]
	for _, party := range from.parties {
		to.Parties = append(to.Parties, bench.OrderParties{Role: party.role, PartyName: party.partyName.bytes()})
	}
	to.ClientReference, to.Note, to.Signature = from.clientReference.bytes(), from.note.bytes(), from.signature
	codec.buffer.Reset()
	if err := codec.header.Encode(codec.marshaller, &codec.buffer); err != nil {
		fail(err)
	}
	if err := to.Encode(codec.marshaller, &codec.buffer, false); err != nil {
		fail(err)
	}
	return codec.buffer.Len()
}

func (codec *codec) decode(index int) int {
	codec.reader.Reset(codec.messages[index&mask])
	var header bench.MessageHeader
	if err := header.Decode(codec.marshaller, &codec.reader, codec.header.Version); err != nil {
		fail(err)
	}
	from := &codec.decoded
	if err := from.Decode(codec.marshaller, &codec.reader, header.Version, header.BlockLength, false); err != nil {
		fail(err)
	}
	sum := from.OrderId + from.AccountId + from.Price + from.Quantity + from.TimestampNs
	sum += int64(from.Sequence) + int64(from.Venue) + int64(from.Side) + int64(from.Ratio)
	if from.Flags[bench.FlagsChoice.PostOnly] {
		sum++
	}
	for i := range from.Legs {
		leg := &from.Legs[i]
		sum += leg.InstrumentId + leg.LegPrice + int64(leg.LegQuantity) + int64(leg.LegSide)
	}
	for i := range from.Parties {
		sum += int64(from.Parties[i].Role) + look(from.Parties[i].PartyName)
	}
	sum += look(from.ClientReference) + look(from.Note)
	return int(sum) + int(from.Signature[63])
}

// Kept holds the last string, so that each is made.
var kept string

// Look makes a string of decoded text, where strings are asked for, and looks at the end of it.
func look(decoded []byte) int64 {
	if isBytes {
		return int64(len(decoded)) + int64(decoded[len(decoded)-1])
	}
	kept = string(decoded)
	return int64(len(kept)) + int64(kept[len(kept)-1])
}

func processorTime() int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		fail(err)
	}
	return usage.Utime.Nano() + usage.Stime.Nano()
}

var sink int

func batch(work func(int) int, count int) float64 {
	start := processorTime()
	for i := 0; i < count; i++ {
		sink += work(i)
	}
	return float64(processorTime()-start) / float64(count)
}

func warmUp(work func(int) int, count int, warmUpMs int) {
	for end := time.Now().Add(time.Duration(warmUpMs) * time.Millisecond); time.Now().Before(end); {
		batch(work, count)
	}
}

func measure(work func(int) int, count int, batches int) float64 {
	least := math.Inf(1)
	for i := 0; i < batches; i++ {
		least = math.Min(least, batch(work, count))
	}
	return least
}

func number(index int) int {
	value, err := strconv.Atoi(os.Args[index])
	if err != nil {
		fail(err)
	}
	return value
}

func main() {
	count, batches, warmUpMs := number(1), number(2), number(3)
	codec := newCodec()
	sample := map[string]float64{"bytes": float64(codec.encode(0))}
	warmUp(codec.encode, count, warmUpMs)
	warmUp(codec.decode, count, warmUpMs)
	fmt.Println("ready")
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		sample["encodeNs"] = measure(codec.encode, count, batches)
		sample["decodeNs"] = measure(codec.decode, count, batches)
		text, err := json.Marshal(sample)
		if err != nil {
			fail(err)
		}
		fmt.Println(string(text))
	}
}
