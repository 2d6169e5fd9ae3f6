package dev.voiceai.http;

/**
 * One thing that is wrong with a request.
 *
 * @param pointer JSON Pointer (RFC 6901) to the field of the body; {@code /name} for a query parameter; empty for the
 *     body as a whole
 * @param code the broken rule, such as {@code required}, {@code pattern} or {@code unknown_zone}; stable
 * @param message for people; never repeats the value
 */
public record FieldError(String pointer, String code, String message) {}
