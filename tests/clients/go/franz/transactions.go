package main

import (
	"errors"
	"sort"
	"strconv"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	. "ottla/clients/facts"
)

// committed gives the values that readers of committed records see, in their order.
func committed(topic string, count int) []string {
	reader := client(kgo.ConsumeTopics(topic), kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.FetchMaxWait(200*time.Millisecond),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	defer reader.Close()
	var values []string
	poll := func() {
		reader.PollFetches(ctx).EachRecord(func(r *kgo.Record) { values = append(values, string(r.Value)); Consumed.Add(1) })
	}
	// A last look for what must not be there, behind a record that everybody sees.
	Fine(client().ProduceSync(ctx, &kgo.Record{Topic: topic, Value: []byte("~end")}).FirstErr(), "the closing record")
	Until("committed records", func() bool { poll(); return len(values) > count })
	sort.Strings(values)
	return values[:len(values)-1]
}

func numbers(prefix string, count int) []string {
	var wanted []string
	for i := range count {
		wanted = append(wanted, prefix+strconv.Itoa(i))
	}
	sort.Strings(wanted)
	return wanted
}

// sessions moves each input to an output exactly once, in sessions of a group that change hands; every third is given up.
func sessions() {
	source, sink, group := Name("source"), Name("sink"), Name("sessions")
	Fine(create(source, 2, nil), "creating")
	Fine(create(sink, 1, nil), "creating")
	const count = 400
	loader := client()
	for _, value := range numbers("in-", count) {
		Fine(loader.ProduceSync(ctx, &kgo.Record{Topic: source, Key: []byte(value), Value: []byte(value)}).FirstErr(), "loading")
		Produced.Add(1)
	}
	loader.Close()
	id := Name("session")
	open := func() *kgo.GroupTransactSession {
		session, err := kgo.NewGroupTransactSession(kgo.SeedBrokers(servers), kgo.TransactionalID(id), kgo.ConsumerGroup(group),
			kgo.ConsumeTopics(source), kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.RequireStableFetchOffsets(),
			kgo.FetchMaxWait(200*time.Millisecond), kgo.FetchMaxBytes(2000), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
			kgo.SessionTimeout(6*time.Second), kgo.HeartbeatInterval(500*time.Millisecond))
		Fine(err, "session")
		return session
	}
	session := open()
	done, turn := 0, 0
	Until("all inputs moved", func() bool {
		fetches := session.PollRecords(ctx, 40)
		if fetches.NumRecords() == 0 {
			return done == count
		}
		turn++
		Fine(session.Begin(), "begin")
		fetches.EachRecord(func(r *kgo.Record) {
			Consumed.Add(1)
			Produced.Add(1)
			session.Produce(ctx, &kgo.Record{Topic: sink, Value: append([]byte("out-"), r.Value...)}, func(_ *kgo.Record, err error) {
				Check(err == nil || turn%3 == 0, "produce: %v", err)
			})
		})
		wish := kgo.TransactionEndTry(turn%3 != 0)
		ended, err := session.End(ctx, wish)
		Fine(err, "end")
		if ended {
			done += fetches.NumRecords()
		}
		if turn == 4 {
			session.Close()
			session = open()
		}
		return done == count
	})
	session.Close()
	Equal(committed(sink, count), numbers("out-in-", count), "outputs of sessions")
}

// fenced sees a producer refused whose id a later one has taken over.
func fenced() {
	topic, id := Name("fenced"), Name("t")
	Fine(create(topic, 1, nil), "creating")
	transact := func(producer *kgo.Client, value string) error {
		if err := producer.BeginTransaction(); err != nil {
			return err
		}
		Produced.Add(1)
		return producer.ProduceSync(ctx, &kgo.Record{Topic: topic, Value: []byte(value)}).FirstErr()
	}
	zombie := client(kgo.TransactionalID(id))
	Fine(transact(zombie, "zombie"), "produce")
	later := client(kgo.TransactionalID(id))
	Fine(transact(later, "later"), "produce")
	Fine(later.EndTransaction(ctx, kgo.TryCommit), "commit")
	err := zombie.EndTransaction(ctx, kgo.TryCommit)
	Check(errors.Is(err, kerr.ProducerFenced) || errors.Is(err, kerr.InvalidProducerEpoch), "a fenced producer's commit: %v", err)
	Equal(committed(topic, 1), []string{"later"}, "records after a zombie")
	zombie.Close()
	later.Close()
}
