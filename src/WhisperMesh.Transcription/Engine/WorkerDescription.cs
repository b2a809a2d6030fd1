using System.Reflection;
using Microsoft.Extensions.Options;
using WhisperMesh.Speech.V1;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Transcription.Engine;

internal static class WorkerDescription
{
    private static readonly string[] Features = ["transcribe", "translate", "language-detection", "word-timestamps"];

    public static WorkerCapabilities Create(IServiceProvider services)
    {
        var settings = services.GetRequiredService<IOptions<TranscriptionOptions>>().Value;
        var engine = services.GetRequiredService<SpeechEngine>();
        var whisper = engine.Model;
        var model = new Model { Id = settings.ModelName, Kind = ModelKind.Transcription };
        model.Aliases.Add(settings.AllAliases());
        model.LanguageCodes.Add(whisper.Languages.Order(StringComparer.Ordinal));
        var workerModel = new WorkerModel { Model = model, IsDefault = true };
        workerModel.Features.Add(Features);
        var capabilities = new WorkerCapabilities
        {
            ConcurrentRequestLimit = settings.ConcurrentRequests,
            QueueLimit = settings.QueueLimit,
            Device = whisper.Device,
            CompressedAudio = engine.ReadsCompressedAudio,
            Version = typeof(WorkerDescription).Assembly
                .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "",
        };
        capabilities.Models.Add(workerModel);
        return capabilities;
    }

    public static string[] AllAliases(this TranscriptionOptions options) => options.Aliases ?? ["whisper-1"];
}
