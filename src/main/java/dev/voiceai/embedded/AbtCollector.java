package dev.voiceai.embedded;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * Takes activity events (CloudEvents 1.0, structured JSON) by POST and keeps the last 1000 in a file, one a line. GET
 * lists them in the order of their arrival; repeats are kept, so that they can be seen.
 *
 * @see <a
 *     href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md">CloudEvents:
 *     HTTP protocol binding</a>
 */
final class AbtCollector implements AutoCloseable {
    private static final int KEPT = 1_000;
    private static final List<String> REQUIRED = List.of("specversion", "id", "source", "type");

    private final ObjectMapper json = new ObjectMapper().disable(SerializationFeature.INDENT_OUTPUT);
    private final Deque<JsonNode> events = new ArrayDeque<>();
    private final Path file;
    private final LoopbackServer server;
    private FileChannel journal;
    private int lines;

    private AbtCollector(Path file) throws IOException {
        this.file = file;
        if (Files.exists(file)) {
            Files.readAllLines(file).forEach(this::restore);
        }
        rewrite();
        server = LoopbackServer.start("abt-collector", this::handle);
    }

    static AbtCollector start(DataFolder folder) {
        try {
            return new AbtCollector(folder.resolve("abt-events.jsonl"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI uri() {
        return server.uri();
    }

    private void restore(String line) {
        try {
            keep(json.readTree(line));
        } catch (JsonProcessingException tornByAKill) {
            // Never acknowledged, so it will come again.
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            switch (exchange.getRequestMethod()) {
                case "POST" -> take(exchange);
                case "GET" -> answer(exchange, 200, json.writeValueAsBytes(Map.of("items", snapshot())));
                default -> answer(exchange, 405, new byte[0]);
            }
        }
    }

    private void take(HttpExchange exchange) throws IOException {
        JsonNode event;
        try {
            event = json.readTree(exchange.getRequestBody());
        } catch (JsonProcessingException e) {
            answer(exchange, 400, "not JSON\n".getBytes(StandardCharsets.UTF_8));
            return;
        }
        if (event == null || !REQUIRED.stream().allMatch(name -> event.path(name).isTextual())) {
            answer(exchange, 400, "not a CloudEvent\n".getBytes(StandardCharsets.UTF_8));
            return;
        }
        store(event);
        answer(exchange, 204, new byte[0]);
    }

    /** Returns when the event is on the disk. */
    private synchronized void store(JsonNode event) throws IOException {
        write(json.writeValueAsString(event) + "\n");
        journal.force(false);
        keep(event);
        lines++;
        if (lines > 2 * KEPT) {
            rewrite();
        }
    }

    private void keep(JsonNode event) {
        events.addLast(event);
        if (events.size() > KEPT) {
            events.removeFirst();
        }
    }

    private synchronized List<JsonNode> snapshot() {
        return List.copyOf(events);
    }

    /** Replaces the file by one that holds only what is kept. */
    private void rewrite() throws IOException {
        if (journal != null) {
            journal.close();
        }
        var text = new StringBuilder();
        for (JsonNode event : events) {
            text.append(json.writeValueAsString(event)).append('\n');
        }
        DataFolder.replace(file, text.toString().getBytes(StandardCharsets.UTF_8));
        journal = FileChannel.open(file, StandardOpenOption.APPEND);
        lines = events.size();
    }

    private void write(String line) throws IOException {
        var buffer = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
        while (buffer.hasRemaining()) {
            journal.write(buffer);
        }
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        synchronized (this) {
            journal.close();
        }
    }
}
