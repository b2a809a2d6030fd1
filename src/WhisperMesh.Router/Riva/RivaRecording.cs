using Nvidia.Riva.Asr;
using WhisperMesh.Router.Requests;
using WhisperMesh.Router.Transcriptions;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Riva;

/// <summary>What a request for one recording asks for.</summary>
internal static class RivaRecording
{
    /// <summary>Where the request has its configuration.</summary>
    public const string Path = "config";

    /// <exception cref="MeshException">Something can't be honoured; the field has Riva's name.</exception>
    public static TranscriptionConfig Read(RecognizeRequest request, RouterOptions options, HttpContext http)
    {
        var config = request.Config ?? throw MeshException.InvalidArgument(Path, "The configuration is missing.");
        RivaChecks.Check(config, Path);
        var pause = RivaWishes.Pause(config, Path);
        var result = new TranscriptionConfig
        {
            Model = config.Model,
            LanguageCode = RivaWishes.Language(config),
            RequestId = RequestChecks.RequestId(request.Id?.Value ?? "", http),
            WordTimestamps = config.EnableWordTimeOffsets,
            ChannelMode = config.EnableSeparateRecognitionPerChannel ? ChannelMode.Separate : ChannelMode.Unspecified,
            VoiceActivity = pause is null ? null : new VoiceActivity { SilenceDuration = pause },
            AudioFormat = IsFile(request) ? null : SamplesOf(config),
        };
        result.Keywords.AddRange(RivaWishes.Keywords(config));
        TranscriptionChecks.Check(result, options);
        return result;
    }

    /// <summary>Whether the audio says itself what it is: Riva's clients send WAV files as LINEAR_PCM, header and all.</summary>
    public static bool IsFile(RecognizeRequest request) => !RivaChecks.AreSamples(request.Config.Encoding) || IsWav(request);

    public static bool IsWav(RecognizeRequest request) => AudioSniffer.IsWav(request.Audio.Span[..Math.Min(12, request.Audio.Length)]);

    private static AudioFormat SamplesOf(RecognitionConfig config)
    {
        RivaChecks.Samples(config, Path);
        return RivaWishes.Samples(config);
    }
}
