package dev.voiceai.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.util.FileSystemUtils;

/**
 * Holds the route files to {@link RouteRule}, and the rules to what they promise. Another folder is checked with
 * {@code mvn test -Dtest=RouteFilesTest -Droutes.dir=/path/to/routes}.
 */
class RouteFilesTest {

    private static final RouteFiles ROUTES = RouteFiles.read(Path.of(System.getProperty("routes.dir", "routes")));

    /** A good folder made bad in one place: a text of one file replaced by another. */
    record Mistake(RouteRule rule, String file, String good, String bad, String named) {}

    @ParameterizedTest(name = "every route file {0}")
    @EnumSource
    void everyRouteFileKeepsTheRule(RouteRule rule) {
        assertThat(rule.findings(ROUTES)).isEmpty();
    }

    @Test
    void theExamplesKeepTheRulesWhereTheyAreCopiedTo(@TempDir Path folder) throws IOException {
        RoutesCopy copy = RoutesCopy.below(folder);
        copy.addExamples();
        RouteFiles files = RouteFiles.read(copy.folder());

        assertThat(files.routes()).hasSizeGreaterThan(ROUTES.routes().size());
        for (RouteRule rule : RouteRule.values()) {
            assertThat(rule.findings(files)).as(rule.toString()).isEmpty();
        }
    }

    @Test
    void theRoutesAreFound() {
        assertThat(ROUTES.routes()).isNotEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void aGoodFolderPasses(RouteRule rule) throws Exception {
        assertThat(rule.findings(RouteFiles.read(goodFolder()))).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void mistakesAreNamed(Mistake mistake, @TempDir Path folder) throws Exception {
        FileSystemUtils.copyRecursively(goodFolder(), folder);
        Path file = folder.resolve(mistake.file());
        String content = Files.exists(file) ? Files.readString(file) : "";
        assertThat(content).contains(mistake.good());
        Files.writeString(file, content.replace(mistake.good(), mistake.bad()));

        assertThat(mistake.rule().findings(RouteFiles.read(folder))).first().asString().contains(mistake.named());
    }

    @Test
    void everyRuleIsShownToFindAMistake() {
        assertThat(mistakesAreNamed().map(Mistake::rule).collect(Collectors.toSet()))
                .isEqualTo(EnumSet.allOf(RouteRule.class));
    }

    @Test
    void aFileThatIsNotYamlIsNamedWithItsLine(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("orders.camel.yaml"), "- route:\n    id: \"open\n");

        assertThatThrownBy(() -> RouteFiles.read(folder)).isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("orders.camel.yaml").hasMessageContaining("line");
    }

    static Stream<Mistake> mistakesAreNamed() {
        String orders = "orders.camel.yaml";
        return Stream.of(
                new Mistake(RouteRule.CAMEL_SCHEMA, orders, "ref: ledgerTransaction", "bean: x", "'bean'"),
                new Mistake(RouteRule.CAMEL_SCHEMA, "errors.camel.yaml", "expression: \"true\"", "expression: true",
                        "boolean found, string expected"),
                new Mistake(RouteRule.CANONICAL_FORM, orders, "log:\n            message: \"wrapped direct:nothing\"",
                        "log: \"wrapped\"", ".log: string found, object expected"),
                new Mistake(RouteRule.CANONICAL_FORM, orders, "expression:\n              jq:\n                "
                        + "expression: .order_id\n                resultType: java.lang.String", "jq: .order_id",
                        ".setVariable.jq: string found"),
                new Mistake(RouteRule.CANONICAL_FORM, orders, "- route:\n    id: order-gift", "- from:\n    id: order-gift",
                        "'from'"),
                new Mistake(RouteRule.TEMPLATES, "gifts.camel.yaml", "routeTemplateRef: wrap-order", "routeTemplateRef: wrap",
                        "gifts.camel.yaml:19: there is no route template wrap"),
                new Mistake(RouteRule.TEMPLATES, "gifts.camel.yaml", "- name: paper\n        value", "- name: foil\n        value",
                        "template wrap-order has no parameter foil"),
                new Mistake(RouteRule.ABT_SINK, "gifts.camel.yaml", "routeId: wrap-in-red", "routeId: deliver-abt-red",
                        "no route consumes seda:relay-abt-red"),
                new Mistake(RouteRule.UNIQUE_IDS, "gifts.camel.yaml", "routeId: wrap-in-red", "routeId: order-gift",
                        "id order-gift stands at"),
                new Mistake(RouteRule.UNIQUE_IDS, orders, "id: order-gift", "id: insert-order", "id insert-order stands at"),
                new Mistake(RouteRule.UNIQUE_IDS, "errors.camel.yaml", "id: any-failure", "id: to-carrier",
                        "id to-carrier stands at"),
                new Mistake(RouteRule.ROUTE_ID, orders, "id: order-gift", "id: orderGift", "route orderGift"),
                new Mistake(RouteRule.ROUTE_ID, orders, "    id: order-gift\n", "", "route /"),
                new Mistake(RouteRule.DESCRIPTION, orders, "Shop -> ledger: checks", "Checks", "route accept-order"),
                new Mistake(RouteRule.DESCRIPTION, orders, "    description: \"Order -> parcel: has the parcel wrapped.\"\n",
                        "", "route order-gift"),
                new Mistake(RouteRule.ERROR_HANDLING, orders, "routeConfigurationId: queue-errors",
                        "routeConfigurationId: que-errors", "no route configuration que-errors"),
                new Mistake(RouteRule.ERROR_HANDLING, orders, "    routeConfigurationId: queue-errors\n", "",
                        "has no routeConfigurationId"),
                new Mistake(RouteRule.TARGETS, orders, "uri: direct:write-order\n        - toD",
                        "uri: direct:write-orders\n        - toD", "nothing consumes direct:write-orders"),
                new Mistake(RouteRule.TARGETS, orders, "direct:order-${variable.kind}", "direct:sell-${variable.kind}",
                        "nothing consumes direct:sell-${variable.kind}"),
                new Mistake(RouteRule.TARGETS, orders, "seda:wake-relay\n            p", "seda:wake\n            p",
                        "nothing consumes seda:wake"),
                new Mistake(RouteRule.TARGETS, "errors.camel.yaml", "direct:answer-problem", "direct:answer",
                        "nothing consumes direct:answer"),
                new Mistake(RouteRule.DIRECT_NAME, orders, "id: order-gift", "id: wrap-gift", "consumes direct:order-gift"),
                new Mistake(RouteRule.FILE_NAMES, orders, "file:{{routes.dir}}/schemas/order.json",
                        "file:routes/schemas/order.json", "not stand below {{routes.dir}}"),
                new Mistake(RouteRule.FILE_NAMES, orders, "json-validator:file:{{routes.dir}}/schemas/order.json",
                        "json-validator:order.json", "not stand below {{routes.dir}}"),
                new Mistake(RouteRule.REFERENCED_FILES, orders, "schemas/order.json", "schemas/oder.json",
                        "there is no file schemas/oder.json"),
                new Mistake(RouteRule.REFERENCED_FILES, orders, "insert-order.sql", "insert-orders.sql",
                        "there is no file sql/insert-orders.sql"),
                new Mistake(RouteRule.UNUSED_FILES, "sql/delete-order.sql", "", "DELETE FROM orders",
                        "sql/delete-order.sql:1: no route names it"),
                new Mistake(RouteRule.UNUSED_FILES, "schemas/order.json", "size.json", "#/x",
                        "schemas/size.json:1: no route names it"),
                new Mistake(RouteRule.SQL_ENDPOINT, orders, "sql:file:{{routes.dir}}/sql/insert-order.sql",
                        "sql:DELETE FROM orders", "wants sql:file:"),
                new Mistake(RouteRule.SQL_STATEMENT, "sql/insert-order.sql", "NOTHING", "NOTHING; DELETE FROM orders",
                        "is not one statement"),
                new Mistake(RouteRule.SQL_PARAMETERS, "sql/insert-order.sql", ":#${variable.orderId}", ":#orderId",
                        "not of the form :#${variable.name}"),
                new Mistake(RouteRule.SQL_PARAMETERS, "sql/insert-order.sql", ":#${variable.orderId}", "'a', #{x}",
                        "not of the form"),
                new Mistake(RouteRule.SQL_PARAMETERS, "sql/insert-order.sql", ":#${variable.orderId}", ":#in:ids",
                        "not of the form"),
                new Mistake(RouteRule.SQL_PARAMETERS, "sql/insert-order.sql", ":#${variable.orderId}", ":#${header.id}",
                        "not of the form"),
                new Mistake(RouteRule.SQL_PARAMETERS, "sql/warehouse-merge-orders.sql", "", "SELECT #{x}", "not of the form"),
                new Mistake(RouteRule.SQS_CONSUMER, orders, "headerFilterStrategy: \"#sqsHeaders\"", "delay: 5",
                        "needs headerFilterStrategy"),
                new Mistake(RouteRule.SQS_CONSUMER, orders, "greedy: true", "greedy: false", "needs greedy"),
                new Mistake(RouteRule.SQS_CONSUMER, orders, "        waitTimeSeconds: 20\n", "", "needs waitTimeSeconds"),
                new Mistake(RouteRule.SQS_CONSUMER, orders, "        visibilityTimeout: 120\n", "",
                        "needs visibilityTimeout"),
                new Mistake(RouteRule.SQS_CONSUMER, orders, "        queueUrl: \"{{queues.parcels-url}}\"\n", "",
                        "needs queueUrl"),
                new Mistake(RouteRule.RECEIPT_HANDLE, orders, "            excludePattern: \"CamelAwsSqs.*\"\n", "",
                        "removes CamelAwsSqsReceiptHandle"),
                new Mistake(RouteRule.RECEIPT_HANDLE, orders, "- to:\n            uri: direct:insert-order",
                        "- removeHeaders:\n            pattern: \"Camel*\"", "removes CamelAwsSqsReceiptHandle"),
                new Mistake(RouteRule.HOSTS_AND_SECRETS, orders, "{{carrier.url}}", "https://carrier.example",
                        "a literal host or secret"),
                new Mistake(RouteRule.HOSTS_AND_SECRETS, orders, "waitTimeSeconds: 20",
                        "waitTimeSeconds: 20\n        accessKey: abc", "a literal host or secret"),
                new Mistake(RouteRule.EXTERNAL_STEP, orders, "            id: to-carrier\n", "", "needs an id of the form"),
                new Mistake(RouteRule.EXTERNAL_STEP, orders, "- transacted:\n            ref: ledgerTransaction",
                        "- enrich:\n            expression:\n              constant:\n                "
                                + "expression: \"aws2-sqs:{{queues.parcels}}\"", "needs an id of the form"),
                new Mistake(RouteRule.ENDPOINT_OPTIONS, orders, "uri: seda:wake-relay\n            p",
                        "uri: seda:wake-relay?size=1&block=true\n            p", "under parameters"),
                new Mistake(RouteRule.TRANSACTION, orders, "- to:\n            uri: \"sql:file",
                        "- to:\n            uri: \"{{carrier.url}}/x\"\n        - to:\n            uri: \"sql:file",
                        "the transaction of route write-order reaches"),
                new Mistake(RouteRule.API_OPERATION, "openapi.yaml", "operationId: accept-order",
                        "operationId: cancel-order", "no route consumes direct:cancel-order"),
                new Mistake(RouteRule.TASK_TYPE, "schemas/task-wrap-gift.json", "", "{}",
                        "schemas/task-wrap-gift.json:1: no route consumes direct:task-wrap-gift"));
    }

    private static Path goodFolder() throws URISyntaxException {
        return Path.of(Objects.requireNonNull(RouteFilesTest.class.getResource("good")).toURI());
    }
}
