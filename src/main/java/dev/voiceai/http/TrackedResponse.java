package dev.voiceai.http;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Set;

/**
 * Knows whether anything was written, and lets only headers of our own pass: where Camel itself refuses a request (404,
 * 405), it would send the request's headers back, and its body. So the body of an error is let through only when it is a
 * problem document.
 */
final class TrackedResponse extends HttpServletResponseWrapper {
    private static final Set<String> OWN_HEADERS = Set.of(
            "accept-ranges", "allow", "content-disposition", "content-length", "content-type", "idempotent-replayed",
            "last-modified", "location", "report-truncated", "retry-after");

    private boolean written;
    private boolean errorSent;
    private ServletOutputStream body;
    private PrintWriter writer;

    TrackedResponse(HttpServletResponse response) {
        super(response);
    }

    /** Finds it among the wrappers; null when there is none. */
    static TrackedResponse of(ServletResponse response) {
        for (var any = response; any instanceof ServletResponseWrapper wrapper; any = wrapper.getResponse()) {
            if (any instanceof TrackedResponse tracked) {
                return tracked;
            }
        }
        return null;
    }

    /** An error of the container's own making ({@code sendError}) is answered by {@link ErrorAnswer}. */
    boolean isErrorWithoutBody() {
        return getStatus() >= 400 && !written && !errorSent && !isCommitted();
    }

    @Override
    public void sendError(int status) throws IOException {
        errorSent = true;
        super.sendError(status);
    }

    @Override
    public void sendError(int status, String message) throws IOException {
        // Without the message: it may repeat the request.
        sendError(status);
    }

    @Override
    public void setHeader(String name, String value) {
        if (isOwn(name)) {
            super.setHeader(name, value);
        }
    }

    @Override
    public void addHeader(String name, String value) {
        if (isOwn(name)) {
            super.addHeader(name, value);
        }
    }

    private static boolean isOwn(String name) {
        return OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT));
    }

    @Override
    public void resetBuffer() {
        super.resetBuffer();
        written = false;
        body = null;
        writer = null;
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        if (body == null) {
            body = new Tracking(super.getOutputStream());
        }
        return body;
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        if (writer == null) {
            writer = new PrintWriter(getOutputStream(), false, Charset.forName(getCharacterEncoding()));
        }
        return writer;
    }

    @Override
    public void flushBuffer() throws IOException {
        if (writer != null) {
            writer.flush();
        }
        // An error that is still empty is not sent off: it gets its document first.
        if (written || getStatus() < 400) {
            super.flushBuffer();
        }
    }

    private final class Tracking extends ServletOutputStream {
        private final ServletOutputStream stream;

        Tracking(ServletOutputStream stream) {
            this.stream = stream;
        }

        @Override
        public void write(int b) throws IOException {
            if (isOurs()) {
                written = true;
                stream.write(b);
            }
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (isOurs()) {
                written |= length > 0;
                stream.write(bytes, offset, length);
            }
        }

        private boolean isOurs() {
            return getStatus() < 400 || String.valueOf(getContentType()).startsWith(Problems.MEDIA_TYPE);
        }

        @Override
        public void flush() throws IOException {
            if (written || getStatus() < 400) {
                stream.flush();
            }
        }

        @Override
        public void close() throws IOException {
            if (written || getStatus() < 400) {
                stream.close();
            }
        }

        @Override
        public boolean isReady() {
            return stream.isReady();
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            stream.setWriteListener(listener);
        }
    }
}
