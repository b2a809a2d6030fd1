using WhisperMesh.ServiceDefaults.Hosting;
using WhisperMesh.Speech.V1;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Synthesis.Worker;

internal static class Capabilities
{
    public static WorkerCapabilities Create(SynthesisOptions options, VoiceLoader voice)
    {
        var model = new Model { Id = options.ModelName, Kind = ModelKind.Synthesis, Revision = voice.Revision };
        model.Aliases.Add(options.Aliases);
        model.LanguageCodes.Add(options.LanguageCode);
        model.Voices.Add(options.VoiceAliases.Prepend(options.Voice).Select(id => new Voice
        {
            Id = id,
            LanguageCode = options.LanguageCode,
            SampleRateHz = voice.Engine.SampleRateHz,
            Description = id == options.Voice ? options.VoiceDescription : $"Another name of {options.Voice}.",
        }));
        return new WorkerCapabilities
        {
            Models = { new WorkerModel { Model = model, IsDefault = true, Features = { "synthesize" } } },
            ConcurrentRequestLimit = options.ConcurrentRequests,
            QueueLimit = options.QueueLimit,
            Device = "cpu",
            CompressedAudio = voice.HasFfmpeg,
            Version = ProgramVersion.Of(typeof(Capabilities)),
        };
    }
}
