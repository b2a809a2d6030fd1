using WhisperMesh.Speech.V1;

namespace WhisperMesh.Client.Tests;

public sealed class TranscribeOptionsTests
{
    // Three options make up the thresholds, three what counts as voice, and two the switching of languages.
    private const int PartsBeyondTheFirst = 5;

    // The router's own business with its workers.
    private static readonly string[] RoutersOwn = ["attempt", "resume_offset", "cache_scope"];

    [Fact]
    public void ToConfig_Everything_IsInTheContract()
    {
        var format = new AudioFormat { Encoding = AudioEncoding.PcmS16Le, SampleRateHz = 16_000, ChannelCount = 2 };

        var config = new TranscribeOptions
        {
            Model = "m",
            Language = "pt-BR",
            Languages = ["en", "fr"],
            LanguageSwitchWindows = 3,
            LanguageSwitchProbability = 0.75f,
            Translate = true,
            Prompt = "Before.",
            Keywords = ["WhisperMesh", "Ana Souza"],
            CarryContext = true,
            Temperature = 0.5f,
            BeamSize = 5,
            BestOf = 3,
            CompressionRatioThreshold = 2,
            LogProbabilityThreshold = -0.5f,
            NoSpeechThreshold = 0,
            SpeechThreshold = 0.25f,
            SilenceDuration = TimeSpan.FromSeconds(0.5),
            PrefixPadding = TimeSpan.FromSeconds(0.25),
            Seed = -7,
            Class = RequestClass.Bulk,
            SeparateChannels = true,
            WordTimestamps = true,
            TokenDetails = true,
            AudioFormat = format,
            RequestId = "r1",
        }.ToConfig();

        config.ShouldBe(new TranscriptionConfig
        {
            Model = "m",
            LanguageCode = "pt-BR",
            LanguageCodes = { "en", "fr" },
            LanguageSwitching = new() { WindowCount = 3, Probability = 0.75f },
            Task = TranscriptionTask.Translate,
            Prompt = "Before.",
            Keywords = { "WhisperMesh", "Ana Souza" },
            CarryContext = true,
            Temperature = 0.5f,
            BeamSize = 5,
            BestOf = 3,
            Thresholds = new() { CompressionRatio = 2, LogProbability = -0.5f, NoSpeech = 0 },
            VoiceActivity = new()
            {
                Threshold = 0.25f,
                SilenceDuration = new() { Nanos = 500_000_000 },
                PrefixPadding = new() { Nanos = 250_000_000 },
            },
            Seed = -7,
            RequestClass = RequestClass.Bulk,
            ChannelMode = ChannelMode.Separate,
            WordTimestamps = true,
            TokenDetails = true,
            AudioFormat = format,
            RequestId = "r1",
        });
    }

    [Fact]
    public void ToConfig_EveryFieldOfTheContract_HasAnOption()
    {
        var fields = TranscriptionConfig.Descriptor.Fields.InDeclarationOrder().Select(field => field.Name).Except(RoutersOwn);

        // A field that the contract gains shows here until an option is added for it.
        fields.Count().ShouldBe(typeof(TranscribeOptions).GetProperties().Length - PartsBeyondTheFirst);
    }

    [Fact]
    public void ToConfig_Nothing_IsTheDefaults() =>
        new TranscribeOptions().ToConfig().ShouldBe(new TranscriptionConfig { Task = TranscriptionTask.Transcribe });
}
