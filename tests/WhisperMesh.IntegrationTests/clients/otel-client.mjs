// Sends traces, metrics and logs with the OpenTelemetry SDK for JavaScript, and prints the ids of its spans as one JSON document.
// usage: node otel-client.mjs grpc|proto ADDRESS SERVICE KEY
import { SpanStatusCode, context, trace } from '@opentelemetry/api';
import { SeverityNumber } from '@opentelemetry/api-logs';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

const [protocol, address, service, key] = process.argv.slice(2);
const exporter = async (signal, name) => {
  const { [name]: Exporter } = await import(`@opentelemetry/exporter-${signal}-otlp-${protocol}`);
  if (protocol === 'proto') return new Exporter({ url: `${address}/v1/${signal === 'trace' ? 'traces' : signal}`, headers: { 'x-otlp-api-key': key }, compression: 'gzip' });
  const { Metadata } = await import('@grpc/grpc-js');
  const metadata = new Metadata();
  metadata.set('x-otlp-api-key', key);
  return new Exporter({ url: address, metadata, compression: 'gzip' });
};

const resource = resourceFromAttributes({ 'service.name': service, 'service.instance.id': 'js-1' });
const tracing = new TracerProvider({ resource, spanProcessors: [new BatchSpanProcessor({ exporter: await exporter('trace', 'OTLPTraceExporter') })] });
const logging = new LoggerProvider({ resource, processors: [new BatchLogRecordProcessor({ exporter: await exporter('logs', 'OTLPLogExporter') })] });
const reader = new PeriodicExportingMetricReader({ exporter: await exporter('metrics', 'OTLPMetricExporter'), exportIntervalMillis: 60_000 });
const metering = new MeterProvider({ resource, readers: [reader] });

const meter = metering.getMeter('js.meter');
const requests = meter.createCounter('js.requests', { unit: '{request}' });
const duration = meter.createHistogram('js.duration', { unit: 's', advice: { explicitBucketBoundaries: [0.1, 0.5, 1, 5] } });
const tracer = tracing.getTracer('js.tracer');

const root = tracer.startSpan('js root', { attributes: { list: ['a', 'b'], number: 7 } });
const inRoot = trace.setSpan(context.active(), root);
const child = tracer.startSpan('js child', { links: [{ context: root.spanContext() }] }, inRoot);
child.addEvent('js event', { size: 3 });
child.setStatus({ code: SpanStatusCode.ERROR, message: 'js failed' });
logging.getLogger('js.logger').emit({
  severityNumber: SeverityNumber.WARN, body: 'js <b>warns</b>', attributes: { answer: 42 }, context: trace.setSpan(inRoot, child),
});
for (const [model, seconds] of [['base', 0.3], ['base', 0.7], ['large', 3]]) {
  requests.add(1, { model });
  duration.record(seconds, { model });
}
child.end();
root.end();

await Promise.all([tracing.forceFlush(), logging.forceFlush(), metering.forceFlush()]);
await Promise.all([tracing.shutdown(), logging.shutdown(), metering.shutdown()]);
console.log(JSON.stringify({ trace: root.spanContext().traceId, root: root.spanContext().spanId, child: child.spanContext().spanId }));
