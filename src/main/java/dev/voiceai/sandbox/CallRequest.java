package dev.voiceai.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Pattern;

/**
 * A create-phone-call request that has passed validation; fields that Retell does not define are ignored.
 *
 * @param body the request as it came
 * @see <a href="https://docs.retellai.com/api-references/create-phone-call">Retell: create phone call</a>
 */
record CallRequest(ObjectNode body) {
    static final Pattern E164 = Pattern.compile("\\+[1-9]\\d{1,14}");

    /** @throws Refusal 400 when a field is missing or has the wrong type or format */
    static CallRequest of(JsonNode json) {
        if (!(json instanceof ObjectNode body)) {
            throw Refusal.badRequest("the body is not a JSON object");
        }
        expect(body, "ignore_e164_validation", body.path("ignore_e164_validation").isBoolean(), "a boolean");
        for (String field : new String[] {"from_number", "to_number"}) {
            String number = body.path(field).asText();
            boolean valid = body.path("ignore_e164_validation").asBoolean()
                    ? !number.isEmpty() : E164.matcher(number).matches();
            if (!body.path(field).isTextual() || !valid) {
                throw Refusal.badRequest(field + " is not an E.164 number");
            }
        }
        JsonNode version = body.path("override_agent_version");
        expect(body, "override_agent_id", body.path("override_agent_id").isTextual(), "a string");
        expect(body, "override_agent_version", version.isIntegralNumber() || version.isTextual(), "a version");
        expect(body, "metadata", body.path("metadata").isObject(), "an object");
        expect(body, "agent_override", body.path("agent_override").isObject(), "an object");
        for (String field : new String[] {"retell_llm_dynamic_variables", "custom_sip_headers"}) {
            expect(body, field, body.path(field).isObject(), "an object");
            body.path(field).forEach(value -> {
                if (!value.isTextual()) {
                    throw Refusal.badRequest("a value of " + field + " is not a string");
                }
            });
        }
        body.path("custom_sip_headers").fieldNames().forEachRemaining(name -> {
            if (!name.regionMatches(true, 0, "X-", 0, 2)) {
                throw Refusal.badRequest("a name of custom_sip_headers does not start with X-");
            }
        });
        CallRequest request = new CallRequest(body);
        request.script();
        return request;
    }

    private static void expect(ObjectNode body, String field, boolean valid, String type) {
        if (body.has(field) && !valid) {
            throw Refusal.badRequest(field + " is not " + type);
        }
    }

    String fromNumber() {
        return body.path("from_number").asText();
    }

    String toNumber() {
        return body.path("to_number").asText();
    }

    /** @throws Refusal 400 when the dynamic variable names a script that does not exist */
    Script script() {
        return script(body.path("retell_llm_dynamic_variables"), toNumber());
    }

    /** The script named by the dynamic variable, else the one of the number. */
    static Script script(JsonNode variables, String number) {
        return variables.has(Script.VARIABLE)
                ? Script.named(variables.path(Script.VARIABLE).asText())
                        .orElseThrow(() -> Refusal.badRequest(Script.VARIABLE + " names no script"))
                : Script.ofNumber(number);
    }

    /** {@code metadata.request_id}, null when there is none; it ties the repeats of one request together. */
    String requestId() {
        return metadata("request_id");
    }

    /** {@code metadata.attempt}, null when there is none. */
    String attempt() {
        return metadata("attempt");
    }

    private String metadata(String key) {
        JsonNode value = body.path("metadata").path(key);
        return value.isValueNode() && !value.isNull() ? value.asText() : null;
    }
}
