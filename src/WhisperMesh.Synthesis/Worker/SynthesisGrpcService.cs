using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Options;
using WhisperMesh.Audio;
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
        var begin = timeProvider.GetTimestamp();
        var cancellationToken = context.CancellationToken;
        RequestRules.Check(request, options.Value);
        var format = await SpeechFormats.ResolveAsync(encoder, request.AudioFormat, voice.Engine.SampleRateHz);
        var requestId = request.RequestId is "" ? Guid.NewGuid().ToString("N") : request.RequestId;

        using var ticket = gate.Admit(new WorkerCall(Deadline: context.Deadline));
        var outcome = SynthesisMetrics.Failed;
        try
        {
            var queued = await ticket.WaitAsync(cancellationToken);
            metrics.Queued(queued);
            await using var speech = new SpokenText(voice.Engine, request.Text, request.HasSpeed ? request.Speed : 1, cancellationToken);

            // Nothing is said before the first sound: until then a failure can be told as a status alone.
            await speech.BeginAsync();
            var firstAudio = timeProvider.GetElapsedTime(begin);
            metrics.FirstAudio(firstAudio);
            await responseStream.WriteAsync(new SynthesizeResponse { Started = Started(requestId, format) }, cancellationToken);
            var samples = speech.ReadAsync(spoken =>
            {
                ticket.Audio = spoken;
                ticket.OnWorked(spoken);
            });
            await foreach (var bytes in encoder.EncodeAsync(samples, voice.Engine.SampleRateHz, format, cancellationToken))
            {
                await WriteAsync(responseStream, bytes, cancellationToken);
            }

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
