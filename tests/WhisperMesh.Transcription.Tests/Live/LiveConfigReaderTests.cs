using WhisperMesh.Audio;
using WhisperMesh.Speech.V1;
using WhisperMesh.Whisper;
using WhisperMesh.Whisper.Live;
using EngineLatency = WhisperMesh.Whisper.Live.LiveLatency;
using EngineWord = WhisperMesh.Whisper.Live.LiveWord;
using LiveLatency = WhisperMesh.Speech.V1.LiveLatency;

namespace WhisperMesh.Transcription.Tests.Live;

[Collection(RunningWorker.Collection)]
public sealed class LiveConfigReaderTests(RunningWorker worker)
{
    [Fact]
    public void Read_EveryField_ReachesTheEngine()
    {
        var config = new LiveConfig
        {
            LanguageCodes = { "en", "pt-BR" },
            LanguageSwitching = new() { WindowCount = 3, Probability = 0.75f },
            Task = TranscriptionTask.Translate,
            Prompt = "Before.",
            Keywords = { "WhisperMesh" },
            AudioFormat = new() { Encoding = Speech.V1.AudioEncoding.Mulaw, SampleRateHz = 8_000, ChannelCount = 2 },
            RequestId = "r-1",
            Attempt = 3,
            Latency = LiveLatency.High,
            Endpointing = new()
            {
                Threshold = 0.25f,
                PauseDuration = new() { Nanos = 100_000_000 },
                PrefixPadding = new(),
                MaximumUtteranceDuration = new() { Seconds = 60 },
                Manual = true,
            },
            PassClock = LivePassClock.Audio,
            OmitTentative = true,
            Thresholds = new() { CompressionRatio = 2, LogProbability = -0.5f, NoSpeech = 0.25f },
        };

        var job = worker.LiveConfigReader.Read(config);

        (job.RequestId, job.Attempt, job.Model, job.OmitsTentative).ShouldBe(("r-1", 3, "whisper-base", true));
        job.Format.ShouldBe(new Audio.AudioFormat(Audio.AudioEncoding.MuLaw, 8_000, 2));
        job.Options.ShouldBe(new LiveOptions
        {
            Request = new TranscriptionRequest
            {
                AllowedLanguages = job.Options.Request.AllowedLanguages,
                Keywords = job.Options.Request.Keywords,
                Switching = new() { Windows = 3, Probability = 0.75f },
                Translate = true,
                Prompt = "Before.",
                Thresholds = new() { CompressionRatio = 2, LogProbability = -0.5f, NoSpeech = 0.25f },
            },
            Latency = EngineLatency.High,
            Endpointing = new()
            {
                Threshold = 0.25f,
                Pause = TimeSpan.FromSeconds(0.1),
                Prefix = TimeSpan.Zero,
                MaximumUtterance = TimeSpan.FromSeconds(60),
                Manual = true,
            },
            PassesByAudio = true,
        });
        job.Options.Request.AllowedLanguages.ShouldBe(["en", "pt"]);
        job.Options.Request.Keywords.ShouldBe(["WhisperMesh"]);
        job.Warnings.ShouldBe(["The language 'pt-BR' is heard as 'pt': the model knows no regions."]);
    }

    [Fact]
    public void Read_NothingSet_GivesTheEnginesDefaults()
    {
        var job = worker.LiveConfigReader.Read(LiveCall.Config());

        var defaults = new LiveOptions();
        (job.Options.Latency, job.Options.Endpointing, job.Options.Resume).ShouldBe((defaults.Latency, defaults.Endpointing, null));
        (job.Attempt, job.OmitsTentative, job.Position).ShouldBe((1, false, null));
    }

    [Fact]
    public void Read_Resume_ReachesTheEngineToTheSample()
    {
        var config = LiveCall.Config();
        config.AudioFormat.SampleRateHz = 24_000;
        config.Resume = new()
        {
            Checkpoint = new()
            {
                Position = 72_000,
                Offset = new() { Seconds = 1, Nanos = 500_000_000 },
                UtteranceCount = 2,
                Context = "So far.",
                LanguageCode = "en",
                SpeechDuration = new() { Seconds = 1 },
            },
            Words = { new Speech.V1.LiveWord { Text = " Hi", StartOffset = new() { Seconds = 2 }, WordDuration = new() { Nanos = 250_000_000 }, Confidence = 0.5f } },
        };

        var job = worker.LiveConfigReader.Read(config);

        var resume = job.Options.Resume.ShouldNotBeNull();
        resume.Checkpoint.ShouldBe(new(24_000, 2, "So far.", "en", TimeSpan.FromSeconds(1)));
        resume.Words.ShouldBe([new EngineWord(" Hi", TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(0.25), 0.5f)]);
        // Without the milliseconds before it, as a router names a place in silence.
        job.Position.ShouldBe(72_000);
        new RawSampleReader(job.Format, 24_000, job.Position).Position.ShouldBe(72_000);
    }
}
