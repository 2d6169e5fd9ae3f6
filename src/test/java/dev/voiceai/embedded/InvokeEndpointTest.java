package dev.voiceai.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;

class InvokeEndpointTest {
    @Test
    void theSdkInvokesTheHandler() {
        try (var endpoint = InvokeEndpoint.start("echo", (input, output, context) -> input.transferTo(output))) {
            var answer = invoke(endpoint, "echo");

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.functionError()).isNull();
            assertThat(answer.payload().asUtf8String()).isEqualTo("{\"a\":1}");
        }
    }

    @Test
    void aHandlerThatFailsIsAnAnswerWithAFunctionError() {
        RequestStreamHandler failing = (input, output, context) -> {
            throw new IllegalStateException("+12065550100");
        };
        try (var endpoint = InvokeEndpoint.start("failing", failing)) {
            var answer = invoke(endpoint, "failing");

            assertThat(answer.functionError()).isEqualTo("Unhandled");
            assertThat(answer.payload().asUtf8String()).doesNotContain("2065550100");
        }
    }

    @Test
    void anotherFunctionDoesNotExist() {
        try (var endpoint = InvokeEndpoint.start("echo", (input, output, context) -> {})) {
            assertThatThrownBy(() -> invoke(endpoint, "other")).isInstanceOf(ResourceNotFoundException.class);
        }
    }

    private static InvokeResponse invoke(InvokeEndpoint endpoint, String function) {
        try (var lambda = LambdaClient.builder()
                .endpointOverride(endpoint.uri())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("x", "x")))
                .build()) {
            return lambda.invoke(
                    request -> request.functionName(function).payload(SdkBytes.fromUtf8String("{\"a\":1}")));
        }
    }
}
