package dev.voiceai.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The {@code filter_criteria} of list-calls; a call must meet all of them. Each is a string
 * {@code {"type":"string","op":"eq|ne|sw|ew|co","value":…}}, a number, a range {@code {"type":"range","op":"bt",
 * "value":[low,high]}}, an enum {@code {"type":"enum","op":"in","value":[…]}}, a boolean, or just
 * {@code {"op":"pr|np"}} for present or not; those of metadata, dynamic variables and custom analysis data are lists
 * and name a top-level {@code key}.
 *
 * @see <a href="https://docs.retellai.com/api-references/list-calls">Retell: list calls</a>
 */
final class CallFilter implements Predicate<JsonNode> {
    /** Not {@code registered}: a call cannot be asked for by it. */
    private static final Set<String> STATUSES = Set.of("not_connected", "ongoing", "ended", "error");

    private final List<Predicate<JsonNode>> criteria = new ArrayList<>();
    private String requestId;

    /** @throws Refusal 400 when a criterion is unknown or malformed */
    CallFilter(JsonNode filterCriteria) {
        if (!filterCriteria.isMissingNode() && !filterCriteria.isObject()) {
            throw Refusal.badRequest("filter_criteria is not an object");
        }
        filterCriteria.properties().forEach(entry -> add(entry.getKey(), entry.getValue()));
    }

    /** The one {@code metadata.request_id} that can match, null when any can: it spares reading all calls. */
    String requestId() {
        return requestId;
    }

    @Override
    public boolean test(JsonNode call) {
        return criteria.stream().allMatch(criterion -> criterion.test(call));
    }

    private void add(String field, JsonNode filter) {
        switch (field) {
            case "metadata" -> {
                addKeyed(List.of("metadata"), filter);
                filter.forEach(one -> {
                    if ("request_id".equals(one.path("key").asText()) && "eq".equals(one.path("op").asText())) {
                        requestId = one.path("value").asText();
                    }
                });
            }
            case "dynamic_variables" -> addKeyed(List.of("retell_llm_dynamic_variables"), filter);
            case "custom_analysis_data" -> addKeyed(List.of("call_analysis", "custom_analysis_data"), filter);
            case "agent" -> {
                Set<String> ids = new HashSet<>();
                filter.forEach(agent -> ids.add(agent.path("agent_id").asText()));
                criteria.add(call -> ids.contains(call.path("agent_id").asText()));
            }
            case "in_voicemail", "call_successful", "user_sentiment" -> addOne(List.of("call_analysis", field), filter);
            case "call_status" -> {
                filter.path("value").forEach(status -> {
                    if (!STATUSES.contains(status.asText())) {
                        throw Refusal.badRequest("a call_status of the filter is unknown");
                    }
                });
                addOne(List.of(field), filter);
            }
            case "call_id", "call_type", "direction", "from_number", "to_number", "agent_tag", "start_timestamp",
                    "end_timestamp", "duration_ms", "disconnection_reason", "data_storage_setting" ->
                addOne(List.of(field), filter);
            default -> throw Refusal.badRequest("a filter criterion is unknown or not one of the sandbox's");
        }
    }

    private void addKeyed(List<String> path, JsonNode filters) {
        if (!filters.isArray()) {
            throw Refusal.badRequest("a filter that takes keys is not a list");
        }
        for (JsonNode filter : filters) {
            if (!filter.path("key").isTextual()) {
                throw Refusal.badRequest("a filter has no key");
            }
            List<String> keyed = new ArrayList<>(path);
            keyed.add(filter.path("key").asText());
            addOne(keyed, filter);
        }
    }

    private void addOne(List<String> path, JsonNode filter) {
        Predicate<JsonNode> condition = condition(filter);
        criteria.add(call -> {
            JsonNode value = call;
            for (String field : path) {
                value = value.path(field);
            }
            return condition.test(value.isNull() ? MissingNode.getInstance() : value);
        });
    }

    private static Predicate<JsonNode> condition(JsonNode filter) {
        String op = filter.path("op").asText();
        JsonNode wanted = filter.path("value");
        String text = wanted.asText();
        return switch (filter.path("type").asText("present") + " " + op) {
            case "string eq" -> value -> value.isTextual() && value.asText().equals(text);
            case "string ne" -> value -> !value.asText().equals(text);
            case "string sw" -> value -> value.isTextual() && value.asText().startsWith(text);
            case "string ew" -> value -> value.isTextual() && value.asText().endsWith(text);
            case "string co" -> value -> value.isTextual() && value.asText().contains(text);
            case "number eq" -> value -> value.isNumber() && value.asDouble() == wanted.asDouble();
            case "number ne" -> value -> value.isNumber() && value.asDouble() != wanted.asDouble();
            case "number gt" -> value -> value.isNumber() && value.asDouble() > wanted.asDouble();
            case "number ge" -> value -> value.isNumber() && value.asDouble() >= wanted.asDouble();
            case "number lt" -> value -> value.isNumber() && value.asDouble() < wanted.asDouble();
            case "number le" -> value -> value.isNumber() && value.asDouble() <= wanted.asDouble();
            case "range bt" -> value -> value.isNumber() && value.asDouble() >= wanted.path(0).asDouble()
                    && value.asDouble() <= wanted.path(1).asDouble();
            case "enum in" -> {
                Set<String> allowed = new HashSet<>();
                wanted.forEach(one -> allowed.add(one.asText()));
                yield value -> allowed.contains(value.asText());
            }
            case "boolean eq" -> value -> value.isBoolean() && value.asBoolean() == wanted.asBoolean();
            case "present pr" -> value -> !value.isMissingNode();
            case "present np" -> JsonNode::isMissingNode;
            default -> throw Refusal.badRequest("a filter has an unknown type or op");
        };
    }
}
