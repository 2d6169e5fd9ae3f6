package dev.voiceai.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.SQLException;
import java.util.List;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.transaction.CannotCreateTransactionException;

class ProblemsTest {
    private static final ObjectMapper JSON = Json.mapper();
    private static final DefaultCamelContext CAMEL = new DefaultCamelContext();

    private final Problems problems = new Problems(JSON);

    @BeforeAll
    static void startCamel() throws Exception {
        CAMEL.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:validate")
                        .errorHandler(noErrorHandler())
                        .to("json-validator:classpath:dev/voiceai/http/order.json");
            }
        });
        CAMEL.start();
    }

    @AfterAll
    static void stopCamel() {
        CAMEL.stop();
    }

    @Test
    void everyWrongFieldIsNamedByItsPointerAndItsRule() throws Exception {
        JsonNode document = refuse("""
                {"to_number": "012", "count": "three", "surprise": 1, "tags": ["a", 2],
                 "consent": {"basis": "none", "a/b": "abc", "~x": 1}}""");

        assertThat(document.get("status").intValue()).isEqualTo(422);
        assertThat(document.get("type").textValue()).isEqualTo("/problems/validation");
        assertThat(document.get("title").textValue()).isEqualTo("Some fields are not valid");
        assertThat(document.get("errors"))
                .extracting(error -> error.get("pointer").textValue() + " " + error.get("code").textValue())
                .containsExactly(
                        "/consent/a~1b max_length",
                        "/consent/basis enum",
                        "/consent/~0x unknown_field",
                        "/count type",
                        "/surprise unknown_field",
                        "/tags/1 type",
                        "/to_number pattern");
    }

    @Test
    void aMissingFieldIsPointedAtWhereItShouldBe() throws Exception {
        JsonNode document = refuse("{\"consent\": {}}");

        assertThat(document.get("errors"))
                .extracting(error -> error.get("pointer").textValue() + " " + error.get("message").textValue())
                .containsExactly("/consent/basis is required", "/to_number is required");
    }

    @Test
    void aNameThatHoldsANumberOrAnAddressIsNotRepeated() throws Exception {
        JsonNode document = refuse("""
                {"to_number": "+12065550100", "consent": {"basis": "written", "+1 (206) 555-0101": 1, "zoe@example.com": 1, "v2": 1}}""");

        assertThat(document.get("errors").findValuesAsText("pointer")).containsExactly("/consent/v2", "/consent/…");
    }

    @Test
    void messagesUseTheWordsOfTheSchemaAndRepeatNoValue() throws Exception {
        JsonNode document = refuse("""
                {"to_number": "+1206555-private", "consent": {"basis": "private-basis"}, "count": 4711}""");

        assertThat(document.get("errors")).extracting(error -> error.get("message").textValue()).satisfiesExactly(
                basis -> assertThat(basis).contains("written", "oral").doesNotStartWith("$"),
                count -> assertThat(count).isEqualTo("must have a maximum value of 3"),
                number -> assertThat(number).isEqualTo("must be an E.164 number"));
        assertThat(document.toString()).doesNotContain("private", "4711");
    }

    @Test
    void aFieldNameOfAnyLengthMakesAPointerOfLimitedLength() throws Exception {
        JsonNode document = refuse("{\"to_number\": \"+12065550100\", \"consent\": {\"basis\": \"oral\"}, \""
                + "x".repeat(10_000) + "\": 1}");

        assertThat(document.get("errors").get(0).get("pointer").textValue()).hasSize(200);
    }

    @Test
    void whatIsNotJsonIsMalformed() throws Exception {
        for (String body : List.of("{", "", "nonsense", "{\"to_number\": }")) {
            assertThat(refuse(body).get("type").textValue()).as(body).isEqualTo("/problems/malformed");
            assertThat(refuse(body).get("status").intValue()).isEqualTo(400);
        }
        assertThat(problems.of(catchThrowable(() -> JSON.readTree("{"))).status()).isEqualTo(400);
    }

    @Test
    void jsonThatIsNoObjectIsAFieldErrorOfTheBody() throws Exception {
        assertThat(refuse("[]").get("errors").get(0).get("pointer").textValue()).isEmpty();
    }

    @Test
    void aLedgerThatIsDownIs503() {
        for (Throwable failure : List.of(
                new DataAccessResourceFailureException("x"),
                new CannotCreateTransactionException("x"),
                new UncategorizedSQLException("x", "SELECT 1", new SQLException("closed", "90098")),
                new SQLException("connection refused", "08001"))) {
            assertThat(problems.of(new CamelExecutionException("x", null, failure)).status()).isEqualTo(503);
        }
    }

    @Test
    void aFaultOfOurOwnTellsNothing() {
        for (Throwable failure : List.of(
                new IllegalStateException("secret"),
                new DataIntegrityViolationException("secret", new SQLException("secret", "23505")))) {
            assertThat(problems.json(problems.of(failure)))
                    .isEqualTo("{\"type\":\"/problems/internal\",\"title\":\"Something went wrong on this side\","
                            + "\"status\":500}");
        }
    }

    @Test
    void aRouteRefusesInItsOwnWords() {
        assertThat(problems.json(problems.of(
                        catchThrowable(() -> problems.raise(409, "call-live", "An attempt is live.")))))
                .isEqualTo("{\"type\":\"/problems/call-live\",\"title\":\"Call live\",\"status\":409,"
                        + "\"detail\":\"An attempt is live.\"}");
        assertThat(problems.json(problems.of(
                        catchThrowable(() -> problems.raiseField("/limit", "range", "must be 1 to 200")))))
                .contains("\"status\":422")
                .contains("{\"pointer\":\"/limit\",\"code\":\"range\",\"message\":\"must be 1 to 200\"}");
    }

    @Test
    void anAgentCanSayWhyATaskWasRefused() {
        var past = new FieldError("/not_before", "past", "must lie ahead");
        assertThat(problems.spoken(Problem.validation(List.of(past))))
                .isEqualTo("I could not do that: the not before must lie ahead.");
        assertThat(problems.spoken(Problem.validation(List.of(
                        new FieldError("/not_before", "not_a_time", "The date is missing. Please give one.")))))
                .isEqualTo("The date is missing. Please give one.");
        assertThat(problems.spoken(Problem.malformed())).contains("technical problem");
        assertThat(problems.spoken(Problem.notFound("No call has this id.")))
                .isEqualTo("I could not do that. No call has this id.");
        assertThat(problems.spoken(new IllegalStateException("secret"))).doesNotContain("secret");
    }

    private JsonNode refuse(String body) throws Exception {
        Throwable failure = catchThrowable(
                () -> CAMEL.createFluentProducerTemplate().to("direct:validate").withBody(body).request());
        assertThat(failure).as("a refusal of " + body).isNotNull();
        return JSON.readTree(problems.json(problems.of(failure)));
    }
}
