package dev.voiceai.http;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** A request as the routes see it: without what proves who sent it, and with the caller's pass in place of the key. */
final class GuardedRequest extends HttpServletRequestWrapper {
    static final String KEY = "X-API-Key";

    private static final Set<String> CREDENTIALS =
            Set.of(KEY.toLowerCase(Locale.ROOT), "authorization", "proxy-authorization", "cookie");

    /** Null for nobody. */
    private final String pass;

    GuardedRequest(HttpServletRequest request, String pass) {
        super(request);
        this.pass = pass;
    }

    @Override
    public String getHeader(String name) {
        if (KEY.equalsIgnoreCase(name)) {
            return pass;
        }
        return isCredential(name) ? null : super.getHeader(name);
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
        if (isCredential(name)) {
            String own = getHeader(name);
            return Collections.enumeration(own == null ? List.of() : List.of(own));
        }
        return super.getHeaders(name);
    }

    @Override
    public Enumeration<String> getHeaderNames() {
        var others = Collections.list(super.getHeaderNames()).stream().filter(name -> !isCredential(name));
        return Collections.enumeration(Stream.concat(pass == null ? Stream.empty() : Stream.of(KEY), others).toList());
    }

    @Override
    public Cookie[] getCookies() {
        return null;
    }

    private static boolean isCredential(String name) {
        return CREDENTIALS.contains(name.toLowerCase(Locale.ROOT));
    }
}
