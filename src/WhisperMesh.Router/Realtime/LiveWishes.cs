using Google.Protobuf.WellKnownTypes;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Realtime;

/// <summary>What a client's settings come to for a live session.</summary>
internal static class LiveWishes
{
    /// <summary>The one of <see cref="Delays"/> that has no match.</summary>
    public const string LongestDelay = "xhigh";

    // An item of a client that ends items itself may be longer; its text is then put together.
    private static readonly TimeSpan LongestManual = TimeSpan.FromSeconds(60);

    public static readonly IReadOnlyDictionary<string, LiveLatency> Delays = new Dictionary<string, LiveLatency>
    {
        ["minimal"] = LiveLatency.Minimal,
        ["low"] = LiveLatency.Low,
        ["medium"] = LiveLatency.Medium,
        ["high"] = LiveLatency.High,
        [LongestDelay] = LiveLatency.High,
    };

    public static LiveConfig Of(RealtimeSettings settings)
    {
        var config = new LiveConfig
        {
            Model = settings.Model,
            LanguageCode = settings.Language,
            Prompt = settings.Prompt,
            Latency = settings.Delay is { } delay ? Delays[delay] : LiveLatency.Unspecified,
            Endpointing = EndpointingOf(settings.TurnDetection),
            AudioFormat = new AudioFormat
            {
                Encoding = settings.Format.Type switch
                {
                    InputFormat.Pcmu => AudioEncoding.Mulaw,
                    InputFormat.Pcma => AudioEncoding.Alaw,
                    _ => AudioEncoding.PcmS16Le,
                },
                SampleRateHz = settings.Format.RateHz,
                ChannelCount = 1,
            },
            // A delta can't be taken back, so only words that stand are told.
            OmitTentative = true,
        };
        config.LanguageCodes.AddRange(settings.Languages);
        config.Keywords.AddRange(settings.Keywords);
        return config;
    }

    private static Endpointing EndpointingOf(TurnDetection? turns)
    {
        if (turns is null)
        {
            return new Endpointing { Manual = true, MaximumUtteranceDuration = Duration.FromTimeSpan(LongestManual) };
        }

        var endpointing = new Endpointing
        {
            PauseDuration = Duration.FromTimeSpan(turns.Silence),
            PrefixPadding = Duration.FromTimeSpan(turns.Prefix),
        };
        if (turns is ServerVad vad)
        {
            endpointing.Threshold = vad.Threshold;
        }

        return endpointing;
    }
}
