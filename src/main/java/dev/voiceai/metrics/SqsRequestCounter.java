package dev.voiceai.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/** Counts requests to SQS, which is what SQS costs by. */
public final class SqsRequestCounter implements ExecutionInterceptor {

    private final MeterRegistry registry;

    public SqsRequestCounter(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
        registry.counter("voice_ai.sqs.requests", "operation", attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME)).increment();
    }
}
