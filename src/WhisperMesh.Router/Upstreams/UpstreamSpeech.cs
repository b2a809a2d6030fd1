using Google.Protobuf;
using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Speech;
using WhisperMesh.Speech.V1;
using ProtoDuration = Google.Protobuf.WellKnownTypes.Duration;

namespace WhisperMesh.Router.Upstreams;

    /// <summary>One answer of an upstream that speaks.</summary>
    internal sealed class UpstreamSpeech(UpstreamTask task, SynthesizeRequest request, SpeechFormat output, UpstreamVoice voice)
    {
        private const int ChunkBytes = 64 * 1024;

    private readonly byte[] _chunk = new byte[ChunkBytes];

        public static SpeechFormat FormatOf(UpstreamTask task, AudioFormat? asked)
        {
            var encoding = asked?.Encoding is null or AudioEncoding.Unspecified ? AudioEncoding.Wav : asked.Encoding;
            var format = SpeechFormat.All.Values.First(known => known.Encoding == encoding);
            var rate = asked?.SampleRateHz ?? 0;

            // What it makes is passed on as it is; of its formats only pcm has a rate that is known before.
            return rate == 0 || (encoding == AudioEncoding.PcmS16Le && rate == task.Model.PcmSampleRateHz)
                ? format
                : throw UpstreamErrors.Unsuited(
                    $"The upstream '{task.Upstream.Name}' does not speak {format.Name} at {rate} Hz.", "audio_format.sample_rate_hz");
        }

        public static UpstreamVoice VoiceOf(UpstreamTask task, string asked)
        {
            var known = task.Model.Voices;
            return known.Count == 0 || known.Contains(asked)
                ? new(asked.Length > 0 ? asked : UpstreamVoice.Standard, null)
                : new(known[0], asked.Length == 0 ? null : $"The upstream '{task.Upstream.Name}' has no voice '{asked}': '{known[0]}' spoke.");
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

            var summary = new SynthesisSummary
            {
                RequestId = request.RequestId,
                Attempt = request.Attempt,
                WorkerId = UpstreamId.Of(task.Upstream.Name),
                Model = request.Model,
                AudioDuration = ProtoDuration.FromTimeSpan(meter.Duration),
                TimeToFirstAudio = ProtoDuration.FromTimeSpan(first),
                Total = ProtoDuration.FromTimeSpan(elapsed()),
                CharacterCount = request.Text.EnumerateRunes().Count(),
                Route = Notes(),
            };
            await sink.AcceptAsync(new() { Summary = summary }, cancellationToken);
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
            Voice = voice.Id,
            AudioFormat = new AudioFormat { Encoding = output.Encoding, SampleRateHz = sampleRateHz, ChannelCount = 1 },
            Route = Notes(),
        };

        private RouteTaken Notes() => voice.Note is { } note ? new() { Notes = { note } } : new();
    }

/// <summary>A voice there, and what to say of it when it is another than was asked for.</summary>
internal sealed record UpstreamVoice(string Id, string? Note)
{
    /// <summary>The voice that such APIs have in their examples.</summary>
    public const string Standard = "alloy";
}
