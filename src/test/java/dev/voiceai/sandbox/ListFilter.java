package dev.voiceai.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Predicate;

/** The sandbox's reading of {@code filter_criteria}, for other stand-ins of Retell. */
public final class ListFilter implements Predicate<JsonNode> {
    private final CallFilter filter;

    public ListFilter(JsonNode filterCriteria) {
        filter = new CallFilter(filterCriteria);
    }

    /** The one request_id that can match; null when any can. */
    public String requestId() {
        return filter.requestId();
    }

    @Override
    public boolean test(JsonNode call) {
        return filter.test(call);
    }
}
