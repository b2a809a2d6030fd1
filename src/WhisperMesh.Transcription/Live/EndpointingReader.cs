using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Whisper.Live;
using Wire = WhisperMesh.Speech.V1;

namespace WhisperMesh.Transcription.Live;

/// <summary>Checks what a configuration says of where utterances begin and end.</summary>
internal static class EndpointingReader
{
    private static readonly Endpointing Defaults = new();

    public static Endpointing Read(Wire.Endpointing? given) => given is null
        ? Defaults
        : new Endpointing
        {
            Threshold = Threshold(given),
            Pause = Time(given.PauseDuration, Defaults.Pause, "pause_duration", 0.1, 10),
            Prefix = Time(given.PrefixPadding, Defaults.Prefix, "prefix_padding", 0, 2),
            MaximumUtterance = Time(given.MaximumUtteranceDuration, Defaults.MaximumUtterance, "maximum_utterance_duration", 5, 60),
            Manual = given.Manual,
        };

    private static float Threshold(Wire.Endpointing given) =>
        !given.HasThreshold ? Defaults.Threshold
        : given.Threshold is >= 0 and <= 1 ? given.Threshold
        : throw MeshException.InvalidArgument("endpointing.threshold", "The threshold of speech must be between 0 and 1.");

    private static TimeSpan Time(Duration? given, TimeSpan standard, string field, double least, double most)
    {
        if (given is null)
        {
            return standard;
        }

        // A duration that a client has put together badly has no time span.
        var seconds = given.Seconds + (given.Nanos / 1e9);
        return seconds >= least && seconds <= most
            ? TimeSpan.FromSeconds(seconds)
            : throw MeshException.InvalidArgument(
                $"endpointing.{field}",
                string.Create(CultureInfo.InvariantCulture, $"endpointing.{field} must be between {least} and {most} seconds."));
    }
}
