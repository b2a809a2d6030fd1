using Google.Protobuf.WellKnownTypes;
using WhisperMesh.Router.Requests;
using WhisperMesh.Router.Workers;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Live;

/// <summary>Checks of a live stream's configuration that need no worker.</summary>
internal static class LiveChecks
{
    private const int MinRateHz = 4000;
    private const int MaxRateHz = 192_000;
    private const int MaxChannels = 64;

    /// <exception cref="MeshException">A field is bad; the message names it.</exception>
    public static void Check(LiveConfig config, RouterOptions options)
    {
        TranscriptionChecks.Check(AsTranscription(config), options);
        Require(System.Enum.IsDefined(config.Latency), "latency", $"{config.Latency} is no value of latency.");
        Require(System.Enum.IsDefined(config.PassClock), "pass_clock", $"{config.PassClock} is no value of pass_clock.");
        Require(
            config.CaptionName.Length == 0 || RequestIds.IsValid(config.CaptionName),
            "caption_name",
            "caption_name must have 1 to 64 characters of A-Z a-z 0-9 . _ -.");
        Format(config.AudioFormat);
        if (config.Endpointing is { } endpointing)
        {
            Check(endpointing);
        }

        if (config.Resume is { } resume)
        {
            LiveResumeChecks.Check(resume, LiveFormat.Of(config.AudioFormat));
        }
    }

    /// <summary>What a worker must have for it.</summary>
    public static WorkerRequirements RequirementsOf(LiveConfig config)
    {
        var requirements = Relay.TranscriptionRequirements.Of(AsTranscription(config), CompressedAudio.None);
        return requirements with { Features = [.. requirements.Features, WorkerFeatures.Live] };
    }

    /// <summary>Longest speech that can come before an utterance ends.</summary>
    public static TimeSpan LongestUtterance(LiveConfig config) =>
        config.Endpointing?.MaximumUtteranceDuration?.ToTimeSpan() ?? TimeSpan.FromSeconds(30);

    private static TranscriptionConfig AsTranscription(LiveConfig config) => new()
    {
        Model = config.Model,
        LanguageCode = config.LanguageCode,
        LanguageCodes = { config.LanguageCodes },
        LanguageSwitching = config.LanguageSwitching,
        Task = config.Task,
        Prompt = config.Prompt,
        Keywords = { config.Keywords },
        Thresholds = config.Thresholds,
        AudioFormat = config.AudioFormat,
    };

    private static void Format(AudioFormat? format)
    {
        Require(format is not null, "audio_format", "audio_format is required: a live stream carries headerless samples.");
        Require(
            LiveFormat.SampleBytes(format!.Encoding) > 0,
            "audio_format.encoding",
            "A live stream carries headerless samples: PCM, A-law or mu-law.");
        Require(
            format.SampleRateHz is >= MinRateHz and <= MaxRateHz,
            "audio_format.sample_rate_hz",
            $"sample_rate_hz must be between {MinRateHz} and {MaxRateHz}.");
        Require(
            format.ChannelCount is >= 1 and <= MaxChannels, "audio_format.channel_count", $"channel_count must be between 1 and {MaxChannels}.");
    }

    private static void Check(Endpointing given)
    {
        Require(
            !given.HasThreshold || given.Threshold is >= 0 and <= 1, "endpointing.threshold", "The threshold of speech must be between 0 and 1.");
        Within(given.PauseDuration, 0.1, 10, "endpointing.pause_duration", "The silence that ends an utterance");
        Within(given.PrefixPadding, 0, 2, "endpointing.prefix_padding", "The audio before speech");
        Within(given.MaximumUtteranceDuration, 5, 60, "endpointing.maximum_utterance_duration", "The longest utterance");
    }

    private static void Within(Duration? given, double least, double most, string field, string what)
    {
        var seconds = given is null ? least : given.Seconds + (given.Nanos / 1e9);
        Require(seconds >= least && seconds <= most, field, FormattableString.Invariant($"{what} must be between {least} and {most} s."));
    }

    private static void Require(bool holds, string field, string message)
    {
        if (!holds)
        {
            throw MeshException.InvalidArgument(field, message);
        }
    }
}
