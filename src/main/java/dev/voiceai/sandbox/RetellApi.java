package dev.voiceai.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP face of the sandbox: Retell's endpoints, and under {@code /sandbox/} those that only a sandbox can have.
 *
 * @see <a href="https://docs.retellai.com/api-references/create-phone-call">Retell: API reference</a>
 */
final class RetellApi implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(RetellApi.class);
    private static final int MAX_BODY_BYTES = 512 << 10;
    private static final int MAX_LIMIT = 1000;
    private static final int PAGE = 200;

    private final SandboxSettings settings;
    private final CallStore store;
    private final Dialer dialer;
    private final Executor executor;

    /** @param executor sends the answers that are held back */
    RetellApi(SandboxSettings settings, CallStore store, Dialer dialer, Executor executor) {
        this.settings = settings;
        this.store = store;
        this.dialer = dialer;
        this.executor = executor;
    }

    @Override
    public void handle(HttpExchange exchange) {
        Reply reply;
        try {
            authorize(exchange.getRequestHeaders().getFirst("Authorization"));
            reply = answer(exchange);
        } catch (Refusal refusal) {
            LOG.info("Answered {}: {}", refusal.status, refusal.getMessage());
            reply = Reply.of(refusal.status, Refusal.body(refusal.status));
        } catch (IOException | InterruptedException | RuntimeException e) {
            LOG.error("A request failed", e);
            reply = Reply.of(500, Refusal.body(500));
        }
        if (reply.delayMs() > 0) {
            Reply late = reply;
            CompletableFuture.delayedExecutor(late.delayMs(), TimeUnit.MILLISECONDS, executor)
                    .execute(() -> send(exchange, late));
        } else {
            send(exchange, reply);
        }
    }

    private void authorize(String header) {
        byte[] given = (header == null ? "" : header).getBytes(StandardCharsets.UTF_8);
        if (settings.apiKeys().stream()
                .noneMatch(key -> MessageDigest.isEqual(given, ("Bearer " + key).getBytes(StandardCharsets.UTF_8)))) {
            throw Refusal.unauthorized();
        }
    }

    private Reply answer(HttpExchange exchange) throws IOException, InterruptedException {
        String path = exchange.getRequestURI().getPath();
        String callId = path.substring(path.lastIndexOf('/') + 1);
        boolean aboutOneCall = path.matches("/v2/(get|stop|delete)-call/.*");
        String route = aboutOneCall ? path.substring(0, path.length() - callId.length()) : path;
        return switch (exchange.getRequestMethod() + " " + route) {
            case "POST /v2/create-phone-call" -> dialer.create(CallRequest.of(json(exchange)));
            case "GET /v2/get-call/" -> get(callId);
            case "POST /v3/list-calls" -> list(json(exchange));
            case "POST /v2/stop-call/" -> dialer.stop(callId);
            case "DELETE /v2/delete-call/" -> delete(callId);
            case "GET /get-concurrency" -> concurrency();
            case "POST /sandbox/inbound" -> dialer.inbound(json(exchange));
            case "GET /sandbox/calls" -> posts(exchange.getRequestURI().getRawQuery());
            default -> throw Refusal.noSuchPath();
        };
    }

    private static JsonNode json(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
        if (body.length > MAX_BODY_BYTES) {
            throw Refusal.badRequest("the body is larger than 512 KiB");
        }
        try {
            return RetellSandbox.JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw Refusal.badRequest("the body is not JSON");
        }
    }

    private Reply get(String callId) {
        return Reply.of(200, store.find(callId).orElseThrow(() -> Refusal.notFound("no such call")).body());
    }

    private Reply delete(String callId) {
        if (!store.delete(callId)) {
            throw Refusal.notFound("no such call");
        }
        return Reply.of(204, null);
    }

    private Reply list(JsonNode request) {
        String order = request.path("sort_order").asText("descending");
        int limit = request.path("limit").asInt(50);
        String after = request.path("pagination_key").asText(null);
        int skip = request.path("skip").asInt();
        if (!order.matches("ascending|descending") || limit < 1 || limit > MAX_LIMIT || skip < 0
                || after != null && (request.has("skip") || store.find(after).isEmpty())) {
            throw Refusal.badRequest("sort_order, limit, pagination_key or skip is not allowed");
        }
        CallFilter filter = new CallFilter(request.path("filter_criteria"));
        boolean ascending = order.equals("ascending");
        List<ObjectNode> found = calls(ascending, after, filter).skip(skip).limit(limit + 1L).toList();
        ObjectNode answer = RetellSandbox.JSON.createObjectNode();
        ArrayNode items = answer.putArray("items");
        found.stream().limit(limit).forEach(call -> items.add(call.without(CallObject.LONG_FIELDS)));
        boolean more = found.size() > limit;
        answer.put("has_more", more);
        if (more) {
            answer.set("pagination_key", items.get(limit - 1).get("call_id"));
        }
        if (request.path("include_total").asBoolean()) {
            answer.put("total", calls(ascending, null, filter).count());
        }
        return Reply.of(200, answer);
    }

    private Stream<ObjectNode> calls(boolean ascending, String after, CallFilter filter) {
        return Stream.iterate(store.page(ascending, after, filter.requestId(), PAGE), page -> !page.isEmpty(),
                        page -> store.page(ascending, page.get(page.size() - 1).callId(), filter.requestId(), PAGE))
                .flatMap(List::stream).map(CallStore.Call::body).filter(filter);
    }

    private Reply concurrency() {
        return Reply.of(200, RetellSandbox.JSON.createObjectNode()
                .put("current_concurrency", store.concurrency())
                .put("concurrency_limit", settings.concurrency())
                .put("base_concurrency", settings.concurrency())
                .put("purchased_concurrency", 0)
                .put("concurrency_purchase_limit", 0)
                .put("remaining_purchase_limit", 0)
                .put("concurrency_burst_enabled", false)
                .put("concurrency_burst_limit", 0)
                .put("reserved_inbound_concurrency", 0));
    }

    /** What create-phone-call was asked and answered, for tests that count dials. */
    private Reply posts(String query) {
        String requestId = query != null && query.startsWith("request_id=")
                ? URLDecoder.decode(query.substring("request_id=".length()), StandardCharsets.UTF_8) : null;
        ObjectNode answer = RetellSandbox.JSON.createObjectNode();
        ArrayNode items = answer.putArray("items");
        for (CallStore.Post post : store.posts(requestId)) {
            items.addObject().put("request_id", post.requestId()).put("attempt", post.attempt())
                    .put("status", post.status()).put("call_id", post.callId());
        }
        return Reply.of(200, answer);
    }

    private static void send(HttpExchange exchange, Reply reply) {
        // Closing an exchange that has no answer yet drops its connection.
        try (exchange) {
            if (reply.body() != null) {
                byte[] body = RetellSandbox.JSON.writeValueAsBytes(reply.body());
                exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
                exchange.sendResponseHeaders(reply.status(), body.length);
                exchange.getResponseBody().write(body);
            } else if (reply.status() != 0) {
                exchange.sendResponseHeaders(reply.status(), -1);
            }
        } catch (IOException e) {
            LOG.debug("The client did not wait for its answer", e);
        }
    }
}
