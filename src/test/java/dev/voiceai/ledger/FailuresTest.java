package dev.voiceai.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.sql.SQLException;
import java.util.Map;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.sqs.model.SqsException;

class FailuresTest {

    private final Failures failures = new Failures();

    @Test
    void anHttpAnswerIsNamedByItsStatusAlone() {
        var answered = new HttpOperationFailedException(
                "http://abt.example/+12065550100", 500, "Zoë", null, Map.of(), "the body names +12065550100");

        assertThat(failures.describe(answered)).isEqualTo("HTTP 500");
    }

    @Test
    void anyOtherFailureIsNamedByTheClassOfItsRootCause() {
        var failure = new IllegalStateException("outer", new RuntimeException("middle", new ConnectException("+12065550100")));

        assertThat(failures.describe(failure)).isEqualTo("ConnectException");
    }

    @Test
    void aDatabaseIsNamedByItsCodes() {
        var failure = new IllegalStateException("outer", new SQLException("no table for +12065550100", "42S02", 2003));

        assertThat(failures.describe(failure)).isEqualTo("SQLException 42S02, error 2003");
    }

    @Test
    void anAnswerOfAwsIsNamedByItsErrorCode() {
        var refused = SqsException.builder().message("no queue for +12065550100")
                .awsErrorDetails(AwsErrorDetails.builder().errorCode("AccessDenied").errorMessage("Zoë").build()).build();

        assertThat(failures.describe(new IllegalStateException("outer", refused))).isEqualTo("SqsException AccessDenied");
    }

    @Test
    void aMessageThatARouteRefusesIsNamedByTheRoutesOwnWords() {
        var failure = new CamelExecutionException("outer", null, new MessageRefused("The ledger does not know this request."));

        assertThat(failures.describe(failure)).isEqualTo("The ledger does not know this request.");
    }
}
