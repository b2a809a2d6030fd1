using WhisperMesh.Speech.V1;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Tests.Fakes;

/// <summary>Leases of workers as tests need them.</summary>
internal static class Leases
{
    public static WorkerLease Transcription(
        string id, string address = "http://127.0.0.1:1", int limit = 2, bool ffmpeg = true, string model = "whisper-base",
        params string[] features) => new()
        {
            WorkerId = id,
            Address = address,
            Load = new WorkerLoad(),
            Capabilities = new WorkerCapabilities
            {
                ConcurrentRequestLimit = limit,
                QueueLimit = 4,
                CompressedAudio = ffmpeg,
                Models =
                {
                    new WorkerModel
                    {
                        Model = new Model
                        {
                            Id = model,
                            Kind = ModelKind.Transcription,
                            Aliases = { "whisper-1" },
                            LanguageCodes = { "de", "en", "ja" },
                        },
                        IsDefault = true,
                        Features = { features.Length > 0 ? features : ["transcribe", "translate", "word-timestamps", "channels", "keywords", "beam-search", "language-detection"] },
                    },
                },
            },
        };

    /// <summary>A worker that takes live streams as well.</summary>
    public static WorkerLease Live(string id, string address = "http://127.0.0.1:1") =>
        Transcription(id, address, features: ["transcribe", "translate", "word-timestamps", "channels", "keywords", "beam-search", "language-detection", "live"]);

    public static WorkerLease Synthesis(string id, string address = "http://127.0.0.1:1", bool ffmpeg = true) => new()
    {
        WorkerId = id,
        Address = address,
        Load = new WorkerLoad(),
        Capabilities = new WorkerCapabilities
        {
            ConcurrentRequestLimit = 2,
            CompressedAudio = ffmpeg,
            Models =
            {
                new WorkerModel
                {
                    Model = new Model
                    {
                        Id = "piper",
                        Kind = ModelKind.Synthesis,
                        Aliases = { "tts-1" },
                        LanguageCodes = { "en-US" },
                        Voices = { new Voice { Id = "joe", LanguageCode = "en-US", SampleRateHz = 22050 } },
                    },
                    IsDefault = true,
                    Features = { "synthesize" },
                },
            },
        },
    };
}
