package dev.voiceai.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.component.jsonvalidator.DefaultJsonUriSchemaLoader;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The JSON Schemas, loaded as the json-validator step of a route loads them. */
class SchemasTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path FOLDER = Path.of("routes/schemas");
    private static final String ID = "019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b";
    private static final String EVENT = "\"schema\": \"call-event/1\", \"event\": \"call_ended\", "
            + "\"call_id\": \"call_1\", \"received_at\": \"2026-11-22T12:00:00.000Z\", "
            + "\"payload_sha256\": \"" + "0a".repeat(32) + "\"";
    private static final String ABT = "\"specversion\": \"1.0\", \"id\": \"b1e6d3a4-5a0b-5f43-9c6e-2f4d2f1c7a10\", "
            + "\"source\": \"/voice-ai/call-processor\", \"type\": \"voice_ai.call.initiated\", "
            + "\"subject\": \"" + ID + "\", \"time\": \"2026-11-22T12:00:00.000Z\", "
            + "\"datacontenttype\": \"application/json\", "
            + "\"dataschema\": \"/schemas/abt/1\"";

    private static CamelContext camel;

    @BeforeAll
    static void open() {
        camel = new DefaultCamelContext();
    }

    @AfterAll
    static void close() throws Exception {
        camel.close();
    }

    static Stream<Arguments> accepted() {
        return Stream.of(
                good("call", "{\"to_number\": \"+12065550100\"}"),
                good("call", """
                        {"to_number": "+12065550100", "from_number": "+14155550100", "agent_id": "a", "contact_id": "c",
                         "campaign": "k", "purpose": "p", "timezone": "America/New_York",
                         "consent": {"basis": "b", "obtained_at": "2026-01-01T00:00:00Z", "reference": "r"},
                         "not_before": "2026-12-01T09:00:00-05:00", "expires_at": "2026-12-01T10:00:00.123Z",
                         "dynamic_variables": {"name": "Zoë 👋", "empty": ""},
                         "metadata": {"n": 1, "deep": {"request_id": "theirs"}, "list": [true, null]}}
                        """),
                good("call", "{\"to_number\": \"+1234567\"}"),
                good("call", "{\"to_number\": \"+123456789012345\"}"),
                good("call-batch", "{\"calls\": [{}, null, 7]}"),
                good("call-batch-item", "{\"idempotency_key\": \"k\", \"more\": 1}"),
                good("call-batch-item", "{}"),
                good("number", "{\"number\": \"+442079460000\"}"),
                good("task-field-writeback", "{\"call_id\": \"call_1\", \"fields\": {\"a\": null, \"b\": [1]}}"),
                good("task-field-writeback",
                        "{\"request_id\": \"%s\", \"contact_id\": \"c\", \"fields\": {\"a\": \"x\"}}".formatted(ID)),
                good("task-reschedule-call", "{\"call_id\": \"call_1\", \"not_before\": \"tomorrow\"}"),
                good("task-reschedule-call", """
                        {"request_id": "%s", "not_before": "2026-12-01T09:00", "timezone": "Europe/Paris",
                         "reason": "r"}
                        """.formatted(ID)),
                good("task-incoming-call",
                        "{\"from_number\": \"+12065550100\", \"to_number\": \"+14155550100\", \"agent_id\": \"a\"}"),
                good("task-do-not-call", "{\"call_id\": \"call_1\"}"),
                good("task-do-not-call",
                        "{\"request_id\": \"%s\", \"reason\": \"r\", \"until\": \"2027-01-01T00:00:00Z\"}".formatted(ID)),
                good("task-set-disposition", "{\"call_id\": \"call_1\", \"disposition\": \"interested\", \"reason\": \"r\"}"),
                good("task-set-disposition", "{\"request_id\": \"%s\", \"disposition\": \"d\"}".formatted(ID)),
                good("do-not-call", "{\"contact_id\": \"c\", \"source\": \"s\", \"reason\": \"r\"}"),
                good("do-not-call", """
                        {"numbers": ["+12065550100", "+12065550100"], "source": "s", "reason": "r",
                         "until": "2027-01-01T00:00:00+05:30"}
                        """),
                good("do-not-call-check", "{\"numbers\": [\"+12065550100\"]}"),
                good("do-not-call-check", "{\"contact_id\": \"c\"}"),
                good("privacy-subject", "{\"number\": \"+12065550100\"}"),
                good("privacy-subject", "{\"contact_id\": \"c\"}"),
                good("list-audit", "{\"limit\": 1}"),
                good("list-calls", "{\"reveal\": \"true\", \"limit\": 1}"),
                good("list-audit", "{\"actor\": \"operator\", \"action\": \"task.done\", \"subject\": \"request/%s\", "
                        .formatted(ID) + "\"from\": \"2026-11-22T12:00:00Z\", \"to\": \"2026-11-22T13:00:00+01:00\", \"limit\": 200}"),
                good("do-not-call-removal", "{\"numbers\": [\"+12065550100\"], \"reason\": \"r\"}"),
                good("do-not-call-removal", "{\"contact_id\": \"c\", \"reason\": \"r\"}"),
                good("resolution", "{\"resolution\": \"confirmed\", \"note\": \"n\"}"),
                good("resolution", "{\"resolution\": \"corrected\", \"fields\": {\"a\": 1}}"),
                good("resolution", "{\"resolution\": \"corrected\", \"fields\": {\"a\": 1}, \"contact_id\": \"c\"}"),
                good("resolution", "{\"resolution\": \"not_placed\"}"),
                good("resolution", "{\"resolution\": \"redial\"}"),
                good("redrive", "{}"),
                good("redrive", "{\"queue\": \"call-events\", \"ids\": [\"a\"], \"dry_run\": true}"),
                good("redrive", "{\"sink\": \"warehouse\"}"),
                good("list-phone-calls", "{\"direction\": \"inbound\", \"requested\": \"false\", \"limit\": 1}"),
                good("redrive", """
                        {"request_id": "%s", "call_id": "call_1", "event": "voice_ai.call.started",
                         "error": "JsonValidationException const at $.schema", "dry_run": false}
                        """.formatted(ID)),
                good("list-dead-letters", """
                        {"source": "outbox", "sink": "abt", "request_id": "%s", "call_id": "call_1", "event": "call_ended",
                         "error": "HTTP 500", "cursor": "1795348800123_%s", "limit": 200}
                        """.formatted(ID, ID)),
                good("list-calls", "{\"limit\": 50}"),
                good("list-calls", """
                        {"state": "held", "outcome": "failed", "contact_id": "c", "campaign": "k", "limit": 200,
                         "cursor": "x", "created_from": "2026-01-01T00:00:00Z",
                         "updated_since": "2026-01-01T00:00:00+05:30"}
                        """),
                good("list-tasks", """
                        {"type": "reschedule-call", "state": "open", "request_id": "%s", "contact_id": "c", "limit": 1}
                        """.formatted(ID)),
                good("read-report", "{\"limit\": 10000, \"format\": \"csv\"}"),
                good("read-report", "{\"from\": \"2026-02-28\", \"to\": \"2026-02-28\", \"campaign\": \"=k\", \"limit\": 1}"),
                good("task-incoming-call", """
                        {"from_number": "+12065550100", "to_number": "+14155550100", "call_id": "call_1"}
                        """),
                good("page", "{\"limit\": 1, \"cursor\": \"x\"}"),
                good("dialing-pause", "{\"reason\": \"closed\", \"campaign\": \"k\"}"),
                good("dialing-pause", "{\"reason\": \"closed\", \"from_number\": \"+14155550100\"}"),
                good("dialing-resume", "{}"),
                good("routes-rollback", "{\"version\": 3, \"reason\": \"worse\"}"),
                good("delete-task", "{}"),
                good("delete-task", "{\"reason\": \"r\"}"),
                good("call-request",
                        "{\"schema\": \"call-request/1\", \"request_id\": \"%s\", \"attempt\": 1}".formatted(ID)),
                good("call-request",
                        "{\"schema\": \"call-request/1\", \"request_id\": \"%s\", \"attempt\": 2, \"new\": 1}"
                        .formatted(ID)),
                good("call-event", "{" + EVENT + ", \"call\": {}}"),
                good("call-event", "{" + EVENT.replace("\"call_id\": \"call_1\", ", "") + ", \"alert\": {}}"),
                good("call-event",
                        "{" + EVENT + ", \"request_id\": \"theirs\", \"attempt\": \"1\", \"truncated\": true, "
                        + "\"call\": {\"start_timestamp\": 1790000100000, \"call_analysis\": null, "
                        + "\"metadata\": 7, \"new\": {}}, "
                        + "\"transfer_destination\": null}"),
                good("abt-event", "{" + ABT + ", \"data\": {\"event_name\": \"Voice call initiated\", \"request_id\": \"" + ID
                        + "\", \"attempt\": 1, \"call_id\": \"call_1\"}}"),
                good("abt-event", "{" + ABT.replace("initiated", "ended") + ", \"data\": {\"event_name\": \"Call ended\"}}"),
                good("abt-event",
                        "{" + ABT.replace("initiated", "completed") + ", \"traceparent\": \"00-1-2-01\", \"data\": {\"event_name\": \"Call completed\", "
                        + "\"request_id\": \"" + ID + "\", \"attempt\": 1, \"call_id\": \"call_1\", "
                        + "\"contact_id\": null, "
                        + "\"metadata\": {\"a\": 1}, \"state\": \"done\", \"final\": true, \"outcome\": \"completed\", "
                        + "\"reason\": {\"code\": \"expired\", \"until\": null}, "
                        + "\"duration_ms\": 0, \"cost_usd\": 0.07}}"),
                good("function-call", """
                        {"name": "reschedule_call",
                         "call": {"call_id": "call_1", "metadata": {"request_id": "x"}, "more": []},
                         "args": {"not_before": "x"}, "new": 1}
                        """),
                good("function-call", "{\"name\": \"x\", \"call\": {\"call_id\": \"call_1\"}}"),
                good("inbound", """
                        {"event": "call_inbound", "event_timestamp": 1790000100000,
                         "call_inbound": {"call_id": "c", "agent_id": "a", "agent_version": 7,
                                          "from_number": "anonymous", "to_number": "+14155550100",
                                          "custom_sip_headers": {}}}
                        """),
                good("inbound", """
                        {"event": "call_inbound",
                         "call_inbound": {"from_number": "+12065550100", "to_number": "+14155550100"}}
                        """));
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                bad("call", "[]", "$ type"),
                bad("call", "{}", "$ required to_number"),
                bad("call", "{\"to_number\": null}", "$.to_number type"),
                bad("call", "{\"to_number\": \"2065550100\"}", "$.to_number pattern"),
                bad("call", "{\"to_number\": \"+02065550100\"}", "$.to_number pattern"),
                bad("call", "{\"to_number\": \"+1 206 555 0100\"}", "$.to_number pattern"),
                bad("call", "{\"to_number\": \"+123456\"}", "$.to_number pattern"),
                bad("call", "{\"to_number\": \"+1234567890123456\"}", "$.to_number pattern"),
                bad("call", "{\"to_number\": \"+١٢٣٤٥٦٧٨\"}", "$.to_number pattern"),
                bad("call", "{\"to_number\": 12065550100}", "$.to_number type"),
                bad("call", "{\"to_number\": \"+12065550100\", \"dial_twice\": \"Nobody\"}",
                        "$ additionalProperties dial_twice"),
                bad("call", "{\"to_number\": \"+12065550100\", \"contact_id\": \"\"}", "$.contact_id minLength"),
                bad("call", "{\"to_number\": \"+12065550100\", \"campaign\": \"%s\"}".formatted("Secret".repeat(30)),
                        "$.campaign maxLength"),
                bad("call",
                        "{\"to_number\": \"+12065550100\", \"not_before\": \"2026-12-01T09:00:00\"}",
                        "$.not_before format"),
                bad("call",
                        "{\"to_number\": \"+12065550100\", \"expires_at\": \"2026-13-01T09:00:00Z\"}",
                        "$.expires_at format"),
                bad("call", "{\"to_number\": \"+12065550100\", \"expires_at\": 1790000100000}", "$.expires_at type"),
                bad("call", "{\"to_number\": \"+12065550100\", \"consent\": {\"basis\": \"Express\"}}",
                        "$.consent required obtained_at", "$.consent required reference"),
                bad("call", "{\"to_number\": \"+12065550100\", \"dynamic_variables\": {\"age\": 42}}",
                        "$.dynamic_variables.age type"),
                bad("call", "{\"to_number\": \"+12065550100\", \"metadata\": \"Secret\"}", "$.metadata type"),
                bad("call",
                        "{\"to_number\": \"+12065550100\", \"metadata\": {\"request_id\": \"Secret\", \"attempt\": 1}}",
                        "$.metadata.request_id not", "$.metadata.attempt not"),
                bad("call-batch", "{}", "$ required calls"),
                bad("call-batch", "{\"calls\": []}", "$.calls minItems"),
                bad("call-batch", "{\"calls\": [%s{}]}".formatted("{},".repeat(1000)), "$.calls maxItems"),
                bad("call-batch", "{\"calls\": {}, \"all\": \"Secret\"}", "$.calls type", "$ additionalProperties all"),
                bad("call-batch-item", "[]", "$ type"),
                bad("call-batch-item", "{\"idempotency_key\": 7}", "$.idempotency_key type"),
                bad("call-batch-item", "{\"idempotency_key\": \"\"}", "$.idempotency_key minLength"),
                bad("call-batch-item", "{\"idempotency_key\": \"Secret\\u0000\"}", "$.idempotency_key pattern"),
                bad("number", "{}", "$ required number"),
                bad("number", "{\"number\": \"Secret\"}", "$.number pattern"),
                bad("number", "{\"number\": \"+12065550100\", \"also\": \"Secret\"}", "$ additionalProperties also"),
                bad("task-field-writeback", "{\"fields\": {\"a\": 1}}", "$ required request_id"),
                bad("task-field-writeback", "{\"call_id\": \"call_1\"}", "$ required fields"),
                bad("task-field-writeback", "{\"call_id\": \"call_1\", \"fields\": {}}", "$.fields minProperties"),
                bad("task-field-writeback",
                        "{\"call_id\": \"call_1\", \"request_id\": \"%s\", \"fields\": {\"a\": 1}}".formatted(ID),
                        "$.request_id not"),
                bad("task-field-writeback",
                        "{\"request_id\": \"Secret\", \"fields\": {\"a\": 1}}", "$.request_id pattern"),
                bad("task-reschedule-call", "{\"call_id\": \"call_1\"}", "$ required not_before"),
                bad("task-reschedule-call", "{\"not_before\": \"2026-12-01T09:00:00Z\"}", "$ required request_id"),
                bad("task-reschedule-call", "{\"call_id\": \"call_1\", \"not_before\": 9}", "$.not_before type"),
                bad("task-incoming-call", "{\"from_number\": \"anonymous\", \"to_number\": \"+14155550100\"}",
                        "$.from_number pattern"),
                bad("task-incoming-call", "{\"from_number\": \"+12065550100\"}", "$ required to_number"),
                bad("task-do-not-call", "{\"reason\": \"Secret\"}", "$ required request_id"),
                bad("task-do-not-call", "{\"call_id\": \"call_1\", \"until\": \"Tomorrow\"}", "$.until format"),
                bad("task-do-not-call", "{\"call_id\": \"call_1\", \"request_id\": \"%s\"}".formatted(ID), "$.request_id not"),
                bad("task-do-not-call", "{\"call_id\": \"call_1\", \"number\": \"+12065550100\"}",
                        "$ additionalProperties number"),
                bad("do-not-call", "{}", "$ required contact_id", "$ required source", "$ required reason"),
                bad("do-not-call", "{\"numbers\": [], \"source\": \"\", \"reason\": \"\"}",
                        "$.numbers minItems", "$.source minLength", "$.reason minLength"),
                bad("do-not-call", """
                        {"numbers": ["+12065550100", "Secret"], "contact_id": "c-1", "source": "%s", "reason": "%s",
                         "until": "2027-01-01"}
                        """.formatted("Secret".repeat(11), "Secret".repeat(43)),
                        "$.numbers[1] pattern", "$.contact_id not", "$.source maxLength", "$.reason maxLength",
                        "$.until format"),
                bad("do-not-call-check", "{}", "$ required contact_id"),
                bad("privacy-subject", "{}", "$ required contact_id"),
                bad("privacy-subject", "{\"number\": \"+12065550100\", \"contact_id\": \"c\"}", "$.contact_id not"),
                bad("privacy-subject", "{\"number\": \"0206 5550100\"}", "$.number pattern"),
                bad("list-audit", "{\"subject\": \"number/+12065550100\"}", "$.subject pattern"),
                bad("page", "{\"reveal\": \"yes\"}", "$.reveal enum"),
                bad("list-audit", "{\"from\": \"yesterday\"}", "$.from format"),
                bad("do-not-call-check", "{\"contact_id\": \"c-1\", \"number\": \"+12065550100\"}",
                        "$ additionalProperties number"),
                bad("do-not-call-removal", "{\"numbers\": [\"+12065550100\"]}", "$ required reason"),
                bad("do-not-call-removal", "{\"numbers\": \"+12065550100\", \"reason\": \"Secret\"}", "$.numbers type"),
                bad("resolution", "{}", "$ required resolution"),
                bad("resolution", "{\"resolution\": \"Whatever\"}", "$.resolution enum"),
                bad("resolution", "{\"resolution\": \"corrected\"}", "$ required fields"),
                bad("resolution", "{\"resolution\": \"confirmed\", \"fields\": {\"a\": \"Secret\"}}", "$.fields not"),
                bad("resolution", "{\"resolution\": \"confirmed\", \"contact_id\": \"Secret\"}", "$.contact_id not"),
                bad("task-set-disposition", "{\"call_id\": \"call_1\"}", "$ required disposition"),
                bad("task-set-disposition", "{\"disposition\": \"Secret\"}", "$ required request_id"),
                bad("task-set-disposition", "{\"call_id\": \"call_1\", \"disposition\": 7, \"more\": \"Secret\"}",
                        "$.disposition type", "$ additionalProperties more"),
                bad("redrive", "{\"queue\": \"Somewhere\"}", "$.queue enum"),
                bad("redrive", "{\"ids\": []}", "$.ids minItems"),
                bad("redrive", "{\"dry_run\": \"Maybe\"}", "$.dry_run type"),
                bad("redrive", "{\"all\": true}", "$ additionalProperties all"),
                bad("list-phone-calls", "{\"direction\": \"Up\", \"requested\": \"Perhaps\"}", "$.direction enum", "$.requested enum"),
                bad("redrive", "{\"queue\": \"call-events\", \"sink\": \"abt\"}", "$.sink not"),
                bad("redrive", "{\"error\": \"Secret +12065550100\"}", "$.error pattern"),
                bad("redrive", "{\"call_id\": \"+12065550100\"}", "$.call_id pattern"),
                bad("redrive", "{\"request_id\": \"Secret\", \"event\": \"Secret\"}",
                        "$.request_id pattern", "$.event pattern"),
                bad("list-dead-letters", "{\"source\": \"Everywhere\", \"cursor\": \"Secret\", \"limit\": 0}",
                        "$.source enum", "$.cursor pattern", "$.limit minimum"),
                bad("list-calls", "{\"state\": \"Ringing\", \"limit\": 201}", "$.state enum", "$.limit maximum"),
                bad("list-calls", "{\"created_from\": \"Yesterday\", \"contact_id\": \"a\\u0000b\"}",
                        "$.created_from format", "$.contact_id pattern"),
                bad("list-tasks", "{\"type\": \"../Secret\", \"state\": \"Closed\", \"limit\": -1}",
                        "$.type pattern", "$.state enum", "$.limit minimum"),
                bad("read-report", "{\"format\": \"Xml\", \"limit\": 10001}", "$.format enum", "$.limit maximum"),
                bad("read-report", "{\"from\": \"2026-02-30\", \"to\": \"Yesterday\", \"campaign\": \"a\\u0000b\"}",
                        "$.from format", "$.to format", "$.campaign pattern"),
                bad("page", "{\"limit\": 0, \"cursor\": \"a\\u0000b\"}", "$.limit minimum", "$.cursor pattern"),
                bad("dialing-pause", "{\"campaign\": \"a\\u0000b\"}", "$ required reason", "$.campaign pattern"),
                bad("dialing-pause", "{\"reason\": \"Because\", \"campaign\": \"Secret\", \"from_number\": \"+14155550100\"}", "$ not"),
                bad("routes-rollback", "{\"version\": 0, \"all\": true}", "$ additionalProperties all", "$.version minimum"),
                bad("dialing-resume", "{\"all\": true, \"from_number\": \"Secret\"}", "$ additionalProperties all", "$.from_number pattern"),
                bad("delete-task", "{\"reason\": \"a\\u0000b\"}", "$.reason pattern"),
                bad("call-request",
                        "{\"schema\": \"call-request/2\", \"request_id\": \"%s\", \"attempt\": 1}".formatted(ID),
                        "$.schema const"),
                bad("call-request", "{\"schema\": \"call-request/1\", \"request_id\": \"Secret\", \"attempt\": 0}",
                        "$.request_id pattern", "$.attempt minimum"),
                bad("call-request", "{\"schema\": \"call-request/1\"}", "$ required request_id", "$ required attempt"),
                bad("call-event",
                        "{" + EVENT.replace("call-event/1", "call-event/9") + ", \"call\": {}}", "$.schema const"),
                bad("call-event", "{" + EVENT.replace("\"event\": \"call_ended\", ", "") + "}", "$ required event"),
                bad("call-event", "{" + EVENT.replace("\"call_1\"", "\"\"") + ", \"call\": \"Secret\"}",
                        "$.call_id pattern", "$.call type"),
                bad("call-event", "{" + EVENT.replace("\"call_1\"", "\"+12065550100\"") + ", \"call\": {\"call_id\": \"12065550100\"}}",
                        "$.call_id pattern", "$.call.call_id pattern"),
                bad("abt-event", "{" + ABT.replace("initiated", "x") + ", \"data\": {\"event_name\": \"x\", \"to_number\": \"+12065550100\"}}",
                        "$.data additionalProperties to_number"),
                bad("abt-event", "{" + ABT.replace("initiated", "x") + ", \"data\": {\"event_name\": \"x\", \"transcript\": \"Secret\"}}",
                        "$.data additionalProperties transcript"),
                bad("abt-event", "{" + ABT + ", \"data\": {\"event_name\": \"Called\", \"request_id\": \"" + ID + "\"}}",
                        "$.data required attempt", "$.data required call_id", "$.data.event_name const"),
                bad("abt-event", "{" + ABT.replace("voice_ai.call.initiated", "Initiated") + ", \"data\": {}}",
                        "$.type pattern", "$.data required event_name"),
                bad("function-call",
                        "{\"name\": \"drop Table\", \"call\": {\"call_id\": \"call_1\"}}", "$.name pattern"),
                bad("function-call", "{\"name\": \"Secret_name\", \"call\": {}, \"args\": \"Secret\"}",
                        "$.call required call_id", "$.args type"),
                bad("inbound", "{\"event\": \"call_started\", \"call_inbound\": {\"from_number\": \"Secret\"}}",
                        "$.event const", "$.call_inbound required to_number"));
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void acceptsWhatIsRight(String name, String json) throws Exception {
        assertThat(validate(name, json)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesWhatIsWrongByFieldAndRule(String name, String json, List<String> errors) throws Exception {
        assertThat(validate(name, json)).extracting(SchemasTest::describe).containsExactlyInAnyOrderElementsOf(errors);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void echoesNoValue(String name, String json, List<String> errors) throws Exception {
        var values = new ArrayList<String>();
        collectText(JSON.readTree(json), values);
        for (ValidationMessage message : validate(name, json)) {
            assertThat(values).allSatisfy(value -> assertThat(message.getMessage()).doesNotContain(value));
        }
    }

    @Test
    void everySchemaIsDraft07WithTitleAndDescriptions() throws Exception {
        var draft07 = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
                .getSchema(SchemaLocation.of(SchemaId.V7));
        for (String name : names()) {
            JsonNode schema = JSON.readTree(FOLDER.resolve(name + ".json").toFile());
            assertThat(draft07.validate(schema)).as(name).isEmpty();
            // Formats are checked by default only up to this draft.
            assertThat(schema.path("$schema").asText()).as(name).isEqualTo("http://json-schema.org/draft-07/schema#");
            assertThat(schema.path("title").asText()).as(name).isNotBlank();
            assertThat(schema.path("description").asText()).as(name).isNotBlank();
            schema.path("properties").properties().forEach(property ->
                    assertThat(property.getValue().path("description").asText())
                            .as(name + "." + property.getKey()).isNotBlank());
        }
    }

    @Test
    void everySchemaIsTriedWithRightAndWrongInput() throws Exception {
        for (var cases : List.of(accepted(), refused())) {
            assertThat(cases.map(arguments -> arguments.get()[0].toString()).distinct())
                    .containsExactlyInAnyOrderElementsOf(names());
        }
    }

    private static List<String> names() throws IOException {
        try (var files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString().replace(".json", "")).sorted().toList();
        }
    }

    private static Iterable<ValidationMessage> validate(String name, String json) throws Exception {
        JsonSchema schema = new DefaultJsonUriSchemaLoader()
                .createSchema(camel, "file:" + FOLDER + "/" + name + ".json");
        return schema.validate(JSON.readTree(json));
    }

    private static String describe(ValidationMessage message) {
        var property = message.getProperty() == null ? "" : " " + message.getProperty();
        return message.getInstanceLocation() + " " + message.getType() + property;
    }

    private static void collectText(JsonNode node, List<String> values) {
        if (node.isTextual() && !node.textValue().isEmpty()) {
            values.add(node.textValue());
        }
        node.forEach(child -> collectText(child, values));
    }

    private static Arguments good(String name, String json) {
        return Arguments.of(name, json);
    }

    private static Arguments bad(String name, String json, String... errors) {
        return Arguments.of(name, json, List.of(errors));
    }
}
