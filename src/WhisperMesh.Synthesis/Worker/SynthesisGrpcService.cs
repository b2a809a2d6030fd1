using System.Diagnostics;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Options;
using WhisperMesh.Audio;
using WhisperMesh.ServiceDefaults.Telemetry;
using WhisperMesh.ServiceDefaults.Workers;
using WhisperMesh.Speech.V1;
using WhisperMesh.Synthesis.Telemetry;
using WhisperMesh.Synthesis.Voices;

namespace WhisperMesh.Synthesis.Worker;

/// <summary>Speaks for callers.</summary>
internal sealed class SynthesisGrpcService(
    IOptions<SynthesisOptions> options,
    VoiceLoader voice,
    AudioEncoder encoder,
    WorkerGate gate,
    WorkerIdentity identity,
    SynthesisMetrics metrics,
    TimeProvider timeProvider,
    ILogger<SynthesisGrpcService> logger)
    : SynthesisService.SynthesisServiceBase
{
    private const int MaxMessageBytes = 65_536;

    public override async Task Synthesize(
        SynthesizeRequest request, IServerStreamWriter<SynthesizeResponse> responseStream, ServerCallContext context)
    {
        try
        {
            await SpeakAsync(request, responseStream, context);
        }
        catch (Exception exception)
        {
            metrics.OnError(exception);
            throw;
        }
    }

    private async Task SpeakAsync(
        SynthesizeRequest request, IServerStreamWriter<SynthesizeResponse> responseStream, ServerCallContext context)
    {
        var begin = timeProvider.GetTimestamp();
        var cancellationToken = context.CancellationToken;
        RequestRules.Check(request, options.Value);
        var format = await SpeechFormats.ResolveAsync(encoder, request.AudioFormat, voice.Engine.SampleRateHz);
        var requestId = request.RequestId is "" ? Guid.NewGuid().ToString("N") : request.RequestId;
        var call = Activity.Current;
        Describe(call, request, requestId);

        using var ticket = gate.Admit(new WorkerCall(Deadline: context.Deadline));
        var outcome = SynthesisMetrics.Failed;
        try
        {
            var queued = await QueueAsync(ticket, cancellationToken);
            await using var speech = new SpokenText(voice.Engine, request.Text, request.HasSpeed ? request.Speed : 1, cancellationToken);

            // Nothing is said before the first sound: until then a failure can be told as a status alone.
            await speech.BeginAsync();
            var firstAudio = timeProvider.GetElapsedTime(begin);
            metrics.FirstAudio(firstAudio);
            call?.AddEvent(new ActivityEvent(TelemetryNames.Events.FirstAudio));
            await responseStream.WriteAsync(new SynthesizeResponse { Started = Started(requestId, format) }, cancellationToken);
            var samples = speech.ReadAsync(spoken =>
            {
                ticket.Audio = spoken;
                ticket.OnWorked(spoken);
            });
            await EncodeAsync(samples, format, responseStream, cancellationToken);
            var total = timeProvider.GetElapsedTime(begin);
            var summary = new SynthesisSummary
            {
                RequestId = requestId,
                Attempt = Math.Max(1, request.Attempt),
                WorkerId = identity.Id,
                Model = options.Value.ModelName,
                AudioDuration = Duration.FromTimeSpan(ticket.Audio),
                Queued = Duration.FromTimeSpan(queued),
                TimeToFirstAudio = Duration.FromTimeSpan(firstAudio),
                Total = Duration.FromTimeSpan(total),
            };
            await responseStream.WriteAsync(new SynthesizeResponse { Summary = summary }, cancellationToken);
            outcome = SynthesisMetrics.Succeeded;
            logger.Spoke(requestId, ticket.Audio, total, firstAudio, queued);
        }
        finally
        {
            metrics.Ended(outcome, timeProvider.GetElapsedTime(begin), ticket.Audio);
        }
    }

    private async Task<TimeSpan> QueueAsync(WorkerTicket ticket, CancellationToken cancellationToken)
    {
        using var queue = SynthesisTelemetry.Source.StartActivity(TelemetryNames.Spans.Queue);
        var queued = await ticket.WaitAsync(cancellationToken);
        queue?.SetTag(TelemetryNames.Attributes.WaitSeconds, queued.TotalSeconds);
        metrics.Queued(queued);
        return queued;
    }

    // Encodes and sends what is made while the rest is being made: a span beside those of the pieces.
    private async Task EncodeAsync(
        IAsyncEnumerable<ReadOnlyMemory<float>> samples,
        WhisperMesh.Audio.AudioFormat format,
        IServerStreamWriter<SynthesizeResponse> responseStream,
        CancellationToken cancellationToken)
    {
        using var activity = SynthesisTelemetry.Source.StartActivity(TelemetryNames.Spans.Encode);
        var sent = 0L;
        await foreach (var bytes in encoder.EncodeAsync(samples, voice.Engine.SampleRateHz, format, cancellationToken))
        {
            await WriteAsync(responseStream, bytes, cancellationToken);
            sent += bytes.Length;
        }

        activity?.SetTag(TelemetryNames.Attributes.Bytes, sent).SetTag(TelemetryNames.Attributes.Format, format.Encoding.ToString());
    }

    private void Describe(Activity? call, SynthesizeRequest request, string requestId)
    {
        if (call is { IsAllDataRequested: true })
        {
            call.SetTag(TelemetryNames.Attributes.RequestId, requestId);
            call.SetTag(TelemetryNames.Attributes.Attempt, Math.Max(1, request.Attempt));
            call.SetTag(TelemetryNames.Attributes.Model, options.Value.ModelName);
            call.SetTag(TelemetryNames.Attributes.Characters, request.Text.Length);
        }
    }

    private static async Task WriteAsync(
        IServerStreamWriter<SynthesizeResponse> responseStream, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        for (var at = 0; at < bytes.Length; at += MaxMessageBytes)
        {
            var part = bytes.Slice(at, Math.Min(MaxMessageBytes, bytes.Length - at));
            await responseStream.WriteAsync(new SynthesizeResponse { Audio = ByteString.CopyFrom(part.Span) }, cancellationToken);
        }
    }

    private SynthesisStarted Started(string requestId, WhisperMesh.Audio.AudioFormat format) => new()
    {
        RequestId = requestId,
        WorkerId = identity.Id,
        Model = options.Value.ModelName,
        Voice = options.Value.Voice,
        AudioFormat = SpeechFormats.ToContract(format),
    };
}
