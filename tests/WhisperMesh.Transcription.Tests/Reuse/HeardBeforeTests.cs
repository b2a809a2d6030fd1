using WhisperMesh.Speech.V1;

namespace WhisperMesh.Transcription.Tests.Reuse;

/// <summary>The same audio in another form finds its result again, for the same scope only.</summary>
[Collection(RunningWorker.Collection)]
public sealed class HeardBeforeTests(RunningWorker worker)
{
    private const int WavHeaderBytes = 44;

    private readonly string _scope = Guid.NewGuid().ToString("N");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StreamTranscribe_SameAudioWithoutItsHeader_GivesTheResultAgain()
    {
        var first = await TranscribeAsync(new TranscriptionConfig { CacheScope = _scope, RequestId = "one" });
        var second = await TranscribeAsync(Raw(new TranscriptionConfig { CacheScope = _scope, RequestId = "two" }), raw: true);

        (first[^1].Summary.Reused, second[^1].Summary.Reused).ShouldBe((false, true));
        Segments(second).ShouldBe(Segments(first));
        Segments(first).ShouldNotBeEmpty();
        var (one, two) = (first[^1].Summary, second[^1].Summary);
        (two.RequestId, two.WorkerId, two.Model, two.ChannelCount).ShouldBe(("two", one.WorkerId, one.Model, 1));
        (two.AudioDuration, two.SpeechDuration, two.LanguageCode).ShouldBe((one.AudioDuration, one.SpeechDuration, one.LanguageCode));
        two.Timings.Decoding.ShouldBeNull();
        second[0].Started.RequestId.ShouldBe("two");
        second[^2].Progress.AudioProcessed.ShouldBe(two.AudioDuration);
    }

    [Fact]
    public async Task StreamTranscribe_OtherScopeOrParametersOrNone_IsHeardAnew()
    {
        await TranscribeAsync(new TranscriptionConfig { CacheScope = _scope });
        TranscriptionConfig[] others =
        [
            new() { CacheScope = _scope + "2" },
            new(),
            new() { CacheScope = _scope, LanguageCode = "en" },
            new() { CacheScope = _scope, WordTimestamps = true },
        ];

        foreach (var other in others)
        {
            (await TranscribeAsync(other))[^1].Summary.Reused.ShouldBeFalse(other.ToString());
        }

        (await TranscribeAsync(new TranscriptionConfig { CacheScope = _scope, RequestClass = RequestClass.Bulk }))[^1].Summary.Reused.ShouldBeTrue();
    }

    [Fact]
    public async Task StreamTranscribe_WordTimestamps_ChangeNoText()
    {
        var without = await TranscribeAsync(new TranscriptionConfig());
        var with = await TranscribeAsync(new TranscriptionConfig { WordTimestamps = true, TokenDetails = true });

        // What lets one stored result serve requests with words and without.
        Segments(with).Select(segment => segment.Text).ShouldBe(Segments(without).Select(segment => segment.Text));
        Segments(with).Select(segment => segment.Tokens).ShouldBe(Segments(without).Select(segment => segment.Tokens));
    }

    [Fact]
    public async Task GetCapabilities_Models_HaveTheRevisionOfTheirFiles()
    {
        var answer = await worker.WorkerClient.GetCapabilitiesAsync(new(), cancellationToken: Token);

        answer.Capabilities.Models.ShouldAllBe(model => model.Model.Revision.Length == 32);
    }

    private Task<List<StreamTranscribeResponse>> TranscribeAsync(TranscriptionConfig config, bool raw = false)
    {
        var recording = RunningWorker.Recording("en-sorry");
        return worker.TranscribeAsync(config, raw ? recording[WavHeaderBytes..] : recording, Token);
    }

    private static TranscriptionConfig Raw(TranscriptionConfig config)
    {
        var header = RunningWorker.Recording("en-sorry").AsSpan(0, WavHeaderBytes);
        config.AudioFormat = new AudioFormat
        {
            Encoding = AudioEncoding.PcmS16Le,
            SampleRateHz = BitConverter.ToInt32(header[24..]),
            ChannelCount = 1,
        };
        return config;
    }

    private static List<TranscriptSegment> Segments(List<StreamTranscribeResponse> events) =>
        [.. events.Select(message => message.Segment).OfType<TranscriptSegment>()];
}
