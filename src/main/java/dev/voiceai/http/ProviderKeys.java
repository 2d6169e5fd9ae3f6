package dev.voiceai.http;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jose.util.ResourceRetriever;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.text.ParseException;

/**
 * The public keys of an identity provider. They are at the address that is set, else where its metadata says, which is
 * read at the first token, so that a provider that is away delays no start.
 */
final class ProviderKeys implements JWKSetSource<SecurityContext> {
    private static final int TIMEOUT_MS = 2_000;
    private static final int LARGEST = 256 * 1024;
    private static final String METADATA = "/.well-known/openid-configuration";

    private final ResourceRetriever http = new DefaultResourceRetriever(TIMEOUT_MS, TIMEOUT_MS, LARGEST);
    private final String issuer;
    private volatile String address;

    /** @param jwksUri may be empty */
    ProviderKeys(String issuer, String jwksUri) {
        this.issuer = issuer;
        this.address = jwksUri.isBlank() ? null : jwksUri;
    }

    @Override
    public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator refresh, long now, SecurityContext context)
            throws KeySourceException {
        try {
            if (address == null) {
                address = addressFromMetadata();
            }
            return JWKSet.parse(read(address));
        } catch (IOException | ParseException | IllegalArgumentException e) {
            throw new JWKSetUnavailableException("no keys", e);
        }
    }

    private String addressFromMetadata() throws IOException, ParseException {
        var metadata = JSONObjectUtils.parse(read(issuer.replaceFirst("/$", "") + METADATA));
        String found = JSONObjectUtils.getString(metadata, "jwks_uri");
        if (!issuer.equals(JSONObjectUtils.getString(metadata, "issuer")) || found == null) {
            throw new IOException("the metadata is of another issuer, or names no keys");
        }
        return found;
    }

    private String read(String uri) throws IOException {
        URL url = URI.create(uri).toURL();
        return http.retrieveResource(url).getContent();
    }

    @Override
    public void close() {}
}
