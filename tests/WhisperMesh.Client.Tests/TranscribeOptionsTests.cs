using WhisperMesh.Speech.V1;

namespace WhisperMesh.Client.Tests;

public sealed class TranscribeOptionsTests
{
    // Three options make up one field of the contract.
    private const int ThresholdsBeyondTheFirst = 2;

    [Fact]
    public void ToConfig_Everything_IsInTheContract()
    {
        var format = new AudioFormat { Encoding = AudioEncoding.PcmS16Le, SampleRateHz = 16_000, ChannelCount = 2 };

        var config = new TranscribeOptions
        {
            Model = "m",
            Language = "pt-BR",
            Languages = ["en", "fr"],
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
            Task = TranscriptionTask.Translate,
            Prompt = "Before.",
            Keywords = { "WhisperMesh", "Ana Souza" },
            CarryContext = true,
            Temperature = 0.5f,
            BeamSize = 5,
            BestOf = 3,
            Thresholds = new() { CompressionRatio = 2, LogProbability = -0.5f, NoSpeech = 0 },
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
        // The router counts the attempts.
        var fields = TranscriptionConfig.Descriptor.Fields.InDeclarationOrder().Select(field => field.Name).Except(["attempt"]);

        // A field that the contract gains shows here until an option is added for it.
        fields.Count().ShouldBe(typeof(TranscribeOptions).GetProperties().Length - ThresholdsBeyondTheFirst);
    }

    [Fact]
    public void ToConfig_Nothing_IsTheDefaults() =>
        new TranscribeOptions().ToConfig().ShouldBe(new TranscriptionConfig { Task = TranscriptionTask.Transcribe });
}
