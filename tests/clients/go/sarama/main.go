// sarama: the versions of its default, Kafka 2.8.
package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/IBM/sarama"

	. "ottla/clients/facts"
)

var servers = []string{Servers()}

func config() *sarama.Config {
	c := sarama.NewConfig()
	c.Metadata.RefreshFrequency = time.Second
	c.Producer.Return.Successes = true
	c.Producer.RequiredAcks = sarama.WaitForAll
	c.Consumer.Offsets.Initial = sarama.OffsetOldest
	c.Consumer.Group.Session.Timeout = 6 * time.Second
	c.Consumer.Group.Heartbeat.Interval = 500 * time.Millisecond
	c.Consumer.MaxWaitTime = 200 * time.Millisecond
	return c
}

type member struct {
	group   sarama.ConsumerGroup
	cancel  context.CancelFunc
	lock    sync.Mutex
	owned   int
	records []*sarama.ConsumerMessage
	done    chan struct{}
}

func join(group, topic string) *member {
	made, err := sarama.NewConsumerGroup(servers, group, config())
	Fine(err, "joining")
	ctx, cancel := context.WithCancel(context.Background())
	m := &member{group: made, cancel: cancel, owned: -1, done: make(chan struct{})}
	go func() {
		defer close(m.done)
		for ctx.Err() == nil {
			err := made.Consume(ctx, []string{topic}, m)
			Check(err == nil || ctx.Err() != nil || errors.Is(err, sarama.ErrClosedConsumerGroup), "consuming: %v", err)
		}
	}()
	return m
}

func (m *member) Setup(session sarama.ConsumerGroupSession) error {
	m.lock.Lock()
	defer m.lock.Unlock()
	Rebalances.Add(1)
	m.owned = 0
	for _, partitions := range session.Claims() {
		m.owned += len(partitions)
	}
	return nil
}

func (m *member) Cleanup(sarama.ConsumerGroupSession) error { return nil }

func (m *member) ConsumeClaim(session sarama.ConsumerGroupSession, claim sarama.ConsumerGroupClaim) error {
	for {
		select {
		case r, open := <-claim.Messages():
			if !open {
				return nil
			}
			m.lock.Lock()
			m.records = append(m.records, r)
			m.lock.Unlock()
			Consumed.Add(1)
			session.MarkMessage(r, "")
			session.Commit()
		case <-session.Context().Done():
			return nil
		}
	}
}

func (m *member) count() int { m.lock.Lock(); defer m.lock.Unlock(); return m.owned }
func (m *member) read() int  { m.lock.Lock(); defer m.lock.Unlock(); return len(m.records) }

func (m *member) leave() {
	m.cancel()
	<-m.done
	Fine(m.group.Close(), "leaving")
}

func administration(admin sarama.ClusterAdmin) {
	topic := Name("admin")
	retention := "123456"
	detail := &sarama.TopicDetail{NumPartitions: 4, ReplicationFactor: 1, ConfigEntries: map[string]*string{"retention.ms": &retention}}
	Fine(admin.CreateTopic(topic, detail, false), "creating")
	Check(errors.Is(admin.CreateTopic(topic, detail, false), sarama.ErrTopicAlreadyExists), "creating twice was accepted")
	Until("setting described", func() bool {
		entries, err := admin.DescribeConfig(sarama.ConfigResource{Type: sarama.TopicResource, Name: topic})
		if err != nil {
			return false
		}
		found := map[string]string{}
		for _, e := range entries {
			found[e.Name] = e.Value
		}
		return found["retention.ms"] == "123456" && found["cleanup.policy"] == "delete"
	})
	var refused *sarama.TopicPartitionError
	err := admin.CreatePartitions(topic, 2, nil, false)
	Check(errors.As(err, &refused) && refused.Err == sarama.ErrInvalidPartitions, "shrinking: %v", err)
	Fine(admin.CreatePartitions(topic, 6, nil, false), "growing")
	Until("topic grew", func() bool {
		topics, err := admin.DescribeTopics([]string{topic})
		return err == nil && len(topics[0].Partitions) == 6
	})
	Fine(admin.DeleteTopic(topic), "deleting")
	Until("topic gone", func() bool { topics, err := admin.ListTopics(); _, there := topics[topic]; return err == nil && !there })
}

func codecs(admin sarama.ClusterAdmin) {
	topic := Name("codecs")
	Fine(admin.CreateTopic(topic, &sarama.TopicDetail{NumPartitions: 1, ReplicationFactor: 1}, false), "creating")
	var sent []*sarama.ProducerMessage
	for _, codec := range []sarama.CompressionCodec{sarama.CompressionNone, sarama.CompressionGZIP, sarama.CompressionSnappy,
		sarama.CompressionLZ4, sarama.CompressionZSTD} {
		c := config()
		c.Producer.Compression = codec
		producer, err := sarama.NewSyncProducer(servers, c)
		Fine(err, "producer")
		var batch []*sarama.ProducerMessage
		for i := range 200 {
			batch = append(batch, &sarama.ProducerMessage{Topic: topic, Key: sarama.StringEncoder(fmt.Sprintf("%d-%d", codec, i)),
				Value:     sarama.StringEncoder(fmt.Sprintf("%0200d", i)),
				Headers:   []sarama.RecordHeader{{Key: []byte("codec"), Value: []byte{byte('0' + codec)}}},
				Timestamp: time.UnixMilli(1_700_000_000_000 + int64(len(sent)+i))})
		}
		Fine(producer.SendMessages(batch), "producing")
		Fine(producer.Close(), "closing")
		sent = append(sent, batch...)
	}
	Produced.Add(int64(len(sent)))
	client, err := sarama.NewClient(servers, config())
	Fine(err, "client")
	consumer, err := sarama.NewConsumerFromClient(client)
	Fine(err, "consumer")
	reader, err := consumer.ConsumePartition(topic, 0, sarama.OffsetOldest)
	Fine(err, "reading")
	for i, w := range sent {
		r := <-reader.Messages()
		key, _ := w.Key.Encode()
		value, _ := w.Value.Encode()
		Equal([]any{r.Offset, r.Key, r.Value, r.Headers[0].Value, r.Timestamp.UnixMilli()},
			[]any{int64(i), key, value, w.Headers[0].Value, w.Timestamp.UnixMilli()}, "record")
		Consumed.Add(1)
	}
	Fine(reader.Close(), "closing")
	byTime, err := client.GetOffset(topic, 0, 1_700_000_000_000+700)
	Fine(err, "offset by time")
	Equal(byTime, int64(700), "offset by time")
	end, err := client.GetOffset(topic, 0, sarama.OffsetNewest)
	Fine(err, "end offset")
	Equal(end, int64(len(sent)), "end offset")
	sought, err := consumer.ConsumePartition(topic, 0, 345)
	Fine(err, "seek")
	Equal((<-sought.Messages()).Offset, int64(345), "seek")
	Fine(sought.Close(), "closing")
	Fine(consumer.Close(), "closing")
}

func partitionsAsJava(admin sarama.ClusterAdmin) {
	topic := Name("keys")
	Fine(admin.CreateTopic(topic, &sarama.TopicDetail{NumPartitions: 12, ReplicationFactor: 1}, false), "creating")
	c := config()
	c.Producer.Idempotent = true
	c.Net.MaxOpenRequests = 1
	// Its default is FNV; this is the one that Java clients agree with.
	c.Producer.Partitioner = javaPartitioner
	producer, err := sarama.NewSyncProducer(servers, c)
	Fine(err, "producer")
	found := map[string]int32{}
	for key := range JavaPartitionsOf12 {
		partition, _, err := producer.SendMessage(&sarama.ProducerMessage{Topic: topic, Key: sarama.StringEncoder(key), Value: sarama.StringEncoder("x")})
		Fine(err, "producing")
		found[key] = partition
		Produced.Add(1)
	}
	Equal(found, JavaPartitionsOf12, "partitions of keys")
	Fine(producer.Close(), "closing")
}

func groups(admin sarama.ClusterAdmin) {
	topic, group := Name("group"), Name("g")
	Fine(admin.CreateTopic(topic, &sarama.TopicDetail{NumPartitions: 4, ReplicationFactor: 1}, false), "creating")
	members := []*member{join(group, topic), join(group, topic)}
	Until("two members own two each", func() bool { return members[0].count() == 2 && members[1].count() == 2 })
	producer, err := sarama.NewSyncProducer(servers, config())
	Fine(err, "producer")
	var batch []*sarama.ProducerMessage
	for i := range 400 {
		batch = append(batch, &sarama.ProducerMessage{Topic: topic, Key: sarama.StringEncoder(fmt.Sprintf("k%d", i)), Value: sarama.StringEncoder("v")})
	}
	Fine(producer.SendMessages(batch), "producing")
	Produced.Add(400)
	Until("the group read all", func() bool { return members[0].read()+members[1].read() == 400 })
	other := join(Name("g"), topic)
	Until("a second group reads its own copy", func() bool { return other.read() == 400 })
	other.leave()
	members[1].leave()
	Until("the last one owns all", func() bool { return members[0].count() == 4 })
	Fine(admin.CreatePartitions(topic, 8, nil, false), "growing")
	Until("grown topic picked up", func() bool { return members[0].count() == 8 })
	members[0].leave()
	resumed := join(group, topic)
	_, _, err = producer.SendMessage(&sarama.ProducerMessage{Topic: topic, Key: sarama.StringEncoder("after"), Value: sarama.StringEncoder("v")})
	Fine(err, "producing")
	Produced.Add(1)
	Until("new record read", func() bool { return resumed.read() > 0 })
	Equal(string(resumed.records[0].Key), "after", "committed offsets survive")
	described, err := admin.DescribeConsumerGroups([]string{group})
	Fine(err, "describing the group")
	Equal(described[0].State, "Stable", "state of the group")
	resumed.leave()
	offsets, err := admin.ListConsumerGroupOffsets(group, nil)
	Fine(err, "offsets of the group")
	Equal(len(offsets.Blocks[topic]) > 0, true, "offsets of the group")
	Fine(admin.DeleteConsumerGroup(group), "deleting the group")
	Fine(producer.Close(), "closing")
}

func main() {
	admin, err := sarama.NewClusterAdmin(servers, config())
	Fine(err, "admin")
	administration(admin)
	codecs(admin)
	partitionsAsJava(admin)
	groups(admin)
	Fine(admin.Close(), "closing")
	Close("sarama")
}
