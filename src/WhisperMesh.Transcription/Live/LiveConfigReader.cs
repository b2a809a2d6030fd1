using WhisperMesh.Audio;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Transcription.Models;
using WhisperMesh.Transcription.Requests;
using WhisperMesh.Whisper;
using WhisperMesh.Whisper.Live;
using Wire = WhisperMesh.Speech.V1;

namespace WhisperMesh.Transcription.Live;

/// <summary>Checks every field of a live stream's configuration; what can't be honoured is refused by name.</summary>
internal sealed class LiveConfigReader(ModelDefinitions models)
{
    public LiveJob Read(Wire.LiveConfig config)
    {
        var model = models.Get(config.Model);
        if (config.CaptionName.Length > 0)
        {
            throw MeshException.InvalidArgument("caption_name", "Captions are published by routers; this is a worker.");
        }

        var format = ReadFormat(config.AudioFormat);
        return new LiveJob(CallReader.RequestId(config.RequestId), CallReader.Attempt(config.Attempt), model.Name, format, new LiveOptions
        {
            Request = new TranscriptionRequest
            {
                Language = LanguageReader.Language(config.LanguageCode, model),
                AllowedLanguages = LanguageReader.Allowed(config.LanguageCodes, config.LanguageCode, model),
                Switching = DecodingReader.Switching(config.LanguageSwitching),
                Translate = CallReader.Translates(config.Task),
                Prompt = CallReader.Prompt(config.Prompt),
                Keywords = DecodingReader.Keywords(config.Keywords),
                Thresholds = DecodingReader.Thresholds(config.Thresholds),
            },
            Latency = ReadLatency(config.Latency),
            Endpointing = EndpointingReader.Read(config.Endpointing),
            PassesByAudio = ReadPassClock(config.PassClock),
            Resume = LiveResumeReader.Read(config.Resume, format, model),
        })
        {
            Position = config.Resume?.Checkpoint?.Position,
            OmitsTentative = config.OmitTentative,
            Warnings = LanguageReader.Warnings(config.LanguageCodes.Append(config.LanguageCode)),
        };
    }

    private static AudioFormat ReadFormat(Wire.AudioFormat? given)
    {
        var format = AudioFormatReader.Read(given)
            ?? throw MeshException.InvalidArgument("audio_format", "A live stream needs its audio_format.");
        return format.Encoding is not (AudioEncoding.Unspecified or AudioEncoding.Wav)
            ? format
            : throw MeshException.InvalidArgument(
                "audio_format.encoding", "A live stream is of headerless samples; name their encoding, such as PCM_S16LE.");
    }

    private static LiveLatency ReadLatency(Wire.LiveLatency given) => given switch
    {
        Wire.LiveLatency.Unspecified or Wire.LiveLatency.Low => LiveLatency.Low,
        Wire.LiveLatency.Minimal => LiveLatency.Minimal,
        Wire.LiveLatency.Medium => LiveLatency.Medium,
        Wire.LiveLatency.High => LiveLatency.High,
        _ => throw MeshException.InvalidArgument("latency", $"Latency {(int)given} is unknown."),
    };

    private static bool ReadPassClock(Wire.LivePassClock given) => given switch
    {
        Wire.LivePassClock.Unspecified or Wire.LivePassClock.Need => false,
        Wire.LivePassClock.Audio => true,
        _ => throw MeshException.InvalidArgument("pass_clock", $"Pass clock {(int)given} is unknown."),
    };
}
