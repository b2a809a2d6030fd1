using Grpc.Core;
using WhisperMesh.Audio;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Synthesis.Tests.Worker;

/// <summary>A whole reply.</summary>
internal sealed record Spoken(IReadOnlyList<SynthesizeResponse> Events)
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(3);

    public SynthesisStarted Started => Events[0].Started;

    public SynthesisSummary Summary => Events[^1].Summary;

    public byte[] Audio => [.. Events.Where(e => e.EventCase == SynthesizeResponse.EventOneofCase.Audio).SelectMany(e => e.Audio)];

    public static async Task<Spoken> ReadAsync(RunningWorker worker, SynthesizeRequest request)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var call = worker.Speech.Synthesize(request, deadline: Deadline, cancellationToken: cancellationToken);
        return new Spoken(await call.ResponseStream.ReadAllAsync(cancellationToken).ToListAsync(cancellationToken));
    }

    /// <summary>The samples of the reply, decoded to 16 kHz.</summary>
    public async Task<float[]> DecodeAsync()
    {
        using var stream = new MemoryStream(Audio);
        var format = Started.AudioFormat;
        var declared = format.Encoding == WhisperMesh.Speech.V1.AudioEncoding.PcmS16Le
            ? new WhisperMesh.Audio.AudioFormat(WhisperMesh.Audio.AudioEncoding.PcmS16Le, format.SampleRateHz, format.ChannelCount)
            : null;
        var samples = new List<float>();
        await foreach (var block in new AudioDecoder(new AudioDecoderOptions())
            .DecodeAsync(stream, declared, cancellationToken: TestContext.Current.CancellationToken))
        {
            samples.AddRange(block.Span);
        }

        return [.. samples];
    }

    public async Task<TimeSpan> DecodedDurationAsync() => TimeSpan.FromSeconds((await DecodeAsync()).Length / 16_000.0);

    private static DateTime Deadline => TimeProvider.System.GetUtcNow().UtcDateTime + Bound;
}
