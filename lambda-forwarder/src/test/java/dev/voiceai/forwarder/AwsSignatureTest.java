package dev.voiceai.forwarder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.StringLength;
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
        "http://proxy.internal/a%20b/, eu-west-1, token, 2026-09-24T10:30:00Z, {}",
        "http://proxy.internal/a=b:c@d+e~f*g/, eu-west-1, token, 2026-09-24T10:30:00Z, {}"
    })
    void equalsTheSignatureOfTheAwsSdk(URI address, String region, String sessionToken, Instant at, String body) {
        AwsCredentials credentials = new AwsCredentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG", sessionToken);

        assertEqualsTheSdks(address, region, credentials, body.getBytes(UTF_8), at);
    }

    @Property(tries = 1000)
    void equalsTheSignatureOfTheAwsSdkForAnything(
            @ForAll("addresses") URI address,
            @ForAll @AlphaChars @NumericChars @Chars('-') @StringLength(min = 1, max = 30) String region,
            @ForAll("credentials") AwsCredentials credentials,
            @ForAll("bodies") byte[] body,
            @ForAll @LongRange(min = 946_684_800_000L, max = 4_102_444_799_999L) long atMs) {
        assertEqualsTheSdks(address, region, credentials, body, Instant.ofEpochMilli(atMs));
    }

    @Provide
    Arbitrary<URI> addresses() {
        Arbitrary<String> hosts = Arbitraries.of(
                "sqs.eu-central-1.amazonaws.com", "127.0.0.1", "[::1]", "Proxy.internal",
                "vpce-0af76519-16cd43dd.sqs.eu-central-1.vpce.amazonaws.com");
        Arbitrary<String> ports = Arbitraries.of("", ":80", ":443", ":8443", ":9324");
        Arbitrary<String> paths = Arbitraries.strings()
                .withCharRange('a', 'c').withChars("/AZ09-._~!$&'()*+,;=:@").ofMaxLength(12)
                .list().ofMaxSize(3)
                .map(parts -> "/" + String.join("%20", parts))
                // Whoever normalises a path asks for another resource; SQS is at none of these.
                .filter(path -> !path.contains("//") && !path.matches(".*/\\.{1,2}(/.*|$)"));
        return Combinators.combine(Arbitraries.of("http://", "https://"), hosts, ports, paths)
                .as((scheme, host, port, path) -> URI.create(scheme + host + port + path));
    }

    @Provide
    Arbitrary<AwsCredentials> credentials() {
        Arbitrary<String> secrets = Arbitraries.strings().withCharRange('!', '~').ofMinLength(1).ofMaxLength(60);
        Arbitrary<String> keyIds = Arbitraries.strings().alpha().numeric().ofMinLength(1).ofMaxLength(24);
        Arbitrary<String> tokens =
                Arbitraries.strings().alpha().numeric().withChars("/+=").ofMinLength(1).ofMaxLength(1500);
        return Combinators.combine(keyIds, secrets, tokens.injectNull(0.3))
                .as(AwsCredentials::new);
    }

    @Provide
    Arbitrary<byte[]> bodies() {
        return Arbitraries.oneOf(
                Arbitraries.bytes().array(byte[].class).ofMaxSize(200),
                Arbitraries.strings().ofMaxLength(200).map(text -> text.getBytes(UTF_8)),
                Arbitraries.integers().between(1, 200_000).map(length -> "é".repeat(length).getBytes(UTF_8)));
    }

    private static void assertEqualsTheSdks(
            URI address, String region, AwsCredentials credentials, byte[] body, Instant at) {
        Map<String, String> signed = AwsSignature.sign(address, HEADERS, body, region, credentials, at);

        SdkHttpRequest.Builder request = SdkHttpRequest.builder().method(SdkHttpMethod.POST).uri(address);
        HEADERS.forEach(request::putHeader);
        String keyId = credentials.accessKeyId();
        String secret = credentials.secretAccessKey();
        String token = credentials.sessionToken();
        SdkHttpRequest expected = AwsV4HttpSigner.create()
                .sign(sign -> sign.request(request.build())
                        .identity(token == null
                                ? AwsCredentialsIdentity.create(keyId, secret)
                                : AwsSessionCredentialsIdentity.create(keyId, secret, token))
                        .payload(ContentStreamProvider.fromByteArray(body))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "sqs")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                        .putProperty(AwsV4HttpSigner.SIGNING_CLOCK, Clock.fixed(at, ZoneOffset.UTC)))
                .request();
        Map<String, String> headers = new TreeMap<>();
        expected.forEachHeader((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
        assertThat(signed).isEqualTo(headers);
    }
}
