package main

import (
	"hash"

	"github.com/IBM/sarama"
)

// javaPartitioner places keys as Java's default partitioner does: murmur2 with the sign masked away.
func javaPartitioner(topic string) sarama.Partitioner {
	return sarama.NewCustomPartitioner(sarama.WithAbsFirst(), sarama.WithCustomHashFunction(func() hash.Hash32 { return &murmur2{} }))(topic)
}

type murmur2 struct{ bytes []byte }

func (m *murmur2) Write(b []byte) (int, error) { m.bytes = append(m.bytes, b...); return len(b), nil }
func (m *murmur2) Sum(b []byte) []byte         { return b }
func (m *murmur2) Reset()                      { m.bytes = m.bytes[:0] }
func (m *murmur2) Size() int                   { return 4 }
func (m *murmur2) BlockSize() int              { return 4 }

func (m *murmur2) Sum32() uint32 {
	const mixer = 0x5bd1e995
	b := m.bytes
	h := uint32(0x9747b28c) ^ uint32(len(b))
	for ; len(b) >= 4; b = b[4:] {
		k := uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
		k *= mixer
		k ^= k >> 24
		h = h*mixer ^ k*mixer
	}
	if len(b) > 0 {
		for i := len(b) - 1; i >= 0; i-- {
			h ^= uint32(b[i]) << (8 * i)
		}
		h *= mixer
	}
	h ^= h >> 13
	h *= mixer
	h ^= h >> 15
	return h & 0x7fffffff
}
