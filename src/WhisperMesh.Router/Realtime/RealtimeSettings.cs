using System.Globalization;

namespace WhisperMesh.Router.Realtime;

/// <summary>What a client has asked for so far.</summary>
internal sealed record RealtimeSettings
{
    public InputFormat Format { get; init; } = InputFormat.Default;

    /// <summary>Empty: the default model.</summary>
    public string Model { get; init; } = "";

    /// <summary>Empty: it is detected.</summary>
    public string Language { get; init; } = "";

    public IReadOnlyList<string> Languages { get; init; } = [];

    public IReadOnlyList<string> Keywords { get; init; } = [];

    public string Prompt { get; init; } = "";

    /// <summary>One of <see cref="LiveWishes.Delays"/>; null: the router's own.</summary>
    public string? Delay { get; init; }

    /// <summary>Null: the client ends items itself.</summary>
    public TurnDetection? TurnDetection { get; init; } = new ServerVad();

    public bool Logprobs { get; init; }

    /// <summary>What is honoured in part only.</summary>
    public IReadOnlyList<string> Warnings
    {
        get
        {
            List<string> warnings = [];
            if (TurnDetection is SemanticVad semantic)
            {
                var pause = semantic.Silence.TotalSeconds.ToString(CultureInfo.InvariantCulture);
                warnings.Add($"semantic_vad: no model judges turns here; eagerness '{semantic.Eagerness}' ends an item after {pause} s of silence.");
            }

            if (Delay == LiveWishes.LongestDelay)
            {
                warnings.Add($"delay: '{LiveWishes.LongestDelay}' is served as 'high', the longest there is.");
            }

            if (Logprobs)
            {
                warnings.Add("include: log probabilities are given for each word, of the mean probability of its tokens.");
            }

            return warnings;
        }
    }
}

/// <summary>How the audio is written.</summary>
/// <param name="Type">OpenAI's name, such as <c>audio/pcm</c>.</param>
/// <param name="RateHz">Samples per second.</param>
internal sealed record InputFormat(string Type, int RateHz)
{
    public const string Pcm = "audio/pcm";
    public const string Pcmu = "audio/pcmu";
    public const string Pcma = "audio/pcma";

    private const int PcmRateHz = 24_000;
    private const int TelephoneRateHz = 8000;

    public static readonly InputFormat Default = new(Pcm, PcmRateHz);

    public long BytesPerSecond => Type == Pcm ? 2L * RateHz : RateHz;

    /// <summary>A format of its usual rate.</summary>
    public static InputFormat Of(string type) => new(type, type == Pcm ? PcmRateHz : TelephoneRateHz);

    public TimeSpan TimeOf(long bytes) => TimeSpan.FromSeconds((double)bytes / BytesPerSecond);
}
