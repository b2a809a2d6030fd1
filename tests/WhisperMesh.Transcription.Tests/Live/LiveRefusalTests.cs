using Grpc.Core;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Transcription.Tests.Live;

[Collection(RunningWorker.Collection)]
public sealed class LiveRefusalTests(RunningWorker worker)
{
    public static TheoryData<string, Action<LiveConfig>> BadConfigs => new()
    {
        { "language_code", config => config.LanguageCode = "xx" },
        { "language_codes", config => config.LanguageCodes.Add("en") },
        { "language_switching.window_count", config => config.LanguageSwitching = new() { WindowCount = 99 } },
        { "task", config => config.Task = (TranscriptionTask)9 },
        { "keywords", config => config.Keywords.Add("two\nlines") },
        { "audio_format", config => config.AudioFormat = null },
        { "audio_format.encoding", config => config.AudioFormat.Encoding = AudioEncoding.Wav },
        { "audio_format.encoding", config => config.AudioFormat.Encoding = AudioEncoding.Unspecified },
        { "audio_format.encoding", config => config.AudioFormat.Encoding = AudioEncoding.Opus },
        { "audio_format.sample_rate_hz", config => config.AudioFormat.SampleRateHz = 0 },
        { "audio_format.channel_count", config => config.AudioFormat.ChannelCount = 65 },
        { "request_id", config => config.RequestId = "with space" },
        { "attempt", config => config.Attempt = -1 },
        { "latency", config => config.Latency = (LiveLatency)9 },
        { "pass_clock", config => config.PassClock = (LivePassClock)9 },
        { "endpointing.threshold", config => config.Endpointing = new() { Threshold = 1.5f } },
        { "endpointing.threshold", config => config.Endpointing = new() { Threshold = float.NaN } },
        { "endpointing.pause_duration", config => config.Endpointing = new() { PauseDuration = new() { Nanos = 99_000_000 } } },
        { "endpointing.prefix_padding", config => config.Endpointing = new() { PrefixPadding = new() { Seconds = 2, Nanos = 1 } } },
        { "endpointing.maximum_utterance_duration", config => config.Endpointing = new() { MaximumUtteranceDuration = new() { Seconds = 61 } } },
        { "thresholds.no_speech", config => config.Thresholds = new() { NoSpeech = 2 } },
        { "caption_name", config => config.CaptionName = "hall-1" },
        { "resume.token", config => config.Resume = new() { Token = "t" } },
        { "resume.last_event_number", config => config.Resume = new() { LastEventNumber = 7 } },
        { "resume.words", config => config.Resume = new() { Words = { Enumerable.Repeat(new LiveWord { Text = " a" }, 2001) } } },
        { "resume.words.text", config => config.Resume = new() { Words = { new LiveWord() } } },
        { "resume.words.confidence", config => config.Resume = new() { Words = { new LiveWord { Text = " a", Confidence = 2 } } } },
        { "resume.checkpoint.offset", config => config.Resume = At(0, new() { Seconds = -1 }) },
        { "resume.checkpoint.offset", config => config.Resume = At(0, new() { Nanos = 62_600 }) },
        { "resume.checkpoint.position", config => config.Resume = At(31_998, new() { Seconds = 1 }) },
        { "resume.checkpoint.context", config => config.Resume = At(0, new(), checkpoint => checkpoint.Context = new string('a', 4097)) },
        { "resume.checkpoint.language_code", config => config.Resume = At(0, new(), checkpoint => checkpoint.LanguageCode = "xx") },
        { "resume.checkpoint.doubted_language_code", config => config.Resume = At(0, new(), checkpoint => Doubt(checkpoint, "en", "xx", 1)) },
        { "resume.checkpoint.doubted_language_code", config => config.Resume = At(0, new(), checkpoint => Doubt(checkpoint, "", "es", 1)) },
        { "resume.checkpoint.doubted_utterance_count", config => config.Resume = At(0, new(), checkpoint => Doubt(checkpoint, "en", "es", 0)) },
        { "resume.checkpoint.doubted_utterance_count", config => config.Resume = At(0, new(), checkpoint => Doubt(checkpoint, "en", "", 1)) },
        { "resume.checkpoint.utterance_count", config => config.Resume = At(0, new(), checkpoint => checkpoint.UtteranceCount = -1) },
    };

    [Theory]
    [MemberData(nameof(BadConfigs), DisableDiscoveryEnumeration = true)]
    public async Task Config_BadField_IsNamed(string field, Action<LiveConfig> spoil)
    {
        var config = LiveCall.Config();
        spoil(config);

        var error = await LiveCall.FailAsync(worker, new StreamLiveRequest { Config = config });

        (error.StatusCode, error.Field, error.Domain).ShouldBe((StatusCode.InvalidArgument, field, "whispermesh"));
    }

    [Fact]
    public async Task Config_UnknownModel_IsNotFound()
    {
        var config = LiveCall.Config();
        config.Model = "whisper-9";

        var error = await LiveCall.FailAsync(worker, new StreamLiveRequest { Config = config });

        (error.StatusCode, error.Field, error.Reason).ShouldBe((StatusCode.NotFound, "model", "MODEL_NOT_FOUND"));
    }

    [Fact]
    public async Task Stream_AudioBeforeConfig_IsFailedPrecondition()
    {
        var error = await LiveCall.FailAsync(worker, LiveCall.Audio([1, 2]));

        (error.StatusCode, error.Reason).ShouldBe((StatusCode.FailedPrecondition, "CONFIG_MISSING"));
    }

    [Fact]
    public async Task Stream_Empty_IsInvalidArgument()
    {
        var error = await LiveCall.FailAsync(worker);

        (error.StatusCode, error.Field).ShouldBe((StatusCode.InvalidArgument, "config"));
    }

    [Fact]
    public async Task Stream_SecondConfig_IsFailedPrecondition()
    {
        var config = new StreamLiveRequest { Config = LiveCall.Config() };

        var error = await LiveCall.FailAsync(worker, config, config);

        (error.StatusCode, error.Reason).ShouldBe((StatusCode.FailedPrecondition, "CONFIG_REPEATED"));
    }

    [Fact]
    public async Task Audio_LeavingAGap_IsRefused()
    {
        var error = await LiveCall.FailAsync(
            worker, new StreamLiveRequest { Config = LiveCall.Config() }, LiveCall.Audio(new byte[640]), LiveCall.Audio(new byte[640], position: 642));

        (error.StatusCode, error.Field).ShouldBe((StatusCode.InvalidArgument, "audio.position"));
        error.Message.ShouldContain("640");
    }

    [Fact]
    public async Task Audio_TooLargeAMessage_IsRefused()
    {
        var error = await LiveCall.FailAsync(worker, new StreamLiveRequest { Config = LiveCall.Config() }, LiveCall.Audio(new byte[65_537]));

        (error.StatusCode, error.Field).ShouldBe((StatusCode.InvalidArgument, "audio.data"));
    }

    [Fact]
    public async Task Message_Empty_IsRefused()
    {
        var error = await LiveCall.FailAsync(worker, new StreamLiveRequest { Config = LiveCall.Config() }, new StreamLiveRequest());

        (error.StatusCode, error.Field).ShouldBe((StatusCode.InvalidArgument, "audio"));
    }

    private static void Doubt(LiveCheckpoint checkpoint, string held, string doubted, int utterances) =>
        (checkpoint.LanguageCode, checkpoint.DoubtedLanguageCode, checkpoint.DoubtedUtteranceCount) = (held, doubted, utterances);

    private static LiveResume At(
        long position, Google.Protobuf.WellKnownTypes.Duration offset, Action<LiveCheckpoint>? spoil = null)
    {
        var checkpoint = new LiveCheckpoint { Position = position, Offset = offset };
        spoil?.Invoke(checkpoint);
        return new LiveResume { Checkpoint = checkpoint };
    }
}
