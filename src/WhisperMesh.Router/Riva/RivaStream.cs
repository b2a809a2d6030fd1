using Nvidia.Riva;
using Nvidia.Riva.Asr;
using WhisperMesh.Router.Requests;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;
using TheirEncoding = Nvidia.Riva.AudioEncoding;

namespace WhisperMesh.Router.Riva;

/// <summary>What the first message of a stream asks for.</summary>
/// <param name="Config">The same for a live session.</param>
/// <param name="Interim">Whether results are wanted that may still change.</param>
/// <param name="Words">Whether words are wanted with their times.</param>
/// <param name="Id">The caller's own id, which each response carries; null: none was given.</param>
/// <param name="Warnings">What is honoured in part only.</param>
internal sealed record RivaStream(LiveConfig Config, bool Interim, bool Words, RequestId? Id, IReadOnlyList<string> Warnings)
{
    /// <summary>Where the request has its configuration.</summary>
    public const string Path = "streaming_config.config";

    /// <exception cref="MeshException">Something can't be honoured; the field has Riva's name.</exception>
    public static RivaStream Of(StreamingRecognizeRequest first, HttpContext http)
    {
        if (first.StreamingConfig is null)
        {
            throw MeshException.FailedPrecondition(ErrorReasons.ConfigMissing, "The first message must carry `streaming_config`.", "streaming_config");
        }

        var config = first.StreamingConfig.Config ?? throw MeshException.InvalidArgument(Path, "The configuration is missing.");
        RivaChecks.Check(config, Path);
        if (config.EnableSeparateRecognitionPerChannel)
        {
            throw RivaErrors.Unsupported(
                $"{Path}.enable_separate_recognition_per_channel", "Channels of a stream are not kept apart; send each as a stream of its own.");
        }

        if (!RivaChecks.AreSamples(config.Encoding))
        {
            throw config.Encoding is TheirEncoding.Flac or TheirEncoding.Oggopus
                ? RivaErrors.Unsupported($"{Path}.encoding", "Streams take LINEAR_PCM, MULAW and ALAW only.")
                : MeshException.InvalidArgument($"{Path}.encoding", "The encoding must be LINEAR_PCM, MULAW or ALAW.");
        }

        RivaChecks.Samples(config, Path);
        var live = new LiveConfig
        {
            Model = config.Model,
            LanguageCode = RivaWishes.Language(config),
            AudioFormat = RivaWishes.Samples(config),
            RequestId = RequestChecks.RequestId(first.Id?.Value ?? "", http),
            Endpointing = new Endpointing { PauseDuration = RivaWishes.Pause(config, Path) },
            OmitTentative = !first.StreamingConfig.InterimResults,
        };
        live.Keywords.AddRange(RivaWishes.Keywords(config));
        return new RivaStream(
            live, first.StreamingConfig.InterimResults, config.EnableWordTimeOffsets, first.Id, RivaWishes.Warnings(config));
    }
}
