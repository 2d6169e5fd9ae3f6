package dev.voiceai.http;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** Counts the bytes of a body whose length was not announced, and fails the read that goes beyond the limit. */
final class LimitedRequest extends HttpServletRequestWrapper {
    private final long limit;
    private volatile boolean exceeded;
    private ServletInputStream body;

    LimitedRequest(HttpServletRequest request, long limit) {
        super(request);
        this.limit = limit;
    }

    /** Finds it among the wrappers; null when there is none. */
    static LimitedRequest of(ServletRequest request) {
        for (var any = request; any instanceof ServletRequestWrapper wrapper; any = wrapper.getRequest()) {
            if (any instanceof LimitedRequest limited) {
                return limited;
            }
        }
        return null;
    }

    boolean isExceeded() {
        return exceeded;
    }

    long limit() {
        return limit;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        if (body == null) {
            body = new Counting(super.getInputStream());
        }
        return body;
    }

    @Override
    public BufferedReader getReader() throws IOException {
        return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8)) {
            /** Left to the container: Camel closes a reader that failed and reads on, which would hide why it failed. */
            @Override
            public void close() {}
        };
    }

    private final class Counting extends ServletInputStream {
        private final ServletInputStream stream;
        private long count;

        Counting(ServletInputStream stream) {
            this.stream = stream;
        }

        private int counted(int read) throws IOException {
            count += Math.max(read, 0);
            if (count > limit) {
                exceeded = true;
                throw new BodyTooLarge(limit);
            }
            return read;
        }

        @Override
        public int read() throws IOException {
            int read = stream.read();
            counted(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return counted(stream.read(buffer, offset, length));
        }

        @Override
        public boolean isFinished() {
            return stream.isFinished();
        }

        @Override
        public boolean isReady() {
            return stream.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            stream.setReadListener(listener);
        }
    }
}
