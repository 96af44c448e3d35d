package suite;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.support.KafkaHeaders;

/** Runs the order service twice: with the endless back-off, and with the mended one. */
public final class Suite {
    private static long produced;
    private static long consumed;

    public static void main(String[] arguments) throws Exception {
        endless(arguments[0]);
        mended(arguments[0]);
        check(OrderApplication.REBALANCES.get() > 0, "no listener was given partitions");
        System.out.printf("SUITE spring produced=%d consumed=%d rebalances=%d%n", produced, consumed, OrderApplication.REBALANCES.get());
        System.exit(0);
    }

    private static ConfigurableApplicationContext start(String bootstrap, boolean mended) {
        SpringApplication application = new SpringApplication(OrderApplication.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setDefaultProperties(Map.of(
            "suite.bootstrap", bootstrap,
            "suite.mended", mended,
            "suite.prefix", UUID.randomUUID().toString().substring(0, 8) + "-",
            "logging.level.root", "OFF",
            "spring.main.banner-mode", "off"));
        return application.run();
    }

    /** A back-off without an end never gives up: the broken event is tried again and again, and nothing is dead-lettered. */
    private static void endless(String bootstrap) throws Exception {
        try (ConfigurableApplicationContext context = start(bootstrap, false)) {
            OrderEventConsumer consumer = context.getBean(OrderEventConsumer.class);
            send(context, "customer", new OrderEvent("BROKEN", "customer", 1));
            until("five attempts", () -> attempts(consumer, 1) >= 5);
            check(consumer.deadLetters.isEmpty(), "a dead letter came although the back-off has no end");
            consumed += attempts(consumer, 1);
        }
    }

    private static void mended(String bootstrap) throws Exception {
        try (ConfigurableApplicationContext context = start(bootstrap, true)) {
            OrderEventConsumer consumer = context.getBean(OrderEventConsumer.class);
            until("three consumers own one partition each", () -> shares(context).equals(List.of(1, 1, 1)));
            List<String> types = List.of("ORDER_CREATED", "ORDER_SHIPPED", "ORDER_DELIVERED");
            for (int i = 0; i < 300; i++) {
                String customer = "customer-" + i % 20;
                send(context, customer, new OrderEvent(types.get(i / 20 % 3), customer, i));
            }
            until("all events handled", () -> consumer.handled.size() >= 300);
            check(consumer.handled.size() == 300, "events came twice");
            check(consumer.threads.size() == 3, "concurrency 3 used " + consumer.threads.keySet());
            Map<String, Integer> last = new HashMap<>();
            Map<String, Set<Integer>> partitions = new HashMap<>();
            for (OrderEventConsumer.Seen seen : consumer.handled) {
                Integer before = last.put(seen.event().customerId(), seen.event().number());
                check(before == null || before < seen.event().number(), "order within a customer");
                partitions.computeIfAbsent(seen.event().customerId(), c -> new HashSet<>()).add(seen.partition());
            }
            check(partitions.values().stream().allMatch(p -> p.size() == 1), "a customer's events are in one partition");
            send(context, "customer-1", new OrderEvent("BROKEN", "customer-1", 1000));
            until("a dead letter", () -> consumer.deadLetters.size() >= 1);
            List<OrderEventConsumer.Seen> tries = consumer.attempts.get(1000);
            check(tries.size() == 4, "wanted a try and three retries, saw " + tries.size());
            long[] least = {900, 1900, 3900};
            for (int i = 0; i < 3; i++) {
                long waited = (tries.get(i + 1).nanos() - tries.get(i).nanos()) / 1_000_000;
                check(waited >= least[i], "retry " + (i + 1) + " came after " + waited + " ms");
            }
            send(context, "customer-2", new OrderEvent("UNKNOWN", "customer-2", 1001));
            until("a second dead letter", () -> consumer.deadLetters.size() >= 2);
            check(consumer.attempts.get(1001).size() == 1, "an event that cannot be retried was retried");
            check(consumer.deadLetters.size() == 2, "dead letters came twice");
            check(consumer.deadLetters.get(0).value().number() == 1000, "the dead letter is the broken event");
            check(consumer.deadLetters.get(0).headers().lastHeader(KafkaHeaders.DLT_EXCEPTION_MESSAGE) != null, "its headers say why");
            consumed += 300 + 5 + 2;
        }
    }

    private static void send(ConfigurableApplicationContext context, String key, OrderEvent event) throws Exception {
        @SuppressWarnings("unchecked")
        KafkaTemplate<String, OrderEvent> template = context.getBean(KafkaTemplate.class);
        String topic = context.getEnvironment().getProperty("suite.prefix") + "order-events";
        template.send(topic, key, event).get();
        produced++;
    }

    /** How many partitions each consumer of the listener with concurrency 3 owns. */
    private static List<Integer> shares(ConfigurableApplicationContext context) {
        return context.getBean(KafkaListenerEndpointRegistry.class).getListenerContainers().stream()
            .map(container -> (ConcurrentMessageListenerContainer<?, ?>) container)
            .filter(container -> container.getConcurrency() == 3)
            .flatMap(container -> container.getContainers().stream())
            .map(child -> child.getAssignedPartitions() == null ? 0 : child.getAssignedPartitions().size())
            .toList();
    }

    private static int attempts(OrderEventConsumer consumer, int number) {
        return consumer.attempts.getOrDefault(number, List.of()).size();
    }

    private static void until(String words, BooleanSupplier holds) throws InterruptedException {
        long end = System.nanoTime() + 90_000_000_000L;
        while (!holds.getAsBoolean()) {
            check(System.nanoTime() < end, "not within 90 s: " + words);
            Thread.sleep(20);
        }
    }

    private static void check(boolean holds, String words) {
        if (!holds) {
            System.err.println("FAILED: " + words);
            Runtime.getRuntime().halt(1);
        }
    }
}
