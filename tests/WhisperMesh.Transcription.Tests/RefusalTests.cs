using System.Text;
using Grpc.Core;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Transcription.Tests;

[Collection(RunningWorker.Collection)]
public sealed class RefusalTests(RunningWorker worker)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, TranscriptionConfig> BadConfigs => new()
    {
        { "language_code", new() { LanguageCode = "xx" } },
        { "language_code", new() { LanguageCode = "en_US" } },
        { "temperature", new() { Temperature = 3 } },
        { "temperature", new() { Temperature = float.NaN } },
        { "task", new() { Task = (TranscriptionTask)9 } },
        { "request_id", new() { RequestId = "with space" } },
        { "attempt", new() { Attempt = -1 } },
        { "language_codes", new() { LanguageCodes = { "en", "xx" } } },
        { "language_codes", new() { LanguageCodes = { "" } } },
        { "language_codes", new() { LanguageCode = "en", LanguageCodes = { "fr" } } },
        { "language_codes", new() { LanguageCodes = { Enumerable.Repeat("en", 101) } } },
        { "keywords", new() { Keywords = { "<|endoftext|>" } } },
        { "keywords", new() { Keywords = { "two\nlines" } } },
        { "keywords", new() { Keywords = { " " } } },
        { "keywords", new() { Keywords = { new string('k', 65) } } },
        { "keywords", new() { Keywords = { Enumerable.Repeat("mesh", 101) } } },
        { "beam_size", new() { BeamSize = 17 } },
        { "beam_size", new() { BeamSize = -1 } },
        { "beam_size", new() { BeamSize = 2, Temperature = 0.2f } },
        { "best_of", new() { BestOf = 17 } },
        { "best_of", new() { BestOf = -1 } },
        { "request_class", new() { RequestClass = (RequestClass)9 } },
        { "channel_mode", new() { ChannelMode = (ChannelMode)9 } },
        { "thresholds.compression_ratio", new() { Thresholds = new() { CompressionRatio = 0 } } },
        { "thresholds.compression_ratio", new() { Thresholds = new() { CompressionRatio = float.PositiveInfinity } } },
        { "thresholds.log_probability", new() { Thresholds = new() { LogProbability = 0.5f } } },
        { "thresholds.log_probability", new() { Thresholds = new() { LogProbability = float.NaN } } },
        { "thresholds.no_speech", new() { Thresholds = new() { NoSpeech = 1.5f } } },
        { "audio_format.encoding", new() { AudioFormat = new() { Encoding = AudioEncoding.Mp3 } } },
        { "audio_format.encoding", new() { AudioFormat = new() { Encoding = (AudioEncoding)99 } } },
        { "audio_format.sample_rate_hz", new() { AudioFormat = new() { Encoding = AudioEncoding.PcmS16Le } } },
        {
            "audio_format.channel_count",
            new() { AudioFormat = new() { Encoding = AudioEncoding.PcmS16Le, SampleRateHz = 16_000, ChannelCount = 65 } }
        },
    };

    [Theory]
    [MemberData(nameof(BadConfigs), DisableDiscoveryEnumeration = true)]
    public async Task Config_BadField_IsNamed(string field, TranscriptionConfig config)
    {
        var error = await worker.FailAsync(Token, RunningWorker.Config(config));

        (error.StatusCode, error.Field, error.Domain).ShouldBe((StatusCode.InvalidArgument, field, "whispermesh"));
    }

    [Fact]
    public async Task Config_UnknownModel_IsNotFound()
    {
        var error = await worker.FailAsync(Token, RunningWorker.Config(new TranscriptionConfig { Model = "whisper-9" }));

        (error.StatusCode, error.Field, error.Reason).ShouldBe((StatusCode.NotFound, "model", "MODEL_NOT_FOUND"));
    }

    [Fact]
    public async Task Stream_AudioBeforeConfig_IsFailedPrecondition()
    {
        var error = await worker.FailAsync(Token, RunningWorker.Audio([1, 2]));

        (error.StatusCode, error.Field, error.Reason).ShouldBe((StatusCode.FailedPrecondition, "config", "CONFIG_MISSING"));
    }

    [Fact]
    public async Task Stream_SecondConfig_IsFailedPrecondition()
    {
        var config = RunningWorker.Config(new TranscriptionConfig());

        var error = await worker.FailAsync(Token, config, config);

        (error.StatusCode, error.Reason).ShouldBe((StatusCode.FailedPrecondition, "CONFIG_REPEATED"));
    }

    public static TheoryData<string, byte[]> BadAudio => new()
    {
        { "text", Encoding.ASCII.GetBytes("This is a text file that was renamed to .wav, nothing else.") },
        { "cut header", RunningWorker.Recording("en-sorry")[..30] },
        { "zero rate", Patched(24, [0, 0, 0, 0]) },
        { "no channels", Patched(22, [0, 0]) },
        { "200 channels", Patched(22, [200, 0]) },
    };

    [Theory]
    [MemberData(nameof(BadAudio), DisableDiscoveryEnumeration = true)]
    public async Task Audio_Unreadable_IsInvalidArgument(string what, byte[] audio)
    {
        var error = await worker.FailAsync(Token, RunningWorker.Config(new TranscriptionConfig()), RunningWorker.Audio(audio));

        (error.StatusCode, error.Field, error.Reason).ShouldBe(
            (StatusCode.InvalidArgument, "audio", "AUDIO_UNREADABLE"), $"{what}: {error.Message}");
    }

    [Fact]
    public async Task Audio_None_IsInvalidArgument()
    {
        var error = await worker.FailAsync(Token, RunningWorker.Config(new TranscriptionConfig()));

        (error.StatusCode, error.Field).ShouldBe((StatusCode.InvalidArgument, "audio"));
    }

    [Fact]
    public async Task Audio_AboveByteLimit_IsResourceExhausted()
    {
        // Raw samples, so that the decoder takes them as they come; the worker's limit is 4 MB.
        var pcm = new TranscriptionConfig
        {
            AudioFormat = new AudioFormat { Encoding = AudioEncoding.PcmF64Le, SampleRateHz = 192_000, ChannelCount = 64 },
        };
        var chunks = Enumerable.Repeat(RunningWorker.Audio(new byte[65_536]), 70);

        var error = await worker.FailAsync(Token, [RunningWorker.Config(pcm), .. chunks]);

        (error.StatusCode, error.Reason).ShouldBe((StatusCode.ResourceExhausted, "AUDIO_TOO_LARGE"));
    }

    private static byte[] Patched(int offset, byte[] bytes)
    {
        var wav = RunningWorker.Recording("en-sorry")[..60_000];
        bytes.CopyTo(wav, offset);
        return wav;
    }
}
