package suite;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.kafka.listener.ConsumerAwareRebalanceListener;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.support.ExponentialBackOffWithMaxRetries;
import org.springframework.kafka.support.serializer.DeserializationException;
import org.springframework.kafka.support.serializer.ErrorHandlingDeserializer;
import org.springframework.kafka.support.serializer.JsonDeserializer;
import org.springframework.kafka.support.serializer.JsonSerializer;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * An order service: JSON events keyed by customer, listeners with retries and a dead-letter topic. The setting
 * {@code suite.mended} chooses between an endless back-off and one that gives up after three retries.
 */
@SpringBootApplication
public class OrderApplication {
    /** Assignments that the listeners' consumers were given. */
    static final AtomicLong REBALANCES = new AtomicLong();

    @Value("${suite.bootstrap}")
    private String bootstrap;

    @Value("${suite.prefix}")
    private String prefix;

    @Value("${suite.mended}")
    private boolean mended;

    @Bean
    public NewTopic orderEvents() {
        return TopicBuilder.name(prefix + "order-events").partitions(3).replicas(1).build();
    }

    @Bean
    public NewTopic deadLetters() {
        return TopicBuilder.name(prefix + "order-events-dlq").partitions(3).replicas(1).build();
    }

    @Bean
    public NewTopic defaultDeadLetters() {
        return TopicBuilder.name(prefix + "order-events-dlt").partitions(3).replicas(1).build();
    }

    @Bean
    public org.springframework.kafka.core.KafkaAdmin kafkaAdmin() {
        return new org.springframework.kafka.core.KafkaAdmin(Map.of("bootstrap.servers", bootstrap));
    }

    @Bean
    public ProducerFactory<String, OrderEvent> producerFactory() {
        return new DefaultKafkaProducerFactory<>(Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap,
            ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class,
            ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, JsonSerializer.class,
            ProducerConfig.ACKS_CONFIG, "all",
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true));
    }

    @Bean
    public KafkaTemplate<String, OrderEvent> kafkaTemplate(ProducerFactory<String, OrderEvent> factory) {
        return new KafkaTemplate<>(factory);
    }

    @Bean
    public ConsumerFactory<String, OrderEvent> consumerFactory() {
        return new DefaultKafkaConsumerFactory<>(Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
            ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class,
            ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ErrorHandlingDeserializer.class,
            ErrorHandlingDeserializer.VALUE_DESERIALIZER_CLASS, JsonDeserializer.class,
            JsonDeserializer.TRUSTED_PACKAGES, "suite"));
    }

    @Bean
    public ConcurrentKafkaListenerContainerFactory<String, OrderEvent> kafkaListenerContainerFactory(
            ConsumerFactory<String, OrderEvent> consumers, DefaultErrorHandler errors) {
        ConcurrentKafkaListenerContainerFactory<String, OrderEvent> factory = new ConcurrentKafkaListenerContainerFactory<>();
        factory.setConsumerFactory(consumers);
        factory.setCommonErrorHandler(errors);
        factory.getContainerProperties().setConsumerRebalanceListener(new ConsumerAwareRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
                REBALANCES.incrementAndGet();
            }
        });
        return factory;
    }

    @Bean
    public DefaultErrorHandler errorHandler(KafkaTemplate<String, OrderEvent> template) {
        DeadLetterPublishingRecoverer recoverer = mended
            ? new DeadLetterPublishingRecoverer(
                template, (record, failure) -> new TopicPartition(record.topic() + "-dlq", record.partition()))
            : new DeadLetterPublishingRecoverer(template);
        DefaultErrorHandler handler = new DefaultErrorHandler(recoverer, backOff());
        handler.addNotRetryableExceptions(DeserializationException.class, ValidationException.class);
        return handler;
    }

    /** 1, 2, 4 s; the endless one goes on with 8, 16 and then 30 s for ever. */
    private BackOff backOff() {
        if (!mended) {
            return new ExponentialBackOff(1000L, 2.0);
        }
        ExponentialBackOffWithMaxRetries three = new ExponentialBackOffWithMaxRetries(3);
        three.setInitialInterval(1000L);
        three.setMultiplier(2.0);
        return three;
    }
}
