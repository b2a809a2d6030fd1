using Google.Protobuf;
using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Speech;
using WhisperMesh.Speech.V1;
using ProtoDuration = Google.Protobuf.WellKnownTypes.Duration;

namespace WhisperMesh.Router.Upstreams;

/// <summary>One answer of an upstream that speaks.</summary>
internal sealed class UpstreamSpeech(UpstreamTask task, SynthesizeRequest request, SpeechFormat output, string voice)
{
    private const int ChunkBytes = 64 * 1024;

    // The voice that such APIs have in their examples.
    private const string StandardVoice = "alloy";

    private readonly byte[] _chunk = new byte[ChunkBytes];

    public static SpeechFormat FormatOf(UpstreamTask task, AudioFormat? asked)
    {
        var encoding = asked?.Encoding is null or AudioEncoding.Unspecified ? AudioEncoding.Wav : asked.Encoding;
        var rate = asked?.SampleRateHz ?? 0;

        // What it makes is passed on as it is; of its formats only pcm has a rate that is known before.
        return SpeechFormat.All.Values.FirstOrDefault(known => known.Encoding == encoding) is { } format
            && (rate == 0 || (encoding == AudioEncoding.PcmS16Le && rate == task.Model.PcmSampleRateHz))
                ? format
                : throw UpstreamErrors.Unsuited(
                    $"The upstream '{task.Upstream.Name}' does not speak {encoding} at {rate} Hz.", "audio_format.sample_rate_hz");
    }

    /// <summary>The voice asked for, where it has it, and else its first; any name where the configuration lists none.</summary>
    public static string VoiceOf(UpstreamTask task, string asked)
    {
        var known = task.Model.Voices;
        return known.Contains(asked) || (known.Count == 0 && asked.Length > 0) ? asked : known.Count > 0 ? known[0] : StandardVoice;
    }

    public async Task RelayAsync(
        Stream body, IRelaySink<SynthesizeResponse> sink, Func<TimeSpan> elapsed, CancellationToken cancellationToken)
    {
        var meter = new SpeechMeter(output.Encoding, task.Model.PcmSampleRateHz);
        var first = TimeSpan.Zero;
        while (await ReadAsync(body, meter.Bytes == 0, cancellationToken) is > 0 and var count)
        {
            if (meter.Bytes == 0)
            {
                first = elapsed();
                await sink.AcceptAsync(new() { Started = Started(meter.SampleRateOf(_chunk.AsSpan(0, count))) }, cancellationToken);
            }

            meter.Add(count);
            await sink.AcceptAsync(new() { Audio = ByteString.CopyFrom(_chunk, 0, count) }, cancellationToken);
        }

        if (meter.Bytes == 0)
        {
            throw UpstreamErrors.Died(task.Upstream, "answered with no audio");
        }

        await sink.AcceptAsync(new() { Summary = Summary(meter, first, elapsed()) }, cancellationToken);
    }

    // The first piece must hold a whole header; after it, audio goes on as soon as it is there.
    private ValueTask<int> ReadAsync(Stream body, bool isFirst, CancellationToken cancellationToken) => isFirst
        ? body.ReadAtLeastAsync(_chunk, SpeechMeter.HeaderBytes, throwOnEndOfStream: false, cancellationToken)
        : body.ReadAsync(_chunk, cancellationToken);

    private SynthesisStarted Started(int sampleRateHz) => new()
    {
        RequestId = request.RequestId,
        WorkerId = UpstreamId.Of(task.Upstream.Name),
        Model = request.Model,
        Voice = voice,
        AudioFormat = new AudioFormat { Encoding = output.Encoding, SampleRateHz = sampleRateHz, ChannelCount = 1 },
    };

    private SynthesisSummary Summary(SpeechMeter meter, TimeSpan first, TimeSpan total) => new()
    {
        RequestId = request.RequestId,
        Attempt = request.Attempt,
        WorkerId = UpstreamId.Of(task.Upstream.Name),
        Model = request.Model,
        AudioDuration = ProtoDuration.FromTimeSpan(meter.Duration),
        TimeToFirstAudio = ProtoDuration.FromTimeSpan(first),
        Total = ProtoDuration.FromTimeSpan(total),
        CharacterCount = request.Text.EnumerateRunes().Count(),
    };
}
