using System.Runtime.CompilerServices;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Options;
using WhisperMesh.Audio;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.ServiceDefaults.Workers;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Synthesis.Worker;

/// <summary>Speaks for callers.</summary>
internal sealed class SynthesisGrpcService(
    IOptions<SynthesisOptions> options,
    VoiceLoader voice,
    AudioEncoder encoder,
    WorkerGate gate,
    WorkerIdentity identity,
    TimeProvider timeProvider)
    : SynthesisService.SynthesisServiceBase
{
    private const int MaxMessageBytes = 65_536;

    public override async Task Synthesize(
        SynthesizeRequest request, IServerStreamWriter<SynthesizeResponse> responseStream, ServerCallContext context)
    {
        var begin = timeProvider.GetTimestamp();
        var cancellationToken = context.CancellationToken;
        RequestRules.Check(request, options.Value);
        var engine = voice.Engine;
        var format = await SpeechFormats.ResolveAsync(encoder, request.AudioFormat, engine.SampleRateHz);
        var requestId = request.RequestId is "" ? Guid.NewGuid().ToString("N") : request.RequestId;

        using var ticket = gate.Admit();
        var queued = await ticket.WaitAsync(cancellationToken);
        TimeSpan? firstAudio = null;
        var speech = CountAsync(engine.SpeakAsync(request.Text, request.HasSpeed ? request.Speed : 1, cancellationToken));
        await foreach (var bytes in encoder.EncodeAsync(speech, engine.SampleRateHz, format, cancellationToken))
        {
            for (var at = 0; at < bytes.Length; at += MaxMessageBytes)
            {
                // Nothing is said before there are bytes: until then a failure can be told as a status alone.
                if (firstAudio is null)
                {
                    firstAudio = timeProvider.GetElapsedTime(begin);
                    await responseStream.WriteAsync(new SynthesizeResponse { Started = Started(requestId, format) }, cancellationToken);
                }

                var part = bytes.Slice(at, Math.Min(MaxMessageBytes, bytes.Length - at));
                await responseStream.WriteAsync(new SynthesizeResponse { Audio = ByteString.CopyFrom(part.Span) }, cancellationToken);
            }
        }

        var summary = new SynthesisSummary
        {
            RequestId = requestId,
            Attempt = Math.Max(1, request.Attempt),
            WorkerId = identity.Id,
            Model = options.Value.ModelName,
            AudioDuration = Duration.FromTimeSpan(ticket.Audio),
            Queued = Duration.FromTimeSpan(queued),
            TimeToFirstAudio = Duration.FromTimeSpan(firstAudio ?? TimeSpan.Zero),
            Total = Duration.FromTimeSpan(timeProvider.GetElapsedTime(begin)),
        };
        await responseStream.WriteAsync(new SynthesizeResponse { Summary = summary }, cancellationToken);

        async IAsyncEnumerable<ReadOnlyMemory<float>> CountAsync(
            IAsyncEnumerable<ReadOnlyMemory<float>> blocks, [EnumeratorCancellation] CancellationToken token = default)
        {
            await foreach (var block in blocks.WithCancellation(token))
            {
                ticket.Audio += TimeSpan.FromSeconds((double)block.Length / engine.SampleRateHz);
                yield return block;
            }

            if (ticket.Audio == TimeSpan.Zero)
            {
                throw MeshException.InvalidArgument("text", "The text gives no sound in this voice.");
            }
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
