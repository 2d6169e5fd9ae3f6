package dev.voiceai.api;

import static dev.voiceai.api.Client.assertProblem;
import static dev.voiceai.api.Client.json;
import static dev.voiceai.api.ContractSchemas.assertFits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.voiceai.system.RunningSystem;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The reports over HTTP, of calls that went all the way through the outbox into the warehouse. */
class ReportsTest {
    private static final String NUMBER = "+12065550100";
    private static final List<String> VIEWS = List.of("funnel", "outcomes_by_day", "answer_rate_by_hour", "time_to_dial",
            "task_turnaround", "cost_by_day");

    private final Outside outside = Outside.shared();
    private final RunningSystem system = outside.system;
    private final Client client = new Client(system);
    /** What a spreadsheet would run, with quotes and a comma. */
    private final String campaign = "=HYPERLINK(\"x\",Zoë) " + UUID.randomUUID();

    @AfterEach
    void heal() {
        outside.healthy();
    }

    @Test
    void theListNamesEveryReportWithItsColumns() {
        var list = json(system.get("/api/v1/reports", "business").body());

        assertFits("ReportList", list);
        assertThat(list.get("items").findValuesAsText("view")).containsExactlyElementsOf(VIEWS);
        assertThat(list.at("/items/0/filters")).extracting(JsonNode::asText).containsExactly("from", "to", "campaign");
        assertThat(list.at("/items/2/filters")).extracting(JsonNode::asText).containsExactly("campaign");
        assertThat(list.at("/items/3/columns/3/description").asText()).contains("Milliseconds", "median");
    }

    @Test
    void aCallIsInEveryReportAsJson() {
        var placedAt = completedCall().getHour();

        var funnel = report("funnel", "&from=" + LocalDate.now(ZoneId.of("UTC")).minusDays(1));
        assertFits("Report", funnel);
        var row = onlyItem(funnel);
        assertThat(row.get("campaign").asText()).isEqualTo(campaign);
        assertThat(LocalDate.parse(row.get("day_utc").textValue())).isAfter(LocalDate.now(ZoneId.of("UTC")).minusDays(2));
        assertThat(List.of("requested", "dialed", "reached", "completed")).allMatch(stage -> row.get(stage).intValue() == 1);
        assertThat(row.properties()).extracting(column -> column.getKey())
                .containsExactlyElementsOf(funnel.get("columns").findValuesAsText("name"));
        assertThat(onlyItem(report("outcomes_by_day", ""))).hasToString(
                "{\"day_utc\":" + row.get("day_utc") + ",\"campaign\":" + row.get("campaign")
                        + ",\"state\":\"done\",\"outcome\":\"completed\",\"reason_code\":null,\"requests\":1}");
        var answered = onlyItem(report("answer_rate_by_hour", ""));
        // The number is of Seattle, and no zone was given.
        assertThat(answered.get("local_hour").intValue()).isEqualTo(placedAt);
        assertThat(answered.get("reached_percent").decimalValue()).isEqualByComparingTo("100");
        assertThat(onlyItem(report("time_to_dial", "")).get("longest_ms").longValue()).isBetween(0L, 60_000L);
        var cost = onlyItem(report("cost_by_day", ""));
        assertThat(cost.get("origin").asText()).isEqualTo("requested");
        assertThat(cost.get("cost_usd").decimalValue()).isEqualByComparingTo("0.1234");
        assertThat(cost.get("duration_ms").longValue()).isEqualTo(4_000);
    }

    @Test
    void aCallIsInEveryReportAsCsvThatNoSpreadsheetRuns() {
        completedCall();

        for (String view : VIEWS) {
            var filter = view.equals("task_turnaround") ? "" : "&campaign=" + encoded(campaign);
            var answer = system.get("/api/v1/reports/" + view + "?format=csv" + filter, "operator");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/csv;charset=utf-8");
            assertThat(answer.headers().firstValue("Content-Disposition"))
                    .hasValue("attachment; filename=\"" + view + ".csv\"");
            assertThat(answer.headers().firstValue("Report-Truncated")).hasValue("false");
            Client.assertSilent(answer);
            if (!filter.isEmpty()) {
                assertThat(answer.body()).contains("\"'=HYPERLINK(\"\"x\"\",Zoë) ").doesNotContain("\"=");
            }
        }

        var csv = system.get("/api/v1/reports/cost_by_day?format=csv&campaign=" + encoded(campaign), "business").body();
        assertThat(csv.split("\r\n", -1)).hasSize(3).startsWith("\"day_utc\",\"campaign\",\"origin\",\"calls\",\"completed\","
                + "\"duration_ms\",\"calls_with_cost\",\"cost_usd\",\"cost_usd_per_completed\"");
        assertThat(csv).endsWith(",\"requested\",1,1,4000,1,0.1234,0.1234\r\n");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "->", ignoreLeadingAndTrailingWhitespace = false, value = {
        "=1+1->\"'=1+1\"", "+1->\"'+1\"", "-1->\"'-1\"", "@SUM(A1)->\"'@SUM(A1)\"", "\t=1->\"'\t=1\"", "＝1->\"'＝1\"",
        "a=1->\"a=1\"", "say \"hi\", you->\"say \"\"hi\"\", you\"", "🎄->\"🎄\""})
    void aTextIsWrittenAsCsvSoThatItStaysText(String campaign, String field) {
        system.warehouse().sql("INSERT INTO requests (request_id, version, campaign, created_at) VALUES (?, 1, ?, ?)")
                .params(UUID.randomUUID().toString(), campaign, OffsetDateTime.parse("2026-01-02T03:04:05Z")).update();

        assertThat(system.get("/api/v1/reports/funnel?format=csv&campaign=" + encoded(campaign), "business").body())
                .endsWith("\r\n\"2026-01-02\"," + field + ",1,0,0,0\r\n");
    }

    @Test
    void aTaskIsInItsReport() {
        var body = Client.JSON.createObjectNode().put("call_id", Outside.callId(completedRequest(), 1))
                .put("contact_id", UUID.randomUUID().toString());
        body.putObject("fields").put("confirmed", true);
        var task = system.post("/api/v1/tasks/field-writeback", "business", body.toString());
        assertThat(task.statusCode()).as(task.body()).isEqualTo(201);

        await().atMost(RunningSystem.PATIENCE).until(() -> items(read("task_turnaround", "")).stream().anyMatch(row ->
                row.get("type").asText().equals("field-writeback") && row.get("state").asText().equals("done")
                        && row.get("tasks").intValue() > 0 && row.get("median_ms").isNumber()));
    }

    @Test
    void whatACallCostThatNobodyRequestedIsTold() {
        var before = inbound();
        var callId = "call_" + UUID.randomUUID();
        var call = Outside.call(UUID.randomUUID().toString(), 1).put("call_id", callId).put("direction", "inbound");
        call.remove("metadata");
        call.putObject("call_cost").put("combined_cost", 31.5);
        for (String event : List.of("call_started", "call_ended", "call_analyzed")) {
            assertThat(system.postAsRetell("/webhooks/retell", Outside.webhook(event, call)).statusCode()).isEqualTo(204);
        }

        await().atMost(RunningSystem.PATIENCE).untilAsserted(() -> assertThat(inbound() - before).isBetween(0.3149, 0.3151));
    }

    @Test
    void noMoreRowsAreReadThanWereAskedFor() {
        completedCall();
        var other = system.requestCall(Client.JSON.createObjectNode().put("to_number", NUMBER).put("campaign", "z"));
        outside.complete(other, 1);
        system.awaitFinal(other);
        system.awaitEmptyOutbox(other);

        var first = read("outcomes_by_day", "?limit=1");
        assertThat(first.get("items")).hasSize(1);
        assertThat(first.get("truncated").booleanValue()).isTrue();
        assertThat(read("outcomes_by_day", "?limit=10000").get("truncated").booleanValue()).isFalse();
        var csv = system.get("/api/v1/reports/outcomes_by_day?format=csv&limit=1", "business");
        assertThat(csv.headers().firstValue("Report-Truncated")).hasValue("true");
        assertThat(read("funnel", "?from=2100-01-01").get("items")).isEmpty();
        assertThat(read("funnel", "?to=2000-01-01").get("items")).isEmpty();
        assertThat(system.get("/api/v1/reports/funnel?format=csv&to=2000-01-01", "business").body())
                .isEqualTo("\"day_utc\",\"campaign\",\"requested\",\"dialed\",\"reached\",\"completed\"\r\n");
    }

    @Test
    void readingTakesAKeyThatMayRead() {
        for (String path : List.of("/api/v1/reports", "/api/v1/reports/funnel")) {
            assertProblem(system.get(path, null), 401, "unauthorized");
            assertProblem(system.get(path, "engage"), 403, "forbidden");
            assertThat(system.get(path, "operator").statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"requests", "FUNNEL", "funnel%20v", "funnel%3BDROP%20TABLE%20requests", "funnel%27--",
        "..%252Fsql", "information_schema.tables", "%F0%9F%93%9E", "null"})
    void anythingButTheNameOfAReportIsNotFound(String name) {
        assertProblem(system.get("/api/v1/reports/" + name, "operator"), 404, "not-found");
    }

    @ParameterizedTest
    @CsvSource({
        "funnel?format=xml, /format, enum",
        "funnel?format=json&format=csv, /format, enum",
        "funnel?limit=0, /limit, minimum",
        "funnel?limit=10001, /limit, maximum",
        "funnel?limit=1%3BDROP%20TABLE%20requests, /limit, minimum",
        "funnel?from=2026-11-31, /from, format",
        "funnel?from=2026-01-01%27%20OR%20%271%27%3D%271, /from, format",
        "funnel?from=2026-11-23&to=2026-11-22, /to, before_from",
        "funnel?campaign=a%00b, /campaign, pattern",
        "answer_rate_by_hour?from=2026-11-22, /from, unsupported_filter",
        "task_turnaround?campaign=x, /campaign, unsupported_filter",
    })
    void aQueryThatTheReportDoesNotTakeIsRefused(String request, String pointer, String code) {
        var problem = assertProblem(system.get("/api/v1/reports/" + request, "business"), 422, "validation");
        assertThat(problem.at("/errors/0/pointer").asText()).isEqualTo(pointer);
        assertThat(problem.at("/errors/0/code").asText()).isEqualTo(code);
    }

    @Test
    void whatLooksLikeSqlIsACampaignWithoutCalls() {
        for (String text : List.of("x' OR '1'='1", "' UNION SELECT to_number FROM requests --", ":?from",
                "${variable.actor}")) {
            assertThat(read("funnel", "?campaign=" + encoded(text)).get("items")).as(text).isEmpty();
        }
        var headers = client.headers("business", null);
        headers.put("CamelJdbcParameters", "x");
        headers.put("CamelSqlQuery", "SELECT to_number FROM requests");
        var answer = client.send("GET", "/api/v1/reports/funnel?campaign=x", headers, BodyPublishers.noBody());
        assertThat(json(answer.body()).get("items")).isEmpty();
        Client.assertSilent(answer);
    }

    @Test
    void withoutTheWarehouseReportsAreRefusedInTimeAndHoldUpNothing() {
        outside.warehouse.cut();
        try {
            var answers = IntStream.range(0, 8).mapToObj(reader -> readFunnel()).toList();
            assertThat(system.get("/api/v1/dialing", "operator").statusCode()).isEqualTo(200);
            assertThat(answers).allSatisfy(answer -> {
                var refusal = answer.join();
                assertProblem(refusal, 503, "warehouse-unavailable");
                assertThat(refusal.headers().firstValue("Retry-After")).hasValue("5");
            });
            assertThat(system.get("/api/v1/reports", "operator").statusCode()).isEqualTo(200);
        } finally {
            outside.warehouse.restore();
        }

        // The pool checks a connection, and so finds the cut ones, once it has been idle for half a second.
        await().atMost(RunningSystem.PATIENCE).pollInterval(Duration.ofSeconds(1))
                .until(() -> system.get("/api/v1/reports/funnel", "operator").statusCode() == 200);
    }

    @Test
    void readersOfASlowWarehouseLeaveTheFlushItsConnection() {
        var columns = "(day_utc, campaign, dialed, median_ms, p95_ms, longest_ms)";
        var view = system.warehouse()
                .sql("SELECT view_definition FROM information_schema.views WHERE table_name = 'TIME_TO_DIAL'")
                .query(String.class).single();
        system.warehouse().sql("CREATE ALIAS IF NOT EXISTS sleep FOR 'java.lang.Thread.sleep(long)'").update();
        system.warehouse().sql("CREATE OR REPLACE VIEW time_to_dial " + columns
                + " AS SELECT CURRENT_DATE, 'x', sleep(20000), 1, 1, 1").update();
        try {
            var answers = IntStream.range(0, 4).mapToObj(reader -> CompletableFuture.supplyAsync(() ->
                    system.get("/api/v1/reports/time_to_dial", "operator"))).toList();
            answers.forEach(answer -> assertProblem(answer.join(), 503, "warehouse-unavailable"));

            // Both readers are still in it.
            assertThat(system.warehouse().sql("""
                    SELECT COUNT(*) FROM information_schema.sessions
                    WHERE executing_statement LIKE '%time_to_dial v%' AND executing_statement NOT LIKE '%sessions%'""")
                    .query(Long.class).single()).isEqualTo(2);
            var requestId = system.requestCall(NUMBER);
            outside.complete(requestId, 1);
            system.awaitFinal(requestId);
            system.awaitEmptyOutbox(requestId);
        } finally {
            system.warehouse().sql("CREATE OR REPLACE VIEW time_to_dial " + columns + " AS " + view).update();
        }
        await().atMost(RunningSystem.PATIENCE)
                .until(() -> system.get("/api/v1/reports/time_to_dial", "operator").statusCode() == 200);
    }

    @Test
    void theCurlOfTheDocumentationReadsAReport() throws IOException {
        var curl = Pattern.compile("(?m)^curl -sS -H \"X-API-Key: \\$BUSINESS\" 'http://localhost:8080(/api/v1/reports/\\S+)'$")
                .matcher(Files.readString(Path.of("docs/warehouse.md")));
        assertThat(curl.find()).isTrue();

        var answer = system.get(curl.group(1), "business");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).startsWith("\"day_utc\",\"campaign\",\"requested\"");
    }

    private CompletableFuture<HttpResponse<String>> readFunnel() {
        return CompletableFuture.supplyAsync(() -> system.get("/api/v1/reports/funnel", "operator"));
    }

    /** A call of the campaign, all of it in the warehouse; the moment of its dial on the clock of the number. */
    private OffsetDateTime completedCall() {
        var requestId = completedRequest();
        return system.warehouse().sql("SELECT dialing_at FROM attempts WHERE request_id = ?").param(requestId)
                .query(OffsetDateTime.class).single().atZoneSameInstant(ZoneId.of("America/Los_Angeles")).toOffsetDateTime();
    }

    private String completedRequest() {
        var requestId = system.requestCall(Client.JSON.createObjectNode().put("to_number", NUMBER).put("campaign", campaign));
        outside.complete(requestId, 1);
        var call = Outside.call(requestId, 1);
        call.putObject("call_cost").put("combined_cost", 12.34);
        assertThat(system.postAsRetell("/webhooks/retell", Outside.webhook("call_analyzed", call)).statusCode()).isEqualTo(204);
        system.awaitFinal(requestId);
        await().atMost(RunningSystem.PATIENCE).until(() -> system.warehouse()
                .sql("SELECT COUNT(*) FROM attempts WHERE request_id = ? AND cost_usd IS NOT NULL").param(requestId)
                .query(Long.class).single() == 1);
        system.awaitEmptyOutbox(requestId);
        return requestId;
    }

    private double inbound() {
        return items(read("cost_by_day", "")).stream().filter(row -> row.get("origin").asText().equals("inbound"))
                .mapToDouble(row -> row.get("cost_usd").asDouble()).sum();
    }

    /** The report of the campaign. */
    private JsonNode report(String view, String query) {
        return read(view, "?campaign=" + encoded(campaign) + query);
    }

    private JsonNode read(String view, String query) {
        var answer = system.get("/api/v1/reports/" + view + query, "business");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        var report = json(answer.body());
        assertThat(report.get("view").asText()).isEqualTo(view);
        return report;
    }

    private static List<JsonNode> items(JsonNode report) {
        return StreamSupport.stream(report.get("items").spliterator(), false).toList();
    }

    private static JsonNode onlyItem(JsonNode report) {
        assertThat(report.get("items")).as(report.toString()).hasSize(1);
        assertThat(report.get("truncated").booleanValue()).isFalse();
        return report.at("/items/0");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
