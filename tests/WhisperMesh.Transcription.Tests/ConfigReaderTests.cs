using WhisperMesh.Speech.V1;
using WhisperMesh.Whisper;
using EngineClass = WhisperMesh.Whisper.RequestClass;
using RequestClass = WhisperMesh.Speech.V1.RequestClass;

namespace WhisperMesh.Transcription.Tests;

[Collection(RunningWorker.Collection)]
public sealed class ConfigReaderTests(RunningWorker worker)
{
    [Fact]
    public void Read_EveryField_ReachesTheEngine()
    {
        var job = worker.ConfigReader.Read(new TranscriptionConfig
        {
            LanguageCodes = { "en", "pt-BR", "pt" },
            Task = TranscriptionTask.Translate,
            Prompt = "Before.",
            Keywords = { "WhisperMesh", "Ana Souza" },
            CarryContext = true,
            BeamSize = 5,
            BestOf = 3,
            RequestClass = RequestClass.Bulk,
            ChannelMode = ChannelMode.Separate,
            Thresholds = new() { CompressionRatio = 2, LogProbability = -0.5f, NoSpeech = 0.25f },
            LanguageSwitching = new() { WindowCount = 3, Probability = 0.75f },
            Seed = -7,
            WordTimestamps = true,
            TokenDetails = true,
            VoiceActivity = new() { Threshold = 0.25f, SilenceDuration = new() { Seconds = 10 }, PrefixPadding = new() { Nanos = 250_000_000 } },
        });

        (job.SeparateChannels, job.TokenDetails).ShouldBe((true, true));
        job.Request.AllowedLanguages.ShouldBe(["en", "pt"]);
        job.Request.Keywords.ShouldBe(["WhisperMesh", "Ana Souza"]);
        job.Request.ShouldBe(new TranscriptionRequest
        {
            AllowedLanguages = job.Request.AllowedLanguages,
            Keywords = job.Request.Keywords,
            Translate = true,
            Prompt = "Before.",
            CarryContext = true,
            BeamSize = 5,
            BestOf = 3,
            Class = EngineClass.Bulk,
            Switching = new() { Windows = 3, Probability = 0.75f },
            Thresholds = new() { CompressionRatio = 2, LogProbability = -0.5f, NoSpeech = 0.25f },
            Seed = -7,
            WordTimestamps = true,
            Speech = new() { Threshold = 0.25f, Silence = TimeSpan.FromSeconds(10), Prefix = TimeSpan.FromMilliseconds(250) },
        });
        job.Warnings.ShouldBe(["The language 'pt-BR' is heard as 'pt': the model knows no regions."]);
    }

    [Fact]
    public void Read_NothingSet_GivesTheEnginesDefaults()
    {
        var job = worker.ConfigReader.Read(new TranscriptionConfig { Thresholds = new() { NoSpeech = 0 } });

        var defaults = new TranscriptionRequest();
        (job.SeparateChannels, job.TokenDetails).ShouldBe((false, false));
        job.Request.ShouldBe(defaults with
        {
            AllowedLanguages = job.Request.AllowedLanguages,
            Keywords = job.Request.Keywords,
            Thresholds = defaults.Thresholds with { NoSpeech = 0 },
        });
    }

    [Theory]
    [InlineData(RequestClass.Unspecified, EngineClass.Interactive)]
    [InlineData(RequestClass.Live, EngineClass.Live)]
    [InlineData(RequestClass.Interactive, EngineClass.Interactive)]
    [InlineData(RequestClass.Bulk, EngineClass.Bulk)]
    public void Read_RequestClass_IsTheEngines(RequestClass given, EngineClass expected) =>
        worker.ConfigReader.Read(new TranscriptionConfig { RequestClass = given }).Request.Class.ShouldBe(expected);
}
