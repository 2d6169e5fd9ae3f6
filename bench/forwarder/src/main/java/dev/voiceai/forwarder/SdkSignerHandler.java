package dev.voiceai.forwarder;

import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** The shipped request, signed by the AWS SDK. */
public final class SdkSignerHandler extends CandidateHandler {
    private static final AwsV4HttpSigner SIGNER = AwsV4HttpSigner.create();

    public SdkSignerHandler() {
        super(() -> new SqsRequest(CandidateHandler::settings, CLOCK, SdkSignerHandler::sign));
    }

    private static Map<String, String> sign(
            URI address, Map<String, String> headers, byte[] body, String region, AwsCredentials as, Instant at) {
        SdkHttpRequest.Builder request = SdkHttpRequest.builder().method(SdkHttpMethod.POST).uri(address);
        headers.forEach(request::putHeader);
        AwsCredentialsIdentity identity = as.sessionToken() == null
                ? AwsCredentialsIdentity.create(as.accessKeyId(), as.secretAccessKey())
                : AwsSessionCredentialsIdentity.create(as.accessKeyId(), as.secretAccessKey(), as.sessionToken());
        Map<String, String> signed = new TreeMap<>();
        SIGNER.sign(sign -> sign.request(request.build())
                        .identity(identity)
                        .payload(ContentStreamProvider.fromByteArrayUnsafe(body))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "sqs")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                        .putProperty(AwsV4HttpSigner.SIGNING_CLOCK, Clock.fixed(at, ZoneOffset.UTC)))
                .request()
                .forEachHeader((name, values) -> signed.put(name.toLowerCase(Locale.ROOT), values.get(0)));
        return signed;
    }
}
