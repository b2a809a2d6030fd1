using System.CommandLine;
using WhisperMesh.Cli.Hosting;
using WhisperMesh.Client;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Cli.Live;

/// <summary>The options that say how live speech is recognised: what they are called, and what they ask for.</summary>
internal sealed class LiveRecognition
{
    private static readonly Dictionary<string, LiveLatency> Latencies = new()
    {
        ["minimal"] = LiveLatency.Minimal,
        ["low"] = LiveLatency.Low,
        ["medium"] = LiveLatency.Medium,
        ["high"] = LiveLatency.High,
    };

    private static readonly Dictionary<string, LivePassClock> Clocks = new()
    {
        ["need"] = LivePassClock.Need,
        ["audio"] = LivePassClock.Audio,
    };

    private readonly Option<string?> _language = new("--language", "-l")
    {
        Description = "Language spoken, such as en or pt-BR; detected when absent.",
    };

    private readonly Option<string?> _languages = new("--languages")
    {
        Description = "Languages that may be spoken, such as en,fr: detection chooses among them.",
    };

    private readonly Option<string?> _model = new("--model", "-m") { Description = "Model to use; see whispermesh status." };

    private readonly Option<string[]> _keywords = new("--keyword")
    {
        Description = "A name or term that is likely to be said; may be given several times.",
    };

    private readonly Option<string?> _prompt = new("--prompt") { Description = "Names, spelling and style to follow." };
    private readonly Option<bool> _translate = new("--translate") { Description = "Write it in English, whatever is spoken." };

    private readonly Option<string?> _latency = new("--latency")
    {
        Description = "Delay against steadiness: minimal, low, medium or high; low when absent.",
    };

    private readonly Option<string?> _passClock = new("--pass-clock")
    {
        Description = "What drives the passes of the model: need, or audio, where the same audio gives the same text however fast it comes; "
            + "need when absent, and audio with --speed 0.",
    };

    private readonly Option<double?> _pause =
        SecondsOption.Create("--pause", "Silence that ends an utterance, 0.1 to 10; 0.8 when absent.");

    private readonly Option<double?> _maximumUtterance =
        SecondsOption.Create("--max-utterance", "Speech after which an utterance ends though no pause has come, 5 to 60; 30 when absent.");

    private readonly Option<float?> _speechThreshold = SpeechOptions.Threshold();
    private readonly Option<double?> _prefixPadding = SpeechOptions.PrefixPadding("0.5 when absent");

    private readonly Option<bool> _noPartials = new("--no-partials") { Description = "Leave out what may still change." };

    private readonly Option<string?> _publish = new("--publish")
    {
        Description = "Let viewers follow the captions under this name, of A-Z a-z 0-9 . _ -.",
        HelpName = "name",
    };

    internal LiveRecognition()
    {
        _latency.AcceptOnlyFromAmong([.. Latencies.Keys]);
        _passClock.AcceptOnlyFromAmong([.. Clocks.Keys]);
    }

    internal IEnumerable<Option> All =>
    [
        _language, _languages, _model, _keywords, _prompt, _translate, _latency, _passClock, _pause, _maximumUtterance,
        _speechThreshold, _prefixPadding, _noPartials, _publish,
    ];

    /// <param name="parsed">The command line.</param>
    /// <param name="format">What the samples are.</param>
    /// <param name="isPaced">Whether the audio comes no faster than it is spoken.</param>
    internal LiveOptions Read(ParseResult parsed, AudioFormat format, bool isPaced)
    {
        var (language, languages) = (parsed.GetValue(_language), parsed.GetValue(_languages));
        if (language is not null && languages is not null)
        {
            throw new UsageException("--language and --languages can't be given together");
        }

        return new LiveOptions
        {
            AudioFormat = format,
            Language = language,
            Languages = languages?.Split(',', StringSplitOptions.TrimEntries) ?? [],
            Model = parsed.GetValue(_model),
            Keywords = parsed.GetValue(_keywords) ?? [],
            Prompt = parsed.GetValue(_prompt),
            Translate = parsed.GetValue(_translate),
            Latency = parsed.GetValue(_latency) is { } latency ? Latencies[latency] : LiveLatency.Unspecified,
            PassClock = parsed.GetValue(_passClock) is { } clock ? Clocks[clock]
                : isPaced ? LivePassClock.Unspecified
                : LivePassClock.Audio,
            Pause = parsed.Seconds(_pause),
            MaximumUtterance = parsed.Seconds(_maximumUtterance),
            SpeechThreshold = parsed.GetValue(_speechThreshold),
            PrefixPadding = parsed.Seconds(_prefixPadding),
            OmitTentative = parsed.GetValue(_noPartials),
            CaptionName = parsed.GetValue(_publish),
        };
    }
}
