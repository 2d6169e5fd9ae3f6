package dev.voiceai.cases;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The HTTP systems outside, each below a path of its name: {@code /abt}, {@code /crm}, {@code /eligibility},
 * {@code /eventbridge}, or any other. Takes everything, or answers what a case asks for, and remembers what came.
 */
final class StandIn implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, Answer> USUAL = Map.of(
            "eligibility", new Answer(200, Map.of(), "{\"eligible\": true}", Duration.ZERO),
            "eventbridge", new Answer(200, Map.of(), "{\"FailedEntryCount\": 0, \"Entries\": [{\"EventId\": \"1\"}]}", Duration.ZERO));
    private static final Answer TAKEN = new Answer(202, Map.of(), "", Duration.ZERO);

    /** @param status 0 closes the connection without an answer */
    record Answer(int status, Map<String, String> headers, String body, Duration delay) {}

    /** @param status with which it was answered */
    record Got(String part, JsonNode body, int status) {}

    /** An answer for the requests whose body fits, as long as some are left; negative is for ever. */
    private record Script(String part, JsonNode when, Answer answer, AtomicInteger left) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "cases-stand-in");
        thread.setDaemon(true);
        return thread;
    });
    private final List<Script> scripts = new CopyOnWriteArrayList<>();
    private final List<Got> got = new CopyOnWriteArrayList<>();

    StandIn() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::take);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /**
     * Lets a part answer something else than usual; of several that fit, the one that was asked for last is taken.
     *
     * @param when what the request's body has to have
     * @param times how often; negative is for ever
     */
    void answer(String part, JsonNode when, Answer answer, int times) {
        scripts.add(0, new Script(part, when, answer, new AtomicInteger(times)));
    }

    /** What a part got with a body that fits, in the order in which it came. */
    List<Got> got(String part, JsonNode where) {
        return got.stream().filter(one -> one.part().equals(part) && Match.fits(where, one.body())).toList();
    }

    private void take(HttpExchange exchange) throws IOException {
        String part = exchange.getRequestURI().getPath().split("/")[1];
        JsonNode body = json(exchange.getRequestBody().readAllBytes());
        Answer answer = scripts.stream()
                .filter(script -> script.part().equals(part) && Match.fits(script.when(), body) && script.left().get() != 0)
                .filter(script -> script.left().getAndDecrement() != 0)
                .map(Script::answer).findFirst().orElse(USUAL.getOrDefault(part, TAKEN));
        got.add(new Got(part, body, answer.status()));
        if (answer.delay().isZero()) {
            send(exchange, answer);
        } else {
            CompletableFuture.delayedExecutor(answer.delay().toMillis(), TimeUnit.MILLISECONDS, threads)
                    .execute(() -> send(exchange, answer));
        }
    }

    private static void send(HttpExchange exchange, Answer answer) {
        try (exchange) {
            if (answer.status() != 0) {
                byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                answer.headers().forEach(exchange.getResponseHeaders()::set);
                exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
            }
        } catch (IOException clientLeft) {
            // It waited no longer than its own time-out, which is what a slow answer is there to show.
        }
    }

    private static JsonNode json(byte[] body) throws IOException {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return JSON.getNodeFactory().textNode(new String(body, StandardCharsets.UTF_8));
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
