package dev.voiceai.warehouse.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The envelopes of all answers. */
final class Answers {

    static final ObjectMapper JSON = new ObjectMapper();

    private Answers() {
    }

    static ObjectNode success(ObjectNode data) {
        return envelope(true, null, null, data);
    }

    static ObjectNode failure(SqlError error) {
        return envelope(false, error.code(), error.message(),
                JSON.createObjectNode().put("errorCode", error.code()).put("sqlState", error.sqlState()));
    }

    /** The driver then asks for the result until it is there. */
    static ObjectNode inProgress(String queryId) {
        return envelope(true, "333333", "Query execution in progress",
                JSON.createObjectNode().put("queryId", queryId).put("getResultUrl", "/queries/" + queryId + "/result"));
    }

    private static ObjectNode envelope(boolean success, String code, String message, ObjectNode data) {
        var answer = JSON.createObjectNode().put("success", success).put("code", code).put("message", message);
        answer.set("data", data);
        return answer;
    }
}
