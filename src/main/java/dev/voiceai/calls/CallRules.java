package dev.voiceai.calls;

import com.fasterxml.jackson.databind.JsonNode;
import dev.voiceai.http.Problem;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.function.Supplier;

/** The rules of {@code POST /api/v1/calls} that come after {@code routes/schemas/call.json}. */
public final class CallRules {

    private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

    private final PhoneNumbers numbers;
    private final AgentPairs agentPairs;
    private final Supplier<OffsetDateTime> now;

    public CallRules(PhoneNumbers numbers, AgentPairs agentPairs, Supplier<OffsetDateTime> now) {
        this.numbers = numbers;
        this.agentPairs = agentPairs;
        this.now = now;
    }

    /**
     * Checks a body that the schema has passed, and reports everything at once.
     *
     * @throws Problem status 422; codes {@code impossible_number}, {@code unknown_zone}, {@code invalid_time},
     *     {@code in_past}, {@code in_future}, {@code too_far_ahead}, {@code before_not_before}, {@code too_large},
     *     {@code forbidden_character}, {@code agent_not_listed}, {@code purpose_not_allowed}, {@code required}
     */
    public void check(JsonNode call) {
        var errors = new FieldErrors();
        errors.checkNumber(call, "to_number", numbers);
        errors.checkNumber(call, "from_number", numbers);
        errors.checkZone(call, "timezone");
        checkTimes(call, errors);
        errors.checkSize(call, "dynamic_variables");
        errors.checkSize(call, "metadata");
        errors.checkCharacters(call);
        checkAgent(call, errors);
        errors.throwIfAny();
    }

    private void checkAgent(JsonNode call, FieldErrors errors) {
        String agentId = call.path("agent_id").textValue();
        String fromNumber = call.path("from_number").textValue();
        String purpose = call.path("purpose").textValue();
        if (fromNumber != null && !numbers.isPossible(fromNumber)) {
            return;
        }
        var standing = agentPairs.findOrDefault(agentId, fromNumber, purpose);
        if (!standing.listed() && agentId == null && fromNumber != null) {
            errors.add("/from_number", "agent_not_listed", "is not listed together with the default agent");
        } else if (!standing.listed()) {
            errors.add("/agent_id", "agent_not_listed", "is not listed together with the number that is to call");
        } else if (!standing.purposeAllowed() && purpose == null) {
            errors.add("/purpose", "required", "is required for this agent and number");
        } else if (!standing.purposeAllowed()) {
            errors.add("/purpose", "purpose_not_allowed", "is not one that this agent and number may be used for");
        }
    }

    private void checkTimes(JsonNode call, FieldErrors errors) {
        OffsetDateTime present = now.get();
        OffsetDateTime notBefore = errors.time(call, "/not_before");
        OffsetDateTime expiresAt = errors.time(call, "/expires_at");
        OffsetDateTime obtainedAt = errors.time(call, "/consent/obtained_at");
        if (notBefore != null && notBefore.isAfter(present.plusYears(1))) {
            errors.add("/not_before", "too_far_ahead", "must not be more than one year ahead");
        }
        if (expiresAt != null && !expiresAt.isAfter(present)) {
            errors.add("/expires_at", "in_past", "must lie ahead");
        }
        if (expiresAt != null && notBefore != null && !expiresAt.isAfter(notBefore)) {
            errors.add("/expires_at", "before_not_before", "must be later than not_before");
        }
        if (obtainedAt != null && obtainedAt.isAfter(present.plus(CLOCK_SKEW))) {
            errors.add("/consent/obtained_at", "in_future", "must not lie ahead");
        }
    }
}
