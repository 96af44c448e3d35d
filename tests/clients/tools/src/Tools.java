import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Exit;

/**
 * Runs a script of Apache Kafka's command line tools in one JVM: {@code Tools SCRIPT NAME=VALUE…}.
 *
 * A line of the script is a tool and its arguments, {@code $NAME} being replaced; lines beginning with {@code <} after it are its
 * standard input, {@code #} begins a comment. Prints {@code $ line}, what the tool printed, what it complained after {@code !},
 * and {@code = code}.
 */
public final class Tools {
    private static final Map<String, String> CLASSES = Map.ofEntries(
        Map.entry("kafka-topics", "org.apache.kafka.tools.TopicCommand"),
        Map.entry("kafka-configs", "kafka.admin.ConfigCommand"),
        Map.entry("kafka-consumer-groups", "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand"),
        Map.entry("kafka-get-offsets", "org.apache.kafka.tools.GetOffsetShell"),
        Map.entry("kafka-delete-records", "org.apache.kafka.tools.DeleteRecordsCommand"),
        Map.entry("kafka-log-dirs", "org.apache.kafka.tools.LogDirsCommand"),
        Map.entry("kafka-producer-perf-test", "org.apache.kafka.tools.ProducerPerformance"),
        Map.entry("kafka-consumer-perf-test", "org.apache.kafka.tools.ConsumerPerformance"),
        Map.entry("kafka-broker-api-versions", "org.apache.kafka.tools.BrokerApiVersionsCommand"),
        Map.entry("kafka-cluster", "org.apache.kafka.tools.ClusterTool"),
        Map.entry("kafka-leader-election", "org.apache.kafka.tools.LeaderElectionCommand"),
        Map.entry("kafka-features", "org.apache.kafka.tools.FeatureCommand"),
        Map.entry("kafka-metadata-quorum", "org.apache.kafka.tools.MetadataQuorumCommand"),
        Map.entry("kafka-groups", "org.apache.kafka.tools.GroupsCommand"),
        Map.entry("kafka-dump-log", "org.apache.kafka.tools.DumpLogSegments"),
        Map.entry("kafka-console-producer", "org.apache.kafka.tools.ConsoleProducer"),
        Map.entry("kafka-console-consumer", "org.apache.kafka.tools.consumer.ConsoleConsumer"));

    private static final PrintStream OUT = System.out;
    private static final long PATIENCE_SECONDS = 60;

    /** What a tool's exit becomes; not an Exception, which tools catch. */
    private static final class Exited extends Error {
        final int code;

        Exited(int code) {
            super("exit " + code, null, false, false);
            this.code = code;
        }
    }

    /** What a tool wants done at the end of its process: done at the tool's end. */
    private static final Deque<Runnable> HOOKS = new ConcurrentLinkedDeque<>();

    private static Member member;

    public static void main(String[] arguments) throws Exception {
        Exit.setExitProcedure((code, message) -> {
            throw new Exited(code);
        });
        Exit.setHaltProcedure((code, message) -> {
            throw new Exited(code);
        });
        Exit.setShutdownHookAdder((name, hook) -> HOOKS.push(hook));
        List<String> lines = Files.readAllLines(Path.of(arguments[0]));
        for (int at = 0; at < lines.size(); at++) {
            String line = lines.get(at).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            StringBuilder input = new StringBuilder();
            while (at + 1 < lines.size() && lines.get(at + 1).startsWith("<")) {
                at++;
                input.append(lines.get(at).substring(1).stripLeading()).append('\n');
            }
            String full = line;
            for (int i = 1; i < arguments.length; i++) {
                String[] variable = arguments[i].split("=", 2);
                full = full.replace("$" + variable[0], variable[1]);
            }
            OUT.println("$ " + line);
            run(full.split(" +"), input.toString());
            OUT.flush();
        }
        // Threads that a tool left behind must not keep the process.
        Runtime.getRuntime().halt(0);
    }

    private static void run(String[] words, String input) throws Exception {
        if (words[0].equals("member")) {
            member(words);
            return;
        }
        String[] arguments = new String[words.length - 1];
        System.arraycopy(words, 1, arguments, 0, arguments.length);
        String name = CLASSES.get(words[0]);
        if (name == null) {
            throw new IllegalArgumentException("no tool is called " + words[0]);
        }
        Path file = null;
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].equals("@input")) {
                file = Files.createTempFile("tools", ".json");
                Files.writeString(file, input);
                arguments[i] = file.toString();
            }
        }
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        ByteArrayOutputStream complained = new ByteArrayOutputStream();
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
        FutureTask<String> task = new FutureTask<>(() -> call(name, arguments));
        Thread thread = new Thread(task, words[0]);
        thread.setDaemon(true);
        thread.start();
        String end;
        try {
            end = task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            end = "not within " + PATIENCE_SECONDS + " s";
            thread.interrupt();
        } catch (ExecutionException failed) {
            end = failed.getCause().toString();
        }
        print("", printed);
        print("! ", complained);
        OUT.println("= " + end);
        if (file != null) {
            Files.delete(file);
        }
    }

    private static String call(String name, String[] arguments) throws Exception {
        try {
            Class.forName(name).getMethod("main", String[].class).invoke(null, (Object) arguments);
            return "0";
        } catch (InvocationTargetException failed) {
            if (failed.getCause() instanceof Exited exited) {
                return Integer.toString(exited.code);
            }
            return "threw " + failed.getCause();
        } finally {
            while (!HOOKS.isEmpty()) {
                HOOKS.pop().run();
            }
        }
    }

    private static void print(String before, ByteArrayOutputStream text) {
        text.toString(StandardCharsets.UTF_8).lines().forEach(line -> OUT.println(before + line));
    }

    /** {@code member start BROKERS GROUP TOPIC CLIENT} joins a group and stays until {@code member stop}. */
    private static void member(String[] words) throws Exception {
        if (words[1].equals("start")) {
            member = new Member(words[2], words[3], words[4], words[5]);
            member.owns.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } else {
            member.consumer.wakeup();
            member.thread.join();
        }
        OUT.println("= 0");
    }

    private static final class Member {
        final CountDownLatch owns = new CountDownLatch(1);
        final KafkaConsumer<byte[], byte[]> consumer;
        final Thread thread;

        Member(String brokers, String group, String topic, String client) {
            consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", brokers, "group.id", group, "client.id", client, "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(), new ByteArrayDeserializer());
            thread = new Thread(() -> consume(topic));
            thread.start();
        }

        private void consume(String topic) {
            List<String> topics = new ArrayList<>(List.of(topic));
            try (consumer) {
                consumer.subscribe(topics);
                while (true) {
                    consumer.poll(Duration.ofMillis(100));
                    if (!consumer.assignment().isEmpty()) {
                        consumer.commitSync();
                        owns.countDown();
                    }
                }
            } catch (WakeupException asked) {
                // the end that was asked for
            }
        }
    }
}
