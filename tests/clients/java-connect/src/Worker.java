import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** A worker of Kafka Connect in a process of its own, as its start script would make it, and its REST interface. */
final class Worker {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    final int port;
    private final Path settings;
    private final File log;
    private Process process;

    Worker(Path directory, int port, Map<String, String> common) throws IOException {
        this.port = port;
        settings = directory.resolve("worker-" + port + ".properties");
        log = directory.resolve("worker-" + port + ".log").toFile();
        Properties properties = new Properties();
        properties.putAll(common);
        properties.put("listeners", "http://127.0.0.1:" + port);
        try (var writer = Files.newBufferedWriter(settings)) {
            properties.store(writer, null);
        }
    }

    void start() throws IOException {
        process = new ProcessBuilder(
            List.of(
                ProcessHandle.current().info().command().orElse("java"), "-Xmx256m", "-XX:TieredStopAtLevel=1",
                "-cp", System.getProperty("java.class.path"), "org.apache.kafka.connect.cli.ConnectDistributed", settings.toString()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
            .start();
    }

    /** SIGKILL: nothing is closed, committed or said goodbye to. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** How it names itself in what it says of connectors. */
    String id() {
        return "127.0.0.1:" + port;
    }

    /** The answer's body, or null where the worker has none for this question now: it starts, or a rebalance is under way. */
    JsonNode ask(String method, String path, Object body) throws Exception {
        HttpRequest.BodyPublisher publisher =
            body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body));
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(60)).header("Content-Type", "application/json").method(method, publisher).build();
        HttpResponse<String> answer;
        try {
            answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            if (!process.isAlive()) {
                throw new IllegalStateException("worker " + port + " has ended:\n" + end(log));
            }
            return null;
        }
        int status = answer.statusCode();
        boolean isStopping = status == 400 && method.equals("DELETE");
        if (status == 404 || status == 409 || status >= 500 || isStopping) {
            return null;
        }
        if (status >= 300) {
            throw new IllegalStateException(method + " " + path + ": " + status + " " + answer.body());
        }
        return answer.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(answer.body());
    }

    /** What it complained of last. */
    String log() {
        return end(log);
    }

    private static String end(File log) {
        try {
            List<String> lines = Files.readAllLines(log.toPath());
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
