package suite;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.stereotype.Component;

/** Notes what the listeners were given. */
@Component
public class OrderEventConsumer {
    record Seen(OrderEvent event, int partition, long offset, long nanos) {
    }

    final List<Seen> handled = new CopyOnWriteArrayList<>();
    final Map<Integer, List<Seen>> attempts = new ConcurrentHashMap<>();
    final List<ConsumerRecord<String, OrderEvent>> deadLetters = new CopyOnWriteArrayList<>();
    final Map<String, Boolean> threads = new ConcurrentHashMap<>();

    @KafkaListener(topics = "${suite.prefix}order-events", groupId = "${suite.prefix}notification-service", concurrency = "3")
    public void handleOrderEvent(
            @Payload OrderEvent event,
            @Header(KafkaHeaders.RECEIVED_PARTITION) int partition,
            @Header(KafkaHeaders.OFFSET) long offset) {
        threads.put(Thread.currentThread().getName(), true);
        Seen seen = new Seen(event, partition, offset, System.nanoTime());
        switch (event.type()) {
            case "ORDER_CREATED", "ORDER_SHIPPED", "ORDER_DELIVERED" -> handled.add(seen);
            case "BROKEN" -> {
                attempts.computeIfAbsent(event.number(), n -> new CopyOnWriteArrayList<>()).add(seen);
                throw new IllegalStateException("cannot handle order " + event.number());
            }
            default -> {
                attempts.computeIfAbsent(event.number(), n -> new CopyOnWriteArrayList<>()).add(seen);
                throw new ValidationException("unknown type " + event.type());
            }
        }
    }

    @KafkaListener(topics = "${suite.prefix}order-events-dlq", groupId = "${suite.prefix}dlq-handler")
    public void handleDlq(ConsumerRecord<String, OrderEvent> record) {
        deadLetters.add(record);
    }
}
