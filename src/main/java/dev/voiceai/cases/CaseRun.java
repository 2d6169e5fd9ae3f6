package dev.voiceai.cases;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.voiceai.cases.Case.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.pollinterval.IterativePollInterval;
import org.awaitility.pollinterval.PollInterval;

/** Runs the steps of one case, in order, until one does not find what it expects. */
final class CaseRun {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNode ANYTHING = JsonNodeFactory.instance.objectNode();
    /** Soon at first, and ever less often, so that many cases that wait do not slow down what they wait for. */
    private static final PollInterval LOOK_AGAIN = IterativePollInterval.iterative(
            pause -> pause.toMillis() < 1_000 ? pause.multipliedBy(2) : pause, Duration.ofMillis(50));
    /** What JsonUnit says of fields that are missing, and the objects behind it, which are shown once at the end. */
    private static final Pattern WHOLE_OBJECTS = Pattern.compile("(Different keys found[^\n]*?), expected: <\\{[^\n]*");
    /** Characters of what was there, which may be a page of metrics. */
    private static final int MOST_SHOWN = 4_000;
    private static final String EVENT_PREFIX = "voice_ai.call.";

    private final CaseSystem system;
    private final Duration patience;
    private final Values values;

    /** @param patience how long an expectation is waited for */
    CaseRun(CaseSystem system, Duration patience) {
        this.system = system;
        this.patience = patience;
        this.values = new Values(system::setting);
    }

    /**
     * Runs one step.
     *
     * @throws AssertionError saying what was expected and what was there
     */
    void run(Step step) {
        // Filled where it is used: a moment that is waited for is another one at each look.
        JsonNode content = step.content();
        switch (step.kind()) {
            case "place" -> place(content);
            case "get" -> awaited(content, () -> request("get", content), answer -> check(content, answer));
            case "post", "delete" -> checkAndKeep(content, request(step.kind(), content));
            case "webhook" -> postAsRetell("/webhooks/retell", content, webhook(content));
            case "function" -> postAsRetell("/retell/functions", content, function(content));
            case "inbound" -> postAsRetell("/retell/inbound", content, inbound(content));
            case "message" -> sendMessage(content);
            case "outside" -> script(content);
            case "save" -> save(content);
            case "run" -> system.store(text(content, "in", "ledger")).sql(values.fill(content.path("run").asText())).update();
            case "call" -> awaited(content, () -> call(content), call -> compare(content, filled(content, "call"), call));
            case "events" -> awaited(content, () -> events(content), events -> compareEvents(content, events));
            case "dials" -> awaited(content, () -> dials(content), dials -> compare(content, filled(content, "dials"), dials));
            case "got" -> awaited(content, () -> got(content), got -> compare(content, filled(content, "are"), got));
            case "rows" -> awaited(content, () -> rows(content), rows -> compare(content, filled(content, "are"), rows));
            default -> throw new IllegalStateException(step.kind());
        }
    }

    // --- What somebody does ---

    /** Asks for a call as Engage does; the number is the case's own unless the step names one. */
    private void place(JsonNode step) {
        ObjectNode body = JSON.createObjectNode().put("to_number", values.fill("${number}"));
        body.setAll((ObjectNode) filled(step, "place"));
        JsonNode answer = answer(system.send("POST", "api", "/api/v1/calls", "engage", headers(step), body.toString()));
        if (step.has("answer")) {
            check(step, answer);
        } else {
            compare(step, JSON.createObjectNode().put("status", 202), answer);
        }
        if (answer.path("body").has("request_id")) {
            values.keep("request_id", answer.path("body").path("request_id"));
        }
        keep(step, answer.path("body"));
    }

    private JsonNode request(String method, JsonNode step) {
        String path = values.fill(step.path(method).asText());
        JsonNode body = filled(step, "body");
        return answer(system.send(method.toUpperCase(Locale.ROOT), text(step, "to", "api"), path, text(step, "as", null),
                headers(step), body.isMissingNode() ? null : sent(body)));
    }

    /** Posts a body as Retell does, unless the step wants it unsigned. */
    private void postAsRetell(String path, JsonNode step, ObjectNode content) {
        String body = content.toString();
        Map<String, String> headers = step.path("signed").asBoolean(true) ? system.signature(body) : Map.of();
        checkAndKeep(step, answer(system.send("POST", "api", path, null, headers, body)));
    }

    private ObjectNode webhook(JsonNode step) {
        ObjectNode body = JSON.createObjectNode().put("event", values.fill(step.path("webhook").asText()));
        body.set("call", callObject(filled(step, "call")));
        return body;
    }

    private ObjectNode function(JsonNode step) {
        ObjectNode body = JSON.createObjectNode().put("name", values.fill(step.path("function").asText()));
        body.set("args", step.has("args") ? filled(step, "args") : ANYTHING);
        body.set("call", callObject(filled(step, "call")));
        return body;
    }

    private ObjectNode inbound(JsonNode step) {
        ObjectNode call = JSON.createObjectNode().put("call_id", ownCallId()).put("from_number", values.fill("${number}"))
                .put("to_number", system.setting("retell.from-number")).put("agent_id", system.setting("retell.agent-id"));
        call.setAll((ObjectNode) filled(step, "inbound"));
        ObjectNode body = JSON.createObjectNode().put("event", "call_inbound");
        body.set("call_inbound", call);
        return body;
    }

    /** A call object of Retell: of the call that the case placed, where it kept its ids, else of one of its own. */
    private ObjectNode callObject(JsonNode fields) {
        long start = System.currentTimeMillis() - 9_000;
        ObjectNode call = JSON.createObjectNode().put("call_id", ownCallId()).put("call_type", "phone_call")
                .put("direction", "outbound").put("call_status", "ended").put("agent_id", system.setting("retell.agent-id"))
                .put("from_number", system.setting("retell.from-number")).put("to_number", values.fill("${number}"))
                .put("start_timestamp", start).put("end_timestamp", start + 4_000).put("duration_ms", 4_000)
                .put("disconnection_reason", "user_hangup").put("transcript", "Agent: Hello?");
        if (values.has("request_id")) {
            call.putObject("metadata").put("request_id", values.fill("${request_id}")).put("attempt", "1");
        }
        call.putObject("call_analysis").put("call_successful", true).put("in_voicemail", false);
        if (fields.isObject()) {
            call.setAll((ObjectNode) fields);
        }
        return call;
    }

    private String ownCallId() {
        return values.fill(values.has("call_id") ? "${call_id}" : "call_${uuid}");
    }

    private void sendMessage(JsonNode step) {
        JsonNode body = filled(step, "message");
        for (int i = 0; i < step.path("times").asInt(1); i++) {
            system.sendMessage(step.path("queue").asText(), sent(body));
        }
    }

    private void script(JsonNode step) {
        JsonNode answer = filled(step, "answer");
        var headers = new HashMap<String, String>();
        answer.path("headers").properties().forEach(header -> headers.put(header.getKey(), header.getValue().asText()));
        system.standIn().answer(step.path("outside").asText(), step.has("when") ? filled(step, "when") : ANYTHING,
                new StandIn.Answer(answer.path("status").asInt(200), headers, answer.has("body") ? sent(answer.get("body")) : "",
                        Duration.parse(text(step, "delay", "PT0S"))),
                step.path("times").asInt(-1));
    }

    /** Saves a changed file in the routes that run, as an editor does. */
    private void save(JsonNode step) {
        Path file = system.routes().resolve(values.fill(step.path("save").asText()));
        try {
            String content = step.has("copy")
                    ? Files.readString(system.routes().resolve(step.path("copy").asText()))
                    : values.fill(step.path("with").asText());
            if (step.has("replace")) {
                String now = Files.readString(file);
                String replaced = step.path("replace").asText();
                if (!now.contains(replaced)) {
                    throw new AssertionError(step.path("save").asText() + " does not have the text: " + replaced);
                }
                content = now.replace(replaced, content);
            }
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // --- What is to be seen ---

    private JsonNode call(JsonNode step) {
        return answer(system.send("GET", "api", "/api/v1/calls/" + of(step), "operator", Map.of(), null)).path("body");
    }

    /** What the collector took, each event once, after everything that was caused has been told. */
    private JsonNode events(JsonNode step) {
        JsonNode subject = JSON.createObjectNode().put("subject", of(step));
        JsonNode waiting = system.rows("ledger", "SELECT COUNT(*) AS events FROM outbox WHERE sink = 'abt' AND state NOT IN"
                + " ('delivered', 'parked') AND stream = '" + of(step).replace("'", "''") + "'");
        if (waiting.at("/0/events").asInt() > 0) {
            throw new AssertionError(waiting.at("/0/events") + " events of " + of(step) + " are on their way to the collector");
        }
        var once = new LinkedHashMap<String, JsonNode>();
        system.standIn().got("abt", subject).stream().filter(got -> got.status() / 100 == 2)
                .forEach(got -> once.putIfAbsent(got.body().path("id").asText(), got.body()));
        return JSON.valueToTree(once.values());
    }

    /** An expected event is its type, without the prefix that all have, or an object that has to fit. */
    private void compareEvents(JsonNode step, JsonNode events) {
        JsonNode expected = filled(step, "events");
        ArrayNode seen = JSON.createArrayNode();
        for (int i = 0; i < events.size(); i++) {
            seen.add(expected.path(i).isObject()
                    ? events.get(i)
                    : TextNode.valueOf(events.get(i).path("type").asText().replace(EVENT_PREFIX, "")));
        }
        compare(step, expected, seen);
    }

    private JsonNode dials(JsonNode step) {
        String path = "/sandbox/calls?request_id=" + URLEncoder.encode(of(step), StandardCharsets.UTF_8);
        return JSON.getNodeFactory().numberNode(
                answer(system.send("GET", "retell", path, null, Map.of(), null)).at("/body/items").size());
    }

    private JsonNode got(JsonNode step) {
        ArrayNode bodies = JSON.createArrayNode();
        system.standIn().got(step.path("got").asText(), step.has("where") ? filled(step, "where") : ANYTHING)
                .forEach(got -> bodies.add(got.body()));
        return bodies;
    }

    private JsonNode rows(JsonNode step) {
        return system.rows(step.path("rows").asText(), values.fill(step.path("sql").asText()));
    }

    private String of(JsonNode step) {
        return values.fill(text(step, "of", "${request_id}"));
    }

    private void awaited(JsonNode step, Supplier<JsonNode> look, Consumer<JsonNode> check) {
        var seen = new JsonNode[1];
        try {
            Awaitility.await().pollInSameThread().pollDelay(Duration.ZERO).pollInterval(LOOK_AGAIN)
                    .ignoreException(UncheckedIOException.class)
                    .atMost(step.has("within") ? Duration.parse(step.path("within").asText()) : patience)
                    .untilAsserted(() -> {
                        seen[0] = look.get();
                        check.accept(seen[0]);
                    });
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(e.getCause() == null ? e.getMessage() : e.getCause().getMessage(), e);
        }
        keep(step, step.has("get") ? seen[0].path("body") : seen[0]);
    }

    // --- Values ---

    private void checkAndKeep(JsonNode step, JsonNode answer) {
        check(step, answer);
        keep(step, answer.path("body"));
    }

    /** An answer is 2xx unless the step says else. */
    private void check(JsonNode step, JsonNode answer) {
        if (step.has("answer")) {
            compare(step, filled(step, "answer"), answer);
        } else if (answer.path("status").asInt() / 100 != 2) {
            throw new AssertionError("answered " + answer);
        }
    }

    private static void compare(JsonNode step, JsonNode expected, JsonNode actual) {
        try {
            if (step.path("lists").asText().equals("contain")) {
                Match.requireWithin(expected, actual);
            } else {
                Match.require(expected, actual);
            }
        } catch (AssertionError e) {
            String differences = WHOLE_OBJECTS.matcher(e.getMessage().strip()).replaceAll("$1");
            throw new AssertionError(cut(differences) + "\nThere was: " + cut(actual.toString()), e);
        }
    }

    private static String cut(String text) {
        return text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "…" : text;
    }

    private void keep(JsonNode step, JsonNode from) {
        step.path("keep").properties().forEach(one -> {
            JsonNode value = from.at(one.getValue().asText());
            if (value.isMissingNode()) {
                throw new AssertionError("there is no " + one.getValue().asText() + " to keep in " + from);
            }
            values.keep(one.getKey(), value);
        });
    }

    private JsonNode filled(JsonNode step, String field) {
        return step.has(field) ? values.fill(step.get(field)) : step.path(field);
    }

    private String text(JsonNode step, String field, String usual) {
        return step.has(field) ? values.fill(step.path(field).asText()) : usual;
    }

    /** What is no JSON is sent as it is, since that is what its case is about. */
    private static String sent(JsonNode body) {
        return body.isTextual() ? body.asText() : body.toString();
    }

    private Map<String, String> headers(JsonNode step) {
        var headers = new HashMap<String, String>();
        filled(step, "headers").properties().forEach(header -> headers.put(header.getKey(), header.getValue().asText()));
        return headers;
    }

    /** An answer as cases see it: status, headers by their names in lower case, and the body, a text unless it is JSON. */
    private static JsonNode answer(HttpResponse<String> response) {
        ObjectNode answer = JSON.createObjectNode().put("status", response.statusCode());
        ObjectNode headers = answer.putObject("headers");
        response.headers().map().forEach((name, all) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(", ", all)));
        try {
            boolean json = headers.path("content-type").asText().contains("json");
            answer.set("body", json ? JSON.readTree(response.body()) : TextNode.valueOf(response.body()));
        } catch (JsonProcessingException e) {
            answer.put("body", response.body());
        }
        return answer;
    }
}
