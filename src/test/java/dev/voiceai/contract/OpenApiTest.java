package dev.voiceai.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.PathItem.HttpMethod;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.apache.camel.component.jsonvalidator.DefaultJsonUriSchemaLoader;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** The contract, and that nothing beside it says anything else. */
class OpenApiTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path CONTRACT = Path.of("routes/openapi.yaml");
    private static final List<String> SAME_RULES = List.of("type", "pattern", "format", "enum", "minLength",
            "maxLength", "minProperties", "maxProperties", "minItems", "maxItems", "uniqueItems", "minimum", "maximum");

    private static final Pattern AUTHORIZE = Pattern.compile("authorize\\([^']*'([a-z,]+)'");

    private static OpenAPI api;
    /** The same file as plain JSON, references and all. */
    private static JsonNode contract;

    @BeforeAll
    static void readContract() throws IOException {
        var options = new ParseOptions();
        options.setResolve(true);
        var result = new OpenAPIV3Parser().readLocation(CONTRACT.toUri().toString(), null, options);
        assertThat(result.getMessages()).as("what swagger-parser, and so Camel, has to say").isEmpty();
        api = result.getOpenAPI();
        contract = yaml(CONTRACT);
    }

    @Test
    void namesOneRouteForEveryOperation() {
        var operations = new LinkedHashMap<String, String>();
        eachOperation((path, method, operation) -> operations.put(operation.getOperationId(), method + " " + path));
        assertThat(operations).containsOnly(
                Map.entry("accept-call", "POST /calls"),
                Map.entry("list-calls", "GET /calls"),
                Map.entry("accept-batch", "POST /calls/batch"),
                Map.entry("search-calls", "POST /calls/search"),
                Map.entry("show-call", "GET /calls/{request_id}"),
                Map.entry("cancel-call", "DELETE /calls/{request_id}"),
                Map.entry("stop-call", "POST /calls/{request_id}/stop"),
                Map.entry("list-phone-calls", "GET /phone-calls"),
                Map.entry("show-phone-call", "GET /phone-calls/{call_id}"),
                Map.entry("list-tasks", "GET /tasks"),
                Map.entry("create-task", "POST /tasks/{task}"),
                Map.entry("show-task", "GET /tasks/{task}"),
                Map.entry("delete-task", "DELETE /tasks/{task}"),
                Map.entry("resolve-task", "POST /tasks/{task_id}/resolve"),
                Map.entry("show-dialing", "GET /dialing"),
                Map.entry("pause-dialing", "POST /dialing/pause"),
                Map.entry("resume-dialing", "POST /dialing/resume"),
                Map.entry("add-do-not-call", "POST /do-not-call"),
                Map.entry("check-do-not-call", "POST /do-not-call/check"),
                Map.entry("remove-do-not-call", "POST /do-not-call/remove"),
                Map.entry("list-reports", "GET /reports"),
                Map.entry("read-report", "GET /reports/{view}"),
                Map.entry("list-routes", "GET /routes"),
                Map.entry("rollback-routes", "POST /routes/rollback"),
                Map.entry("list-dead-letters", "GET /dead-letters"),
                Map.entry("show-dead-letter", "GET /dead-letters/{id}"),
                Map.entry("redrive-dead-letters", "POST /dead-letters/redrive"),
                Map.entry("erase-person", "POST /privacy/erasures"),
                Map.entry("export-person", "POST /privacy/exports"),
                Map.entry("list-audit", "GET /audit"));
    }

    @Test
    void hasNoTwoPathsOfOneShape() {
        var shapes = api.getPaths().keySet().stream().map(path -> path.replaceAll("\\{[^}]+}", "{}")).toList();
        assertThat(shapes).doesNotHaveDuplicates();
    }

    @Test
    void everyOperationSaysWhoMayUseItAndHowItFails() {
        assertThat(api.getServers()).extracting("url").containsExactly("/api/v1");
        eachOperation((path, method, operation) -> {
            var id = operation.getOperationId();
            assertThat(operation.getExtensions()).as(id).containsKey("x-roles");
            assertThat((Collection<?>) operation.getExtensions().get("x-roles")).as(id)
                    .isNotEmpty().allMatch(role -> Set.of("engage", "business", "operator").contains(role));
            assertThat(operation.getSummary()).as(id).isNotBlank();
            assertThat(operation.getResponses()).as(id).containsKeys("401", "403", "429", "503");
            assertThat(operation.getResponses().keySet()).as(id).anyMatch(status -> status.startsWith("2"));
            if (path.contains("{")) {
                assertThat(operation.getResponses()).as(id).containsKey("404");
            }
            if (method == HttpMethod.POST) {
                assertThat(operation.getResponses()).as(id).containsKeys("400", "413", "415", "422");
            }
        });
    }

    @Test
    void everyPostThatCreatesOrSettlesSomethingCanBeRepeated() {
        eachOperation((path, method, operation) -> {
            if (Set.of("accept-call", "stop-call", "create-task", "resolve-task", "pause-dialing", "resume-dialing",
                            "add-do-not-call", "remove-do-not-call", "redrive-dead-letters", "erase-person")
                    .contains(operation.getOperationId())) {
                assertThat(operation.getParameters()).extracting("name").contains("Idempotency-Key");
                assertThat(operation.getResponses()).containsKey("409");
                operation.getResponses().forEach((status, response) -> {
                    // A dry run, which is answered with 200, keeps nothing that could be repeated.
                    if (status.startsWith("2") && !(operation.getOperationId().equals("accept-call") && status.equals("200"))) {
                        assertThat(response.getHeaders()).containsKey("Idempotent-Replayed");
                    }
                });
            }
        });
    }

    @Test
    void namesTheRolesThatItsRoutesAskFor() throws Exception {
        var asked = new LinkedHashMap<String, Set<String>>();
        eachRoute(route -> {
            var authorize = AUTHORIZE.matcher(route.toString());
            if (authorize.find()) {
                asked.put(route.path("id").asText(), Set.of(authorize.group(1).split(",")));
            }
        });
        eachOperation((path, method, operation) -> {
            var roles = (Collection<?>) operation.getExtensions().get("x-roles");
            assertThat(roles.stream().map(Object::toString)).as(operation.getOperationId())
                    .containsExactlyInAnyOrderElementsOf(
                            asked.getOrDefault(operation.getOperationId(), Set.of("no route")));
        });
    }

    @Test
    void neverPutsAPhoneNumberIntoAUrl() {
        eachOperation((path, method, operation) -> {
            if (operation.getParameters() != null) {
                assertThat(operation.getParameters()).extracting("name")
                        .noneMatch(name -> name.toString().contains("number"));
            }
        });
    }

    @ParameterizedTest
    @CsvSource({
        "CallRequest, call",
        "CallBatch, call-batch",
        "NumberSearch, number",
        "FieldWriteback, task-field-writeback",
        "RescheduleCall, task-reschedule-call",
        "IncomingCall, task-incoming-call",
        "DoNotCallTask, task-do-not-call",
        "SetDisposition, task-set-disposition",
        "DoNotCall, do-not-call",
        "DoNotCallCheck, do-not-call-check",
        "DoNotCallRemoval, do-not-call-removal",
        "TaskResolution, resolution",
        "DialingPause, dialing-pause",
        "DialingResume, dialing-resume",
        "RoutesRollback, routes-rollback",
        "Redrive, redrive",
        "PrivacySubject, privacy-subject",
    })
    void asksForWhatTheJsonSchemaChecks(String name, String file) throws Exception {
        assertSame(name, schema(name), JSON.readTree(Path.of("routes/schemas", file + ".json").toFile()));
    }

    @Test
    void anItemOfABatchIsACallWithAKey() throws Exception {
        var item = (ObjectNode) schema("CallBatchItem").path("properties").deepCopy();
        var key = JSON.readTree(Path.of("routes/schemas/call-batch-item.json").toFile()).at("/properties/idempotency_key");
        for (String rule : List.of("type", "minLength", "maxLength")) {
            assertThat(item.path("idempotency_key").path(rule)).as(rule).isEqualTo(key.path(rule));
        }
        item.remove("idempotency_key");
        assertThat(fieldNames(item)).containsExactlyElementsOf(fieldNames(schema("CallRequest").path("properties")));
        item.properties().forEach(field -> assertThat(field.getValue().path("$ref").asText())
                .isEqualTo("#/components/schemas/CallRequest/properties/" + field.getKey()));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "list-calls", "list-phone-calls", "list-tasks", "list-dead-letters", "read-report", "list-audit"})
    void takesTheQueryThatTheJsonSchemaChecks(String id) throws Exception {
        var checked = JSON.readTree(Path.of("routes/schemas", id + ".json").toFile()).path("properties");
        var taken = new LinkedHashMap<String, JsonNode>();
        contract.findParents("operationId").stream()
                .filter(operation -> operation.path("operationId").asText().equals(id))
                .flatMap(operation -> StreamSupport.stream(operation.path("parameters").spliterator(), false))
                .map(OpenApiTest::resolve)
                .filter(parameter -> parameter.path("in").asText().equals("query"))
                .forEach(parameter -> taken.put(parameter.path("name").asText(), resolve(parameter.path("schema"))));
        assertThat(taken.keySet()).containsExactlyInAnyOrderElementsOf(fieldNames(checked));
        for (String rule : List.of("type", "format", "enum", "minLength", "maxLength", "minimum", "maximum")) {
            taken.forEach((name, schema) ->
                    assertThat(schema.path(rule)).as(name + " " + rule).isEqualTo(checked.path(name).path(rule)));
        }
    }

    @Test
    void everyTaskSchemaIsInTheContract() throws Exception {
        var types = new TreeSet<String>();
        try (var files = Files.list(Path.of("routes/schemas"))) {
            files.map(file -> file.getFileName().toString())
                    .filter(file -> file.startsWith("task-"))
                    .forEach(file -> types.add(file.replace("task-", "").replace(".json", "")));
        }
        var examples = contract.at("/paths/~1tasks~1{task}/post/requestBody/content/application~1json/examples");
        assertThat(fieldNames(examples)).containsExactlyInAnyOrderElementsOf(types);
    }

    @ParameterizedTest
    @CsvSource({
        "/paths/~1calls/post, call",
        "/paths/~1calls~1batch/post, call-batch",
        "/paths/~1calls~1search/post, number",
        "/paths/~1tasks~1{task}/post, task-",
        "/paths/~1tasks~1{task_id}~1resolve/post, resolution",
        "/paths/~1dialing~1pause/post, dialing-pause",
        "/paths/~1dialing~1resume/post, dialing-resume",
        "/paths/~1routes~1rollback/post, routes-rollback",
        "/paths/~1do-not-call/post, do-not-call",
        "/paths/~1do-not-call~1check/post, do-not-call-check",
        "/paths/~1do-not-call~1remove/post, do-not-call-removal",
        "/paths/~1dead-letters~1redrive/post, redrive",
        "/paths/~1privacy~1exports/post, privacy-subject",
        "/paths/~1privacy~1erasures/post, privacy-subject",
    })
    void itsExamplesPass(String operation, String file) throws Exception {
        var media = contract.at(operation + "/requestBody/content/application~1json");
        var examples = new LinkedHashMap<String, JsonNode>();
        media.path("examples").properties().forEach(e -> examples.put(e.getKey(), e.getValue().path("value")));
        if (media.has("example")) {
            examples.put("", media.path("example"));
        }
        assertThat(examples).isNotEmpty();
        try (var camel = new DefaultCamelContext()) {
            for (var example : examples.entrySet()) {
                var name = file.endsWith("-") ? file + example.getKey() : file;
                var schema = new DefaultJsonUriSchemaLoader()
                        .createSchema(camel, "file:routes/schemas/" + name + ".json");
                assertThat(schema.validate(example.getValue())).as(example.getKey()).isEmpty();
            }
        }
    }

    @Test
    void theExampleOfACallHasOnlyKnownFieldsAndAllRequiredOnes() {
        var example = contract.at("/paths/~1calls~1{request_id}/get/responses/200/content/application~1json/example");
        assertFits(schema("Call"), example, "");
    }

    @Test
    void theReasonsOfRetellAreThoseOfTheOutcomeTable() throws Exception {
        var known = new LinkedHashSet<String>();
        JSON.readTree(Path.of("routes/outcomes.json").toFile()).path("rows")
                .forEach(row -> known.add(row.path("disconnection_reason").asText()));
        known.remove("*");
        assertThat(texts(schema("DisconnectionReason").path("enum"))).containsExactlyInAnyOrderElementsOf(known);
    }

    @Test
    void everyReasonCodeARouteGivesIsInTheContract() throws Exception {
        var given = new TreeSet<String>();
        eachRoute(route -> route.findParents("setVariable").forEach(step -> {
            var variable = step.path("setVariable");
            if (Set.of("reasonCode", "dialCode").contains(variable.path("name").asText())) {
                given.add(variable.at("/expression/constant/expression").asText());
            }
        }));
        given.remove("");
        assertThat(texts(schema("ReasonCode").at("/anyOf/0/enum"))).containsAll(given);
    }

    /** Rules that OpenAPI can't say (property names, conditions) are the JSON Schema's alone. */
    private static void assertSame(String at, JsonNode openApi, JsonNode jsonSchema) {
        openApi = resolve(openApi);
        for (String rule : SAME_RULES) {
            assertThat(openApi.path(rule)).as(at + " " + rule).isEqualTo(jsonSchema.path(rule));
        }
        assertThat(texts(openApi.path("required"))).as(at + " required")
                .containsExactlyInAnyOrderElementsOf(texts(jsonSchema.path("required")));
        assertThat(isClosed(openApi)).as(at + " is closed").isEqualTo(isClosed(jsonSchema));
        if (at.endsWith("/metadata")) {
            return;
        }
        assertThat(fieldNames(openApi.path("properties"))).as(at + " properties")
                .containsExactlyInAnyOrderElementsOf(fieldNames(jsonSchema.path("properties")));
        for (String property : fieldNames(jsonSchema.path("properties"))) {
            assertSame(at + "/" + property, openApi.path("properties").path(property),
                    jsonSchema.path("properties").path(property));
        }
        if (jsonSchema.has("items")) {
            assertSame(at + "/items", openApi.path("items"), jsonSchema.path("items"));
        }
    }

    private static void assertFits(JsonNode schema, JsonNode value, String at) {
        schema = resolve(schema);
        if (value.isArray()) {
            for (JsonNode item : value) {
                assertFits(schema.path("items"), item, at + "/items");
            }
        } else if (value.isObject()) {
            assertThat(fieldNames(schema.path("properties"))).as(at).containsAll(fieldNames(value));
            assertThat(fieldNames(value)).as(at).containsAll(texts(schema.path("required")));
            for (String name : fieldNames(value)) {
                assertFits(schema.path("properties").path(name), value.path(name), at + "/" + name);
            }
        } else if (schema.has("enum")) {
            assertThat(texts(schema.path("enum"))).as(at).contains(value.asText());
        }
    }

    private static boolean isClosed(JsonNode schema) {
        return schema.path("additionalProperties").isBoolean() && !schema.path("additionalProperties").asBoolean();
    }

    private static JsonNode schema(String name) {
        var schema = contract.at("/components/schemas/" + name);
        assertThat(schema.isObject()).as(name).isTrue();
        return schema;
    }

    private static JsonNode resolve(JsonNode schema) {
        return schema.has("$ref") ? contract.at(schema.path("$ref").asText().substring(1)) : schema;
    }

    private static JsonNode yaml(Path file) throws IOException {
        try (var reader = Files.newBufferedReader(file)) {
            return JSON.valueToTree(new Yaml().load(reader));
        }
    }

    private static List<String> fieldNames(JsonNode node) {
        return node.properties().stream().map(Map.Entry::getKey).toList();
    }

    private static List<String> texts(JsonNode array) {
        var texts = new ArrayList<String>();
        array.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    private static void eachRoute(Consumer<JsonNode> visitor) throws IOException {
        try (var files = Files.newDirectoryStream(Path.of("routes"), "*.camel.yaml")) {
            for (Path file : files) {
                yaml(file).forEach(element -> visitor.accept(element.path("route")));
            }
        }
    }

    private interface OperationVisitor {
        void visit(String path, HttpMethod method, Operation operation);
    }

    private static void eachOperation(OperationVisitor visitor) {
        for (Map.Entry<String, PathItem> path : api.getPaths().entrySet()) {
            path.getValue().readOperationsMap().forEach((method, operation) ->
                    visitor.visit(path.getKey(), method, operation));
        }
    }
}
