using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Options;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.ServiceDefaults.Workers;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Synthesis.Worker;

/// <summary>Speaks for callers.</summary>
internal sealed class SynthesisGrpcService(
    IOptions<SynthesisOptions> options, VoiceLoader voice, WorkerGate gate, WorkerIdentity identity, TimeProvider timeProvider)
    : SynthesisService.SynthesisServiceBase
{
    public override async Task Synthesize(
        SynthesizeRequest request, IServerStreamWriter<SynthesizeResponse> responseStream, ServerCallContext context)
    {
        var begin = timeProvider.GetTimestamp();
        var cancellationToken = context.CancellationToken;
        RequestRules.Check(request, options.Value);
        var engine = voice.Engine;
        var writer = SpeechWriter.Create(request.AudioFormat, engine.SampleRateHz);
        var requestId = request.RequestId is "" ? Guid.NewGuid().ToString("N") : request.RequestId;

        using var ticket = gate.Admit();
        var queued = await ticket.WaitAsync(cancellationToken);
        TimeSpan? firstAudio = null;
        await foreach (var block in engine.SpeakAsync(request.Text, request.HasSpeed ? request.Speed : 1, cancellationToken))
        {
            // Nothing is said before there is sound: until then a failure can be told as a status alone.
            if (firstAudio is null)
            {
                firstAudio = timeProvider.GetElapsedTime(begin);
                await responseStream.WriteAsync(new SynthesizeResponse { Started = Started(requestId, writer) }, cancellationToken);
            }

            ticket.Audio += TimeSpan.FromSeconds((double)block.Length / engine.SampleRateHz);
            foreach (var bytes in writer.Write(block))
            {
                await responseStream.WriteAsync(new SynthesizeResponse { Audio = ByteString.CopyFrom(bytes) }, cancellationToken);
            }
        }

        if (firstAudio is null)
        {
            throw MeshException.InvalidArgument("text", "The text gives no sound in this voice.");
        }

        var summary = new SynthesisSummary
        {
            RequestId = requestId,
            Attempt = Math.Max(1, request.Attempt),
            WorkerId = identity.Id,
            Model = options.Value.ModelName,
            AudioDuration = Duration.FromTimeSpan(ticket.Audio),
            Queued = Duration.FromTimeSpan(queued),
            TimeToFirstAudio = Duration.FromTimeSpan(firstAudio.Value),
            Total = Duration.FromTimeSpan(timeProvider.GetElapsedTime(begin)),
        };
        await responseStream.WriteAsync(new SynthesizeResponse { Summary = summary }, cancellationToken);
    }

    private SynthesisStarted Started(string requestId, SpeechWriter writer) => new()
    {
        RequestId = requestId,
        WorkerId = identity.Id,
        Model = options.Value.ModelName,
        Voice = options.Value.Voice,
        AudioFormat = writer.Format,
    };
}
