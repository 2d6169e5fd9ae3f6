package dev.voiceai.http;

import dev.voiceai.settings.StartFailure;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Finds out who sent a request, keeps each caller to a rate, and hands the routes a pass in place of what proved it. It
 * refuses nobody for having no key: which roles a request needs, if any, is for its route to say.
 */
@Component
@Order(CallerFilter.FIRST)
final class CallerFilter extends OncePerRequestFilter {
    static final int FIRST = 0;

    private final ApiKeys keys;
    private final Tokens tokens;
    private final Problems problems;
    private final RateLimit ofCaller;
    /** Of one address, without a valid key or token. A caller who has one is never stopped by others at its address. */
    private final RateLimit ofAddress;

    /** @throws StartFailure when a limit is negative, or the burst is not positive */
    CallerFilter(
            ApiKeys keys,
            Tokens tokens,
            Problems problems,
            @Value("${rate-limit.per-caller}") int perCaller,
            @Value("${rate-limit.unknown}") int unknown,
            @Value("${rate-limit.burst}") int burst) {
        if (perCaller < 0 || unknown < 0 || burst < 1) {
            throw new StartFailure(
                    "A rate limit is negative, or the burst is not positive.",
                    "Correct API_RATE_LIMIT, API_RATE_LIMIT_UNKNOWN or API_RATE_BURST.");
        }
        this.keys = keys;
        this.tokens = tokens;
        this.problems = problems;
        this.ofCaller = new RateLimit(perCaller, burst);
        this.ofAddress = new RateLimit(unknown, burst);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String pass = null;
        // The others are open to all, or signed by Retell. Not the raw path: it has more than one spelling.
        if (request.getServletPath().startsWith("/api/")) {
            Caller caller;
            try {
                caller = caller(request, response);
            } catch (Problem notNow) {
                refuse(response, notNow, 5);
                return;
            }
            long wait = caller == null
                    ? ofAddress.secondsToWait(request.getRemoteAddr())
                    : ofCaller.secondsToWait(caller.name());
            if (wait > 0) {
                refuse(response, Problem.tooManyRequests(wait), wait);
                return;
            }
            pass = caller == null ? null : keys.pass(caller);
        }
        chain.doFilter(new GuardedRequest(request, pass), response);
    }

    /** Null for a request without a valid key or token. */
    private Caller caller(HttpServletRequest request, HttpServletResponse response) {
        String key = request.getHeader(GuardedRequest.KEY);
        if (key != null || !tokens.areTaken()) {
            return key == null ? null : keys.find(key);
        }
        String token = Tokens.in(request.getHeader("Authorization"));
        Caller caller = token == null ? null : tokens.find(token);
        if (caller == null) {
            // RFC 6750: what a client should send, and that what it sent is not valid.
            response.setHeader("WWW-Authenticate", token == null ? "Bearer" : "Bearer error=\"invalid_token\"");
        }
        return caller;
    }

    private void refuse(HttpServletResponse response, Problem problem, long retryAfter) throws IOException {
        response.setHeader("Retry-After", String.valueOf(retryAfter));
        problems.write(response, problem);
    }
}
