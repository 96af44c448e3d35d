// franz-go: the newest version of each API.
package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	. "ottla/clients/facts"
)

var (
	ctx     = context.Background()
	servers = Servers()
	admin   = kadm.NewClient(client())
)

func client(options ...kgo.Opt) *kgo.Client {
	made, err := kgo.NewClient(append([]kgo.Opt{kgo.SeedBrokers(servers), kgo.MetadataMinAge(100 * time.Millisecond),
		kgo.MetadataMaxAge(time.Second)}, options...)...)
	Fine(err, "client")
	return made
}

func create(topic string, partitions int32, configs map[string]*string) error {
	answer, err := admin.CreateTopic(ctx, partitions, 1, configs, topic)
	if err != nil {
		return err
	}
	return answer.Err
}

type member struct {
	client  *kgo.Client
	lock    sync.Mutex
	owned   map[int32]bool
	records []*kgo.Record
	done    chan struct{}
}

func join(group, topic string, balancer kgo.GroupBalancer) *member {
	m := &member{owned: map[int32]bool{}, done: make(chan struct{})}
	change := func(value bool) func(context.Context, *kgo.Client, map[string][]int32) {
		return func(_ context.Context, _ *kgo.Client, partitions map[string][]int32) {
			m.lock.Lock()
			defer m.lock.Unlock()
			if value {
				Rebalances.Add(1)
			}
			for _, p := range partitions[topic] {
				if value {
					m.owned[p] = true
				} else {
					delete(m.owned, p)
				}
			}
		}
	}
	m.client = client(kgo.ConsumerGroup(group), kgo.ConsumeTopics(topic), kgo.Balancers(balancer),
		kgo.SessionTimeout(6*time.Second), kgo.HeartbeatInterval(500*time.Millisecond), kgo.DisableAutoCommit(),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.FetchMaxWait(200*time.Millisecond),
		kgo.OnPartitionsAssigned(change(true)), kgo.OnPartitionsRevoked(change(false)), kgo.OnPartitionsLost(change(false)))
	go func() {
		defer close(m.done)
		for {
			fetches := m.client.PollFetches(ctx)
			if fetches.IsClientClosed() {
				return
			}
			m.lock.Lock()
			fetches.EachRecord(func(r *kgo.Record) { m.records = append(m.records, r); Consumed.Add(1) })
			m.lock.Unlock()
		}
	}()
	return m
}

func (m *member) count() int { m.lock.Lock(); defer m.lock.Unlock(); return len(m.owned) }
func (m *member) read() int  { m.lock.Lock(); defer m.lock.Unlock(); return len(m.records) }

func (m *member) leave() { m.client.Close(); <-m.done }

func administration() {
	topic := Name("admin")
	retention := "123456"
	Fine(create(topic, 4, map[string]*string{"retention.ms": &retention}), "creating")
	Check(errors.Is(create(topic, 1, nil), kerr.TopicAlreadyExists), "creating twice was accepted")
	Until("setting described", func() bool {
		described, err := admin.DescribeTopicConfigs(ctx, topic)
		Fine(err, "describing")
		found := map[string]string{}
		for _, c := range described[0].Configs {
			found[c.Key] = c.MaybeValue()
		}
		return found["retention.ms"] == "123456" && found["cleanup.policy"] == "delete"
	})
	shrunk, err := admin.UpdatePartitions(ctx, 2, topic)
	Fine(err, "shrinking")
	Check(errors.Is(shrunk[topic].Err, kerr.InvalidPartitions), "shrinking: %v", shrunk[topic].Err)
	grown, err := admin.UpdatePartitions(ctx, 6, topic)
	Fine(err, "growing")
	Fine(grown[topic].Err, "growing")
	Until("topic grew", func() bool {
		topics, err := admin.ListTopics(ctx, topic)
		return err == nil && len(topics[topic].Partitions) == 6
	})
	deleted, err := admin.DeleteTopics(ctx, topic)
	Fine(err, "deleting")
	Fine(deleted[topic].Err, "deleting")
	Until("topic gone", func() bool { topics, err := admin.ListTopics(ctx); return err == nil && !topics.Has(topic) })
}

func codecs() {
	topic := Name("codecs")
	Fine(create(topic, 1, nil), "creating")
	codecs := []kgo.CompressionCodec{kgo.NoCompression(), kgo.GzipCompression(), kgo.SnappyCompression(),
		kgo.Lz4Compression(), kgo.ZstdCompression()}
	var sent []*kgo.Record
	for c, codec := range codecs {
		producer := client(kgo.ProducerBatchCompression(codec), kgo.ProducerLinger(20*time.Millisecond))
		var batch []*kgo.Record
		for i := range 200 {
			value := ""
			for range 20 {
				value += fmt.Sprintf("%d %d ", c, i)
			}
			batch = append(batch, &kgo.Record{Topic: topic, Key: fmt.Appendf(nil, "%d-%d", c, i), Value: []byte(value),
				Headers:   []kgo.RecordHeader{{Key: "codec", Value: []byte{byte('0' + c)}}, {Key: "none", Value: nil}},
				Timestamp: time.UnixMilli(1_700_000_000_000 + int64(len(sent)+i))})
		}
		Fine(producer.ProduceSync(ctx, batch...).FirstErr(), "producing")
		producer.Close()
		sent = append(sent, batch...)
	}
	Produced.Add(int64(len(sent)))
	reader := client(kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{topic: {0: kgo.NewOffset().AtStart()}}))
	var found []*kgo.Record
	Until("all codecs read", func() bool {
		found = append(found, reader.PollFetches(ctx).Records()...)
		return len(found) >= len(sent)
	})
	Equal(len(found), len(sent), "records of all codecs")
	for i, r := range found {
		w := sent[i]
		Equal([]any{r.Offset, r.Key, r.Value, r.Headers, r.Timestamp.UnixMilli()},
			[]any{int64(i), w.Key, w.Value, w.Headers, w.Timestamp.UnixMilli()}, "record")
	}
	Consumed.Add(int64(len(found)))
	byTime, err := admin.ListOffsetsAfterMilli(ctx, 1_700_000_000_000+700, topic)
	Fine(err, "offset by time")
	Equal(byTime[topic][0].Offset, int64(700), "offset by time")
	ends, err := admin.ListEndOffsets(ctx, topic)
	Fine(err, "end offset")
	Equal(ends[topic][0].Offset, int64(len(sent)), "end offset")
	reader.SetOffsets(map[string]map[int32]kgo.EpochOffset{topic: {0: {Epoch: -1, Offset: 345}}})
	Equal(reader.PollFetches(ctx).Records()[0].Offset, int64(345), "seek")
	reader.Close()
}

func partitionsAsJava() {
	topic := Name("keys")
	Fine(create(topic, 12, nil), "creating")
	producer := client()
	found := map[string]int32{}
	for key := range JavaPartitionsOf12 {
		answer := producer.ProduceSync(ctx, &kgo.Record{Topic: topic, Key: []byte(key), Value: []byte("x")})
		Fine(answer.FirstErr(), "producing")
		found[key] = answer[0].Record.Partition
		Produced.Add(1)
	}
	Equal(found, JavaPartitionsOf12, "partitions of keys")
	producer.Close()
}

func groups() {
	topic, group := Name("group"), Name("g")
	Fine(create(topic, 4, nil), "creating")
	members := []*member{join(group, topic, kgo.RangeBalancer()), join(group, topic, kgo.RangeBalancer())}
	Until("two members own two each", func() bool { return members[0].count() == 2 && members[1].count() == 2 })
	producer := client()
	for i := range 400 {
		producer.Produce(ctx, &kgo.Record{Topic: topic, Key: fmt.Appendf(nil, "k%d", i), Value: []byte("v")},
			func(_ *kgo.Record, err error) { Fine(err, "producing"); Produced.Add(1) })
	}
	Fine(producer.Flush(ctx), "flushing")
	Until("the group read all", func() bool { return members[0].read()+members[1].read() == 400 })
	other := join(Name("g"), topic, kgo.CooperativeStickyBalancer())
	Until("a second group reads its own copy", func() bool { return other.read() == 400 })
	other.leave()
	for range 3 {
		members = append(members, join(group, topic, kgo.RangeBalancer()))
	}
	Until("one of five is idle", func() bool {
		sum, idle := 0, 0
		for _, m := range members {
			sum += m.count()
			if m.count() == 0 {
				idle++
			}
		}
		return sum == 4 && idle == 1
	})
	for _, m := range members[:2] {
		Fine(m.client.CommitUncommittedOffsets(ctx), "committing")
	}
	described, err := admin.DescribeGroups(ctx, group)
	Fine(err, "describing the group")
	Equal(described[group].State, "Stable", "state of the group")
	Equal(len(described[group].Members), 5, "members of the group")
	for _, m := range members[1:] {
		m.leave()
	}
	Until("the last one owns all", func() bool { return members[0].count() == 4 })
	grown, err := admin.UpdatePartitions(ctx, 8, topic)
	Fine(err, "growing")
	Fine(grown[topic].Err, "growing")
	Until("grown topic picked up", func() bool { return members[0].count() == 8 })
	members[0].leave()
	lag, err := admin.Lag(ctx, group)
	Fine(err, "lag")
	groupLag := lag[group]
	Fine(groupLag.Error(), "lag")
	deleted, err := admin.DeleteGroups(ctx, group)
	Fine(err, "deleting the group")
	Fine(deleted[group].Err, "deleting the group")
	producer.Close()
}

func main() {
	administration()
	codecs()
	partitionsAsJava()
	groups()
	sessions()
	fenced()
	admin.Close()
	Close("franz-go")
}
