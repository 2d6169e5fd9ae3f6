package dev.voiceai.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Clock;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;

/**
 * Wraps an HTTP request as the event that a Lambda Function URL makes of it, and reads the function's answer.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads">Payload format 2.0</a>
 */
public final class FunctionUrl {

    private final ObjectMapper json;
    private final Clock clock;

    public FunctionUrl(ObjectMapper json, Clock clock) {
        this.json = json;
        this.clock = clock;
    }

    /**
     * @param status the HTTP status; 502 when the function failed instead of answering
     * @param contentType null when the answer names none
     */
    public record Answer(int status, String contentType, String body) {}

    /**
     * The event, as JSON. The body travels as base64, since the signature is over its raw bytes.
     *
     * @param body may be null
     * @param headers the request's headers; those of the framework's own making stay behind
     */
    public String event(byte[] body, Map<String, Object> headers) throws JsonProcessingException {
        var event = json.createObjectNode();
        event.put("version", "2.0").put("routeKey", "$default").put("rawPath", "/").put("rawQueryString", "");
        var lowerCase = event.putObject("headers");
        headers.forEach((name, value) -> {
            if (value instanceof String text && !name.startsWith("Camel")) {
                lowerCase.put(name.toLowerCase(Locale.ROOT), text);
            }
        });
        var context = event.putObject("requestContext");
        context.put("timeEpoch", clock.millis());
        context.putObject("http").put("method", "POST").put("path", "/").put("protocol", "HTTP/1.1");
        event.put("body", body == null ? "" : Base64.getEncoder().encodeToString(body));
        event.put("isBase64Encoded", true);
        return json.writeValueAsString(event);
    }

    /** Reads the function's payload: an HTTP answer, or the error object of a function that failed. */
    public Answer answer(String payload) throws JsonProcessingException {
        JsonNode answer = json.readTree(payload);
        if (!answer.path("statusCode").canConvertToInt()) {
            return new Answer(502, null, "");
        }
        var body = answer.path("body").asText("");
        return new Answer(
                answer.path("statusCode").intValue(), answer.path("headers").path("content-type").textValue(), body);
    }
}
