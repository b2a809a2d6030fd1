using Microsoft.Extensions.Options;
using WhisperMesh.ServiceDefaults.Hosting;
using WhisperMesh.Speech.V1;
using WhisperMesh.Transcription.Models;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Transcription.Engine;

internal static class WorkerDescription
{
    private static readonly string[] Features =
        ["transcribe", "translate", "language-detection", "word-timestamps", "channels", "keywords", "beam-search", "live"];

    /// <summary>Version of the worker's program.</summary>
    public static string Version { get; } = ProgramVersion.Of(typeof(WorkerDescription));

    public static WorkerCapabilities Create(IServiceProvider services)
    {
        var settings = services.GetRequiredService<IOptions<TranscriptionOptions>>().Value;
        var engine = services.GetRequiredService<SpeechEngine>();
        var capabilities = new WorkerCapabilities
        {
            ConcurrentRequestLimit = settings.ConcurrentRequests,
            QueueLimit = settings.QueueLimit,
            LiveStreamLimit = settings.LiveStreams,
            Device = engine.Device,
            CompressedAudio = engine.ReadsCompressedAudio,
            Version = Version,
        };
        capabilities.Models.Add(engine.Models.Definitions.All.Select(model => Describe(model, engine.Revisions[model.Name])));
        return capabilities;
    }

    private static WorkerModel Describe(ModelDefinition definition, string revision)
    {
        var model = new Model { Id = definition.Name, Kind = ModelKind.Transcription, Revision = revision };
        model.Aliases.Add(definition.Aliases);
        model.LanguageCodes.Add(definition.Languages.Order(StringComparer.Ordinal));
        var workerModel = new WorkerModel { Model = model, IsDefault = definition.IsDefault };
        workerModel.Features.Add(Features);
        return workerModel;
    }
}
