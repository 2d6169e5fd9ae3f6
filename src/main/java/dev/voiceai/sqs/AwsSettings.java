package dev.voiceai.sqs;

import java.net.URI;
import java.util.regex.Pattern;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.util.StringUtils;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;

/** How AWS is reached: at its own addresses, or at another endpoint that speaks its protocol. */
@Component
public final class AwsSettings {
    private static final Pattern QUEUE_URL_REGION = Pattern.compile("https://sqs\\.([a-z0-9-]+)\\.amazonaws\\..*");

    private final URI sqsEndpoint;
    private final URI lambdaEndpoint;
    private final Region region;
    private final AwsCredentialsProvider credentials;

    public AwsSettings(
            @Value("${sqs.endpoint:}") String sqsEndpoint,
            @Value("${lambda.endpoint:}") String lambdaEndpoint,
            @Value("${aws.region:}") String region,
            @Value("${queues.call-requests-url}") String queueUrl) {
        this.sqsEndpoint = uri(sqsEndpoint);
        this.lambdaEndpoint = uri(lambdaEndpoint);
        this.region = StringUtils.hasText(region) ? Region.of(region) : regionOf(queueUrl);
        this.credentials = this.sqsEndpoint == null ? DefaultCredentialsProvider.builder().build() : lenient();
    }

    private static URI uri(String text) {
        return StringUtils.hasText(text) ? URI.create(text) : null;
    }

    private Region regionOf(String queueUrl) {
        var matcher = QUEUE_URL_REGION.matcher(queueUrl);
        if (matcher.matches()) {
            return Region.of(matcher.group(1));
        }
        return sqsEndpoint != null ? Region.US_EAST_1 : DefaultAwsRegionProviderChain.builder().build().getRegion();
    }

    private static AwsCredentialsProvider lenient() {
        return AwsCredentialsProviderChain.of(
                SystemPropertyCredentialsProvider.create(),
                EnvironmentVariableCredentialsProvider.create(),
                WebIdentityTokenFileCredentialsProvider.create(),
                ProfileCredentialsProvider.create(),
                ContainerCredentialsProvider.create(),
                StaticCredentialsProvider.create(AwsBasicCredentials.create("not-set", "not-set")));
    }

    /** Another SQS than that of AWS, or null. */
    public URI sqsEndpoint() {
        return sqsEndpoint;
    }

    /** Another Lambda than that of AWS, or null. */
    URI lambdaEndpoint() {
        return lambdaEndpoint;
    }

    /**
     * The region set, else that of the queue's URL, else {@code us-east-1} at another endpoint, which asks for none,
     * else what the SDK finds.
     */
    public Region region() {
        return region;
    }

    /**
     * The SDK's own look-up. At another endpoint it ends in made-up credentials instead of the metadata service of a
     * machine at AWS, which would be asked in vain.
     */
    public AwsCredentialsProvider credentials() {
        return credentials;
    }
}
