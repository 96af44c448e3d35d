// Two clients of librdkafka, as C programs use it.
//
//   e2e latency BOOTSTRAP TOPIC RATE SECONDS
//     sends records of 100 bytes to partition 0 and reads them back in the same process. Records are due by a clock, whether or
//     not earlier ones arrived, and a latency counts from when its record was due until the consumer has it. Prints
//     "COUNT P50 P99 P99.9 MAX" in microseconds.
//
//   e2e group BOOTSTRAP TOPIC GROUP
//     reads a topic in a consumer group that commits each second, until its standard input ends; then leaves the group and
//     prints "RECORDS BYTES".
#include <errno.h>
#include <inttypes.h>
#include <librdkafka/rdkafka.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { VALUE_SIZE = 100, PROBE_MAX = 200, BATCH_MAX = 10000 };

static void fail(const char *what, const char *why) {
    fprintf(stderr, "e2e: %s: %s\n", what, why);
    exit(1);
}

static int64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void sleep_until(int64_t ns) {
    struct timespec until = {.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR) {
    }
}

static void set(rd_kafka_conf_t *conf, const char *name, const char *value) {
    char why[512];
    if (rd_kafka_conf_set(conf, name, value, why, sizeof why) != RD_KAFKA_CONF_OK) fail(name, why);
}

static rd_kafka_t *client(rd_kafka_type_t type, rd_kafka_conf_t *conf) {
    char why[512];
    rd_kafka_t *made = rd_kafka_new(type, conf, why, sizeof why);
    if (made == NULL) fail("make a client", why);
    return made;
}

static rd_kafka_conf_t *common(const char *bootstrap) {
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    set(conf, "bootstrap.servers", bootstrap);
    set(conf, "socket.nagle.disable", "true");
    return conf;
}

static rd_kafka_conf_t *consumer_conf(const char *bootstrap, const char *group) {
    rd_kafka_conf_t *conf = common(bootstrap);
    set(conf, "group.id", group);
    return conf;
}

// What has arrived, in microseconds; the consumer's thread alone writes, and is joined before it is read.
struct arrivals {
    rd_kafka_t *consumer;
    uint32_t *micros;
    size_t count, count_max;
    atomic_size_t probes;
    atomic_bool stop;
};

// Of a record: when it was due, and 0 for one that only asks whether the way is open.
static void *receive(void *given) {
    struct arrivals *arrivals = given;
    while (!atomic_load(&arrivals->stop)) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(arrivals->consumer, 50);
        int64_t now = now_ns();
        if (message == NULL) continue;
        int64_t due = 0;
        if (message->err == 0 && message->len >= sizeof due) {
            memcpy(&due, message->payload, sizeof due);
            if (due == 0) {
                atomic_fetch_add(&arrivals->probes, 1);
            } else if (arrivals->count < arrivals->count_max) {
                arrivals->micros[arrivals->count++] = (uint32_t)((now - due) / 1000);
            }
        }
        rd_kafka_message_destroy(message);
    }
    return NULL;
}

static int compare(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

static uint32_t percentile(const struct arrivals *arrivals, double share) {
    size_t at = (size_t)(share * (double)arrivals->count);
    return arrivals->micros[at < arrivals->count ? at : arrivals->count - 1];
}

static void produce(rd_kafka_topic_t *topic, int64_t due) {
    char value[VALUE_SIZE];
    memset(value, 'x', sizeof value);
    memcpy(value, &due, sizeof due);
    if (rd_kafka_produce(topic, 0, RD_KAFKA_MSG_F_COPY, value, sizeof value, NULL, 0, NULL) != 0) {
        fail("produce", rd_kafka_err2str(rd_kafka_last_error()));
    }
}

static int latency(const char *bootstrap, const char *name, double rate, double seconds) {
    rd_kafka_conf_t *conf = common(bootstrap);
    set(conf, "linger.ms", "0");
    set(conf, "acks", "1");
    rd_kafka_t *producer = client(RD_KAFKA_PRODUCER, conf);
    rd_kafka_topic_t *topic = rd_kafka_topic_new(producer, name, NULL);
    if (topic == NULL) fail(name, rd_kafka_err2str(rd_kafka_last_error()));

    struct arrivals arrivals = {.count_max = (size_t)(rate * seconds) + 1};
    arrivals.micros = calloc(arrivals.count_max, sizeof *arrivals.micros);
    if (arrivals.micros == NULL) fail("take memory", strerror(errno));
    arrivals.consumer = client(RD_KAFKA_CONSUMER, consumer_conf(bootstrap, "e2e"));
    rd_kafka_poll_set_consumer(arrivals.consumer);
    rd_kafka_topic_partition_list_t *assigned = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(assigned, name, 0)->offset = RD_KAFKA_OFFSET_END;
    rd_kafka_resp_err_t error = rd_kafka_assign(arrivals.consumer, assigned);
    if (error != 0) fail("assign", rd_kafka_err2str(error));
    rd_kafka_topic_partition_list_destroy(assigned);
    pthread_t receiver;
    if (pthread_create(&receiver, NULL, receive, &arrivals) != 0) fail("start a thread", "refused");

    // The way is open when probes come back.
    for (int sent = 0; atomic_load(&arrivals.probes) < 3; sent++) {
        if (sent == PROBE_MAX) fail(name, "no record comes back");
        produce(topic, 0);
        rd_kafka_poll(producer, 50);
    }
    int64_t start = now_ns() + 200000000;
    size_t count = (size_t)(rate * seconds);
    for (size_t number = 0; number < count; number++) {
        int64_t due = start + (int64_t)((double)number / rate * 1e9);
        sleep_until(due);
        produce(topic, due);
        rd_kafka_poll(producer, 0);
    }
    rd_kafka_flush(producer, 10000);
    sleep_until(now_ns() + 500000000);
    atomic_store(&arrivals.stop, true);
    pthread_join(receiver, NULL);
    if (arrivals.count != count) {
        fprintf(stderr, "e2e: %zu of %zu records came back\n", arrivals.count, count);
        return 1;
    }
    qsort(arrivals.micros, arrivals.count, sizeof *arrivals.micros, compare);
    printf("%zu %u %u %u %u\n", arrivals.count, percentile(&arrivals, 0.5),
           percentile(&arrivals, 0.99), percentile(&arrivals, 0.999), percentile(&arrivals, 1.0));
    rd_kafka_consumer_close(arrivals.consumer);
    rd_kafka_destroy(arrivals.consumer);
    rd_kafka_topic_destroy(topic);
    rd_kafka_destroy(producer);
    free(arrivals.micros);
    return 0;
}

static int group(const char *bootstrap, const char *name, const char *group_id) {
    rd_kafka_conf_t *conf = consumer_conf(bootstrap, group_id);
    set(conf, "auto.offset.reset", "earliest");
    set(conf, "auto.commit.interval.ms", "1000");
    rd_kafka_t *consumer = client(RD_KAFKA_CONSUMER, conf);
    rd_kafka_poll_set_consumer(consumer);
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(topics, name, RD_KAFKA_PARTITION_UA);
    rd_kafka_resp_err_t error = rd_kafka_subscribe(consumer, topics);
    if (error != 0) fail("subscribe", rd_kafka_err2str(error));
    rd_kafka_topic_partition_list_destroy(topics);
    rd_kafka_queue_t *queue = rd_kafka_queue_get_consumer(consumer);
    static rd_kafka_message_t *messages[BATCH_MAX];
    uint64_t records = 0, bytes = 0;
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    while (poll(&input, 1, 0) == 0) {
        ssize_t count = rd_kafka_consume_batch_queue(queue, 100, messages, BATCH_MAX);
        for (ssize_t at = 0; at < count; at++) {
            if (messages[at]->err == 0) {
                records++;
                bytes += messages[at]->len;
            }
            rd_kafka_message_destroy(messages[at]);
        }
    }
    rd_kafka_queue_destroy(queue);
    rd_kafka_consumer_close(consumer);
    rd_kafka_destroy(consumer);
    printf("%" PRIu64 " %" PRIu64 "\n", records, bytes);
    return 0;
}

int main(int count, char **arguments) {
    if (count == 6 && strcmp(arguments[1], "latency") == 0) {
        return latency(arguments[2], arguments[3], atof(arguments[4]), atof(arguments[5]));
    }
    if (count == 5 && strcmp(arguments[1], "group") == 0) {
        return group(arguments[2], arguments[3], arguments[4]);
    }
    fail("usage", "e2e latency BOOTSTRAP TOPIC RATE SECONDS | e2e group BOOTSTRAP TOPIC GROUP");
}
