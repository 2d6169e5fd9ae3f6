package dev.voiceai.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses bodies that are too large, compressed or not JSON before a route sees them, and gives every error without a
 * body, whoever made it, a problem document.
 */
@Component
@Order(CallerFilter.FIRST + 1)
final class RequestFilter extends OncePerRequestFilter implements ApplicationListener<ApplicationReadyEvent> {
    private static final long KILOBYTE = 1024;
    private static final long DEFAULT_LIMIT = 256 * KILOBYTE;
    private static final Set<String> METHODS_WITH_BODY = Set.of("POST", "PUT", "PATCH", "DELETE");

    private record Limit(String path, long bytes) {}

    /** The first that the path begins with. */
    private static final List<Limit> LIMITS = List.of(
            new Limit("/api/v1/calls/batch", 8 * KILOBYTE * KILOBYTE),
            // What a Lambda Function URL lets through.
            new Limit("/webhooks/retell", 6 * KILOBYTE * KILOBYTE),
            // A function comes with the transcript so far, 15 kB a minute, of a call that may take two hours.
            new Limit("/retell/", 4 * KILOBYTE * KILOBYTE));

    private final Problems problems;
    private volatile boolean ready;

    RequestFilter(Problems problems) {
        this.problems = problems;
    }

    /** The server listens before the routes run; until then only half of them would be there. */
    @Override
    public void onApplicationEvent(ApplicationReadyEvent event) {
        ready = true;
    }

    /** The routes answer asynchronously; whether they left the body empty is known when the request comes back. */
    @Override
    protected boolean shouldNotFilterAsyncDispatch() {
        return false;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (isAsyncDispatch(request)) {
            // The same two wrappers as in the first pass.
            chain.doFilter(request, response);
            complete(TrackedResponse.of(response), LimitedRequest.of(request));
            return;
        }
        if (!ready) {
            response.setHeader("Retry-After", "1");
            write(response, new Problem(503, "starting", "The routes are still starting.", List.of()));
            return;
        }
        // Decoded, as routes are found by it.
        String path = request.getServletPath();
        long limit = limit(path);
        if (request.getContentLengthLong() > limit) {
            write(response, Problem.tooLarge(limit));
            return;
        }
        if (request.getHeader(HttpHeaders.CONTENT_ENCODING) != null) {
            // Camel would unpack it, and its limit counts the packed bytes.
            write(response, new Problem(
                    415, "unsupported-media-type", "Send the body without Content-Encoding.", List.of()));
            return;
        }
        if (path.startsWith("/api/v1/") && hasBody(request) && !isJson(request.getContentType())) {
            write(response, new Problem(
                    415, "unsupported-media-type", "Send the body as application/json.", List.of()));
            return;
        }
        var limited = new LimitedRequest(request, limit);
        var tracked = new TrackedResponse(response);
        chain.doFilter(limited, tracked);
        if (!request.isAsyncStarted()) {
            complete(tracked, limited);
        }
    }

    private static long limit(String path) {
        return LIMITS.stream()
                .filter(limit -> path.startsWith(limit.path))
                .findFirst()
                .map(Limit::bytes)
                .orElse(DEFAULT_LIMIT);
    }

    private static boolean hasBody(HttpServletRequest request) {
        return METHODS_WITH_BODY.contains(request.getMethod())
                && (request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null);
    }

    private static boolean isJson(String contentType) {
        try {
            return contentType != null && MediaType.APPLICATION_JSON.includes(MediaType.parseMediaType(contentType));
        } catch (InvalidMediaTypeException e) {
            return false;
        }
    }

    private void complete(TrackedResponse response, LimitedRequest request) throws IOException {
        if (request != null && request.isExceeded() && !response.isCommitted()) {
            // Whatever the route made of the failed read.
            response.resetBuffer();
            write(response, Problem.tooLarge(request.limit()));
        } else if (response != null && response.isErrorWithoutBody()) {
            write(response, ofStatus(response.getStatus()));
        }
    }

    static Problem ofStatus(int status) {
        return switch (status) {
            case 400 -> new Problem(400, "bad-request", null, List.of());
            case 401 -> new Unauthorized();
            case 404 -> Problem.notFound("There is nothing at this path.");
            case 405 -> new Problem(405, "method-not-allowed", "The header Allow names the methods.", List.of());
            case 406 -> new Problem(406, "not-acceptable", null, List.of());
            case 413 -> new Problem(413, "payload-too-large", null, List.of());
            case 415 -> new Problem(415, "unsupported-media-type", null, List.of());
            case 503 -> new Problem(503, "unavailable", null, List.of());
            default -> status < 500
                    ? new Problem(status, "refused", null, List.of())
                    : new Problem(status, "internal", null, List.of());
        };
    }

    private void write(HttpServletResponse response, Problem problem) throws IOException {
        problems.write(response, problem);
    }
}
