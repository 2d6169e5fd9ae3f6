package dev.voiceai.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.voiceai.faults.History.Dial;
import dev.voiceai.forwarder.RetellSignature;
import dev.voiceai.sandbox.ListFilter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A Retell that writes down every create-phone-call, answers it as the scenario says, keeps the calls that it placed and
 * tells of them by signed webhooks, some of which get lost or come twice.
 */
final class RetellStub implements AutoCloseable {
    static final String KEY = "key_of_the_fault_suite";
    static final Duration RETRY_AFTER = Duration.ofSeconds(3);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int WEBHOOK_TRIES = 400;
    private static final long BETWEEN_TRIES_MS = 250;
    private static final int PAGE = 50;
    /** Only get-call tells them. */
    private static final List<String> NOT_LISTED = List.of("transcript", "transcript_object", "transcript_with_tool_calls");

    /** One dial; what changes later is written by one thread at a time. */
    private static final class Call {
        final ObjectNode body;
        final String requestId;
        final int attempt;
        final Instant at;
        final DialAnswer answer;
        volatile Instant endedAt;
        volatile Instant quietUntil;

        Call(ObjectNode body, DialAnswer answer, Instant at) {
            this.body = body;
            this.requestId = body.at("/metadata/request_id").asText();
            this.attempt = body.at("/metadata/attempt").asInt();
            this.answer = answer;
            this.at = at;
        }

        String callId() {
            return body.path("call_id").asText(null);
        }

        synchronized ObjectNode copy() {
            return body.deepCopy();
        }

        synchronized void become(ObjectNode other) {
            body.removeAll();
            body.setAll(other);
        }

        Dial dial() {
            return new Dial(requestId, attempt, at, answer.proof, callId(), endedAt, quietUntil);
        }
    }

    private final Clock clock;
    private final Random random;
    private final int concurrency;
    private final long lateMs;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(2)).build();
    private final List<Call> dials = new ArrayList<>();
    private final Map<String, Call> calls = new ConcurrentHashMap<>();
    private final Map<String, List<Call>> byRequest = new ConcurrentHashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicInteger nextTarget = new AtomicInteger();
    private volatile boolean scripted;
    private volatile List<URI> targets = List.of();
    private volatile Function<Random, DialAnswer> answers = random -> DialAnswer.PLACED;

    /**
     * @param clock gives the times of dials and calls; signatures carry the real one
     * @param dialTimeout RETELL_DIAL_TIMEOUT: a late answer comes a second after it
     */
    RetellStub(long seed, Clock clock, int concurrency, Duration dialTimeout) {
        this.random = new Random(seed);
        this.clock = clock;
        this.concurrency = concurrency;
        this.lateMs = dialTimeout.plusSeconds(1).toMillis();
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Where webhooks go, in turn. */
    void sendWebhooksTo(List<URI> applications) {
        targets = List.copyOf(applications);
    }

    /** From now on each dial is answered with one of these, as often as its share says. */
    void answer(Map<DialAnswer, Integer> shares) {
        var drawn = new ArrayList<DialAnswer>();
        shares.forEach((answer, share) -> {
            for (int i = 0; i < share; i++) {
                drawn.add(answer);
            }
        });
        drawn.sort(null);
        answers = random -> drawn.get(random.nextInt(drawn.size()));
    }

    /** From now on the calls that it places do nothing by themselves: {@link #know} and {@link #learn} say what they do. */
    void leaveCallsToTheScript() {
        scripted = true;
    }

    /** The call objects of all that was placed, in the order of the dials. */
    List<ObjectNode> placed() {
        synchronized (dials) {
            return dials.stream().filter(call -> call.answer.places).map(Call::copy).toList();
        }
    }

    /** Knows these calls and no others. */
    void know(List<ObjectNode> all) {
        calls.clear();
        byRequest.clear();
        all.forEach(this::learn);
    }

    /** A call is like this from now on. */
    void learn(ObjectNode callObject) {
        var call = calls.computeIfAbsent(callObject.path("call_id").asText(), none -> {
            var added = new Call(callObject.deepCopy(), DialAnswer.PLACED, clock.instant());
            byRequest.computeIfAbsent(added.requestId, nobody -> new CopyOnWriteArrayList<>()).add(added);
            return added;
        });
        call.become(callObject.deepCopy());
    }

    List<Dial> dials() {
        synchronized (dials) {
            return dials.stream().map(Call::dial).toList();
        }
    }

    /** Whether a call is live or a webhook on its way. */
    boolean isBusy() {
        return pending.get() > 0;
    }

    // --- The API ---

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var path = exchange.getRequestURI().getPath();
            if (path.equals("/v2/create-phone-call")) {
                dial(exchange, JSON.readTree(text));
            } else if (path.equals("/v3/list-calls")) {
                list(exchange, JSON.readTree(text));
            } else if (path.startsWith("/v2/get-call/")) {
                var call = calls.get(path.substring("/v2/get-call/".length()));
                answer(exchange, call == null ? 422 : 200, call == null ? error("no such call") : call.copy().toString());
            } else if (path.startsWith("/v2/stop-call/")) {
                answer(exchange, calls.containsKey(path.substring("/v2/stop-call/".length())) ? 204 : 422, "");
            } else if (path.equals("/get-concurrency")) {
                answer(exchange, 200, JSON.createObjectNode()
                        .put("current_concurrency", live())
                        .put("concurrency_limit", concurrency)
                        .put("base_concurrency", concurrency)
                        .toString());
            } else {
                answer(exchange, 404, error("no such path"));
            }
        }
    }

    private long live() {
        return calls.values().stream().filter(call -> call.endedAt == null).count();
    }

    private static String error(String message) {
        return JSON.createObjectNode().put("status", "error").put("message", message).toString();
    }

    private void dial(HttpExchange exchange, JsonNode request) throws IOException {
        Call call;
        // In one step, so that the order of times is the order of arrival.
        synchronized (dials) {
            var answer = answers.apply(random);
            call = new Call(body(request, answer), answer, clock.instant());
            if (answer == DialAnswer.LIMITED_UNTIL) {
                call.quietUntil = call.at.plus(RETRY_AFTER);
            }
            dials.add(call);
            if (answer.places) {
                calls.put(call.callId(), call);
                byRequest.computeIfAbsent(call.requestId, none -> new CopyOnWriteArrayList<>()).add(call);
                if (!scripted) {
                    live(call);
                }
            }
        }
        switch (call.answer) {
            case PLACED -> answer(exchange, 201, call.copy().toString());
            case HUGE -> answer(exchange, 201, call.copy().put("note", "x".repeat(200_000)).toString());
            case FAILED, FAILED_PLACED -> answer(exchange, 500, error("An unexpected server error occurred."));
            case PAGE, PAGE_PLACED -> answer(exchange, call.answer.status, "<html><body>Something went wrong.</body></html>");
            case LIMITED -> answer(exchange, 429, error("Account rate limited, please throttle your requests."));
            case LIMITED_UNTIL -> {
                exchange.getResponseHeaders().set("Retry-After", String.valueOf(RETRY_AFTER.toSeconds()));
                answer(exchange, 429, error("Account rate limited, please throttle your requests."));
            }
            case INVALID -> answer(exchange, 400, error("Invalid request format, please check API reference."));
            case LATE, LATE_PLACED -> {
                awaitLate();
                answer(exchange, call.answer.status, call.answer.places ? call.copy().toString() : error("late"));
            }
            case LOST, BROKEN -> {
                // Closed without an answer.
            }
        }
    }

    private ObjectNode body(JsonNode request, DialAnswer answer) {
        var body = JSON.createObjectNode();
        if (answer.places) {
            body.put("call_id", "call_%016x%08x".formatted(random.nextLong(), dials.size()));
        }
        body.put("call_type", "phone_call").put("direction", "outbound").put("call_status", "registered");
        body.put("agent_id", request.path("override_agent_id").asText("agent")).put("agent_version", 1);
        body.set("from_number", request.path("from_number"));
        body.set("to_number", request.path("to_number"));
        body.set("metadata", request.path("metadata"));
        return body;
    }

    /** The latest start first, in pages; calls that have not started come last. */
    private void list(HttpExchange exchange, JsonNode query) throws IOException {
        var filter = new ListFilter(query.path("filter_criteria"));
        var candidates = filter.requestId() == null ? calls.values() : byRequest.getOrDefault(filter.requestId(), List.of());
        Comparator<ObjectNode> order = Comparator.comparingLong(call -> call.path("start_timestamp").asLong());
        if (!query.path("sort_order").asText().equals("ascending")) {
            order = order.reversed();
        }
        var found = candidates.stream()
                .map(Call::copy)
                .filter(filter)
                .sorted(order.thenComparing(call -> call.path("call_id").asText()))
                .toList();
        int first = query.path("skip").asInt();
        if (query.path("pagination_key").isTextual()) {
            var last = found.stream().map(call -> call.get("call_id")).toList().indexOf(query.get("pagination_key"));
            first = last + 1;
        }
        int end = Math.min(found.size(), first + query.path("limit").asInt(PAGE));
        var page = found.subList(Math.min(first, end), end);
        var answer = JSON.createObjectNode();
        answer.putArray("items").addAll(page.stream().map(call -> call.remove(NOT_LISTED)).toList());
        answer.put("has_more", end < found.size());
        if (!page.isEmpty() && end < found.size()) {
            answer.set("pagination_key", page.get(page.size() - 1).get("call_id"));
        }
        answer.put("total", found.size());
        answer(exchange, 200, answer.toString());
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", text.startsWith("<") ? "text/html" : "application/json");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    private void awaitLate() {
        try {
            closing.await(lateMs, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // --- The life of a call ---

    private void live(Call call) {
        boolean answered = random.nextInt(5) > 0;
        long rings = 30 + random.nextInt(100);
        long talks = 100 + random.nextInt(500);
        later(rings, () -> {
            synchronized (call) {
                call.body.put("start_timestamp", clock.millis());
                call.body.put("call_status", answered ? "ongoing" : "not_connected");
            }
            if (answered) {
                tell("call_started", call);
            }
            later(talks, () -> end(call, answered));
        });
    }

    private void end(Call call, boolean answered) {
        synchronized (call) {
            long start = call.body.path("start_timestamp").asLong();
            long end = Math.max(start, clock.millis());
            call.body.put("end_timestamp", end).put("duration_ms", end - start)
                    .put("call_status", answered ? "ended" : "not_connected")
                    .put("disconnection_reason", answered ? "user_hangup" : "dial_no_answer");
        }
        call.endedAt = clock.instant();
        tell("call_ended", call);
        later(50, () -> {
            synchronized (call) {
                call.body.putObject("call_analysis")
                        .put("call_summary", answered ? "They said hello." : "Nobody answered.")
                        .put("user_sentiment", "Neutral")
                        .put("call_successful", answered)
                        .put("in_voicemail", false);
            }
            tell("call_analyzed", call);
        });
    }

    /** One of twenty webhooks gets lost, one of ten comes twice. */
    private void tell(String event, Call call) {
        var copy = call.copy();
        if (!event.equals("call_analyzed")) {
            copy.remove("call_analysis");
        }
        var text = JSON.createObjectNode().put("event", event).<ObjectNode>set("call", copy).toString();
        int chance = random.nextInt(20);
        if (chance > 0) {
            post(text, 1);
        }
        if (chance > 17) {
            post(text, 1);
        }
    }

    /** Sent again until an application takes it, since one may just be down. */
    private void post(String text, int tries) {
        if (targets.isEmpty() || tries > WEBHOOK_TRIES) {
            return;
        }
        var target = targets.get(Math.floorMod(nextTarget.getAndIncrement(), targets.size()));
        var request = HttpRequest.newBuilder(target.resolve("/webhooks/retell"))
                .timeout(Duration.ofSeconds(10))
                .header("Content-Type", "application/json")
                .header(RetellSignature.HEADER,
                        RetellSignature.sign(text.getBytes(StandardCharsets.UTF_8), KEY, Instant.now()))
                .POST(BodyPublishers.ofString(text))
                .build();
        pending.incrementAndGet();
        http.sendAsync(request, BodyHandlers.discarding()).whenComplete((answer, failure) -> {
            if (failure != null || answer.statusCode() >= 300) {
                later(BETWEEN_TRIES_MS, () -> post(text, tries + 1));
            }
            pending.decrementAndGet();
        });
    }

    private void later(long millis, Runnable work) {
        if (timer.isShutdown()) {
            return;
        }
        pending.incrementAndGet();
        timer.schedule(() -> {
            try {
                work.run();
            } finally {
                pending.decrementAndGet();
            }
        }, millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        closing.countDown();
        timer.shutdownNow();
        server.stop(0);
        threads.shutdownNow();
    }
}
