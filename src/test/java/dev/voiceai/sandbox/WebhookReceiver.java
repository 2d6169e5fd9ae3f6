package dev.voiceai.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.voiceai.forwarder.RetellSignature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A customer's webhook endpoint: keeps what it gets and answers as the test says. */
final class WebhookReceiver implements AutoCloseable {
    /** @param signed whether the signature fits the raw body and the test's key */
    record Webhook(JsonNode json, String contentType, String signature, boolean signed) {
        String event() {
            return json.path("event").asText();
        }

        JsonNode call() {
            return json.path("call");
        }
    }

    /** What to answer; status 0 never answers. */
    record Answer(int status, String body) {
    }

    static final String KEY = "key_webhook_of_the_test";

    private final HttpServer server;
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final List<Webhook> webhooks = new CopyOnWriteArrayList<>();
    private volatile Function<Webhook, Answer> answers = webhook -> new Answer(204, "");

    WebhookReceiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(executor);
        server.createContext("/", this::receive);
        server.start();
    }

    private void receive(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String signature = exchange.getRequestHeaders().getFirst(RetellSignature.HEADER);
        Webhook webhook = new Webhook(RetellSandbox.JSON.readTree(body),
                exchange.getRequestHeaders().getFirst("Content-Type"), signature,
                RetellSignature.verify(body, signature, List.of(KEY), Instant.now()));
        webhooks.add(webhook);
        Answer answer = answers.apply(webhook);
        if (answer.status != 0) {
            byte[] bytes = answer.body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        }
    }

    void answer(Function<Webhook, Answer> newAnswers) {
        answers = newAnswers;
    }

    void answerStatus(Function<Webhook, Integer> status) {
        answers = webhook -> new Answer(status.apply(webhook), "");
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/webhooks/retell");
    }

    List<Webhook> all() {
        return List.copyOf(webhooks);
    }

    /** In the order of their arrival. */
    List<Webhook> of(String requestId) {
        return webhooks.stream()
                .filter(webhook -> webhook.call().at("/metadata/request_id").asText().equals(requestId)).toList();
    }

    List<String> events(String requestId) {
        return of(requestId).stream().map(Webhook::event).toList();
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
