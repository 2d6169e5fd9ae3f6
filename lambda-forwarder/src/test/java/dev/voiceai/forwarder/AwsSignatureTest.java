package dev.voiceai.forwarder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

class AwsSignatureTest {
    private static final Map<String, String> HEADERS =
            Map.of("content-type", "application/x-amz-json-1.0", "x-amz-target", "AmazonSQS.SendMessage");

    @ParameterizedTest
    @CsvSource(nullValues = "none", value = {
        "https://sqs.eu-central-1.amazonaws.com/, eu-central-1, none, 2026-09-24T10:30:00Z, {}",
        "https://sqs.us-east-1.amazonaws.com/, us-east-1, IQoJb3JpZ2luX2VjEXAMPLE/+==, 2026-01-01T00:00:00.999Z, {}",
        "https://sqs.us-east-1.amazonaws.com:443/, us-east-1, none, 2026-12-31T23:59:59Z, ''",
        "http://127.0.0.1:9324/, elasticmq, none, 2026-02-28T01:02:03Z, Zoë Müller 😀",
        "http://proxy.internal:8080/sqs/v1, eu-west-1, token, 2026-09-24T10:30:00Z, {}",
        "http://proxy.internal/a%20b/, eu-west-1, token, 2026-09-24T10:30:00Z, {}"
    })
    void equalsTheSignatureOfTheAwsSdk(URI address, String region, String sessionToken, Instant at, String body) {
        AwsCredentials credentials = new AwsCredentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG", sessionToken);

        Map<String, String> signed =
                AwsSignature.sign(address, HEADERS, body.getBytes(UTF_8), region, credentials, at);

        SdkHttpRequest.Builder request = SdkHttpRequest.builder().method(SdkHttpMethod.POST).uri(address);
        HEADERS.forEach(request::putHeader);
        SdkHttpRequest expected = AwsV4HttpSigner.create()
                .sign(sign -> sign.request(request.build())
                        .identity(sessionToken == null
                                ? AwsCredentialsIdentity.create("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG")
                                : AwsSessionCredentialsIdentity.create(
                                        "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG", sessionToken))
                        .payload(ContentStreamProvider.fromUtf8String(body))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "sqs")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                        .putProperty(AwsV4HttpSigner.SIGNING_CLOCK, Clock.fixed(at, ZoneOffset.UTC)))
                .request();
        expected.forEachHeader((name, values) ->
                assertThat(signed).as(name).containsEntry(name.toLowerCase(), values.get(0)));
        assertThat(signed).hasSameSizeAs(expected.headers());
    }
}
