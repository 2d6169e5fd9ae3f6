package dev.voiceai.http;

import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/**
 * Tells browsers and caches, on every answer, to keep nothing of it and to run nothing in it. The contract holds no
 * secret and may be kept.
 */
final class SecurityHeaders extends ValveBase {
    private static final String CONTRACT = "/openapi.yaml";

    SecurityHeaders() {
        // The routes answer asynchronously.
        super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Cache-Control", CONTRACT.equals(request.getRequestURI()) ? "max-age=300" : "no-store");
        response.setHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        response.setHeader("Referrer-Policy", "no-referrer");
        if (request.isSecure() || "https".equalsIgnoreCase(request.getHeader("X-Forwarded-Proto"))) {
            response.setHeader("Strict-Transport-Security", "max-age=31536000");
        }
        getNext().invoke(request, response);
    }
}
