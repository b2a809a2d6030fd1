using System.CommandLine;
using WhisperMesh.Cli.Hosting;
using WhisperMesh.Client;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Cli.Transcribe;

/// <summary>The options that say how speech is recognised: what they are called, and what they ask for.</summary>
internal sealed class RecognitionOptions
{
    private static readonly Dictionary<string, RequestClass> Classes = new()
    {
        ["live"] = RequestClass.Live,
        ["interactive"] = RequestClass.Interactive,
        ["bulk"] = RequestClass.Bulk,
    };

    private readonly Option<string?> _language = new("--language", "-l")
    {
        Description = "Language spoken, such as en or pt-BR; detected when absent.",
    };

    private readonly Option<string?> _languages = new("--languages")
    {
        Description = "Languages that may be spoken, such as en,fr: detection chooses among them.",
    };

    private readonly Option<int?> _switchWindows = new("--language-switch-windows")
    {
        Description = "Stretches of speech in a row that turn a detected language to another, 1 to 10; 2 when absent.",
        HelpName = "number",
    };

    private readonly Option<float?> _switchProbability = new("--language-switch-probability")
    {
        Description = "How sure each of them must be, above 0 and at most 1; 0.8 when absent.",
        HelpName = "number",
    };

    private readonly Option<string?> _model = new("--model", "-m") { Description = "Model to use; see whispermesh status." };
    private readonly Option<string?> _prompt = new("--prompt") { Description = "Names, spelling and style to follow." };

    private readonly Option<string[]> _keywords = new("--keyword")
    {
        Description = "A name or term that is likely to be said; may be given several times.",
    };

    private readonly Option<bool> _translate = new("--translate") { Description = "Write it in English, whatever is spoken." };

    private readonly Option<bool> _carryContext = new("--carry-context")
    {
        Description = "Tell the model the text so far: slower, and spelling stays the same.",
    };

    private readonly Option<float> _temperature = new("--temperature") { Description = "Sampling temperature, 0 to 1; 0 when absent." };

    private readonly Option<int?> _beamSize = new("--beam-size")
    {
        Description = "Texts to follow side by side at temperature 0, 1 to 16; 1 when absent.",
    };

    private readonly Option<int?> _bestOf = new("--best-of")
    {
        Description = "Texts to sample at temperatures above 0, 1 to 16; 5 when absent.",
    };

    private readonly Option<int> _seed = new("--seed") { Description = "Starts the generator that sampling draws from." };

    private readonly Option<float?> _compressionRatio = new("--compression-ratio-threshold")
    {
        Description = "Try text again whose compression ratio is above this; 2.4 when absent.",
        HelpName = "number",
    };

    private readonly Option<float?> _logProbability = new("--logprob-threshold")
    {
        Description = "Try text again whose mean log probability is below this; -1 when absent.",
        HelpName = "number",
    };

    private readonly Option<float?> _noSpeech = new("--no-speech-threshold")
    {
        Description = "Take doubtful text for silence whose no-speech probability is above this; 0.6 when absent.",
        HelpName = "number",
    };

    private readonly Option<float?> _speechThreshold = SpeechOptions.Threshold();

    private readonly Option<double?> _silence = SecondsOption.Create(
        "--silence-duration", "Silence that ends a stretch of speech, 0 to 10; the worker's own when absent.");

    private readonly Option<double?> _prefixPadding = SpeechOptions.PrefixPadding("the worker's own when absent");

    private readonly Option<string?> _class = new("--class")
    {
        Description = "How urgent it is: where a worker is busy, live goes first and bulk last; interactive when absent.",
    };

    private readonly Option<string?> _channels = new("--channels")
    {
        Description = "separate transcribes each channel, up to 8, by itself; mixed when absent.",
    };

    private readonly Option<bool> _words = new("--words")
    {
        Description = "Ask for the time of each word; needs --format json and a model that can.",
    };

    private readonly Option<bool> _logprobs = new("--logprobs")
    {
        Description = "Ask for the tokens and their log probabilities; needs --format json.",
    };

    internal RecognitionOptions()
    {
        _class.AcceptOnlyFromAmong([.. Classes.Keys]);
        _channels.AcceptOnlyFromAmong("mixed", "separate");
    }

    internal IEnumerable<Option> All =>
    [
        _language, _languages, _switchWindows, _switchProbability, _model, _prompt, _keywords, _translate, _carryContext, _temperature,
        _beamSize, _bestOf, _seed, _compressionRatio, _logProbability, _noSpeech, _speechThreshold, _silence, _prefixPadding,
        _class, _channels, _words, _logprobs,
    ];

    internal TranscribeOptions Read(ParseResult parsed)
    {
        var (language, languages) = (parsed.GetValue(_language), parsed.GetValue(_languages));
        if (language is not null && languages is not null)
        {
            throw new UsageException("--language and --languages can't be given together");
        }

        return new TranscribeOptions
        {
            Model = parsed.GetValue(_model),
            Language = language,
            Languages = languages?.Split(',', StringSplitOptions.TrimEntries) ?? [],
            LanguageSwitchWindows = parsed.GetValue(_switchWindows),
            LanguageSwitchProbability = parsed.GetValue(_switchProbability),
            Translate = parsed.GetValue(_translate),
            Prompt = parsed.GetValue(_prompt),
            Keywords = parsed.GetValue(_keywords) ?? [],
            CarryContext = parsed.GetValue(_carryContext),
            Temperature = parsed.GetValue(_temperature),
            BeamSize = parsed.GetValue(_beamSize),
            BestOf = parsed.GetValue(_bestOf),
            Seed = parsed.GetValue(_seed),
            CompressionRatioThreshold = parsed.GetValue(_compressionRatio),
            LogProbabilityThreshold = parsed.GetValue(_logProbability),
            NoSpeechThreshold = parsed.GetValue(_noSpeech),
            SpeechThreshold = parsed.GetValue(_speechThreshold),
            SilenceDuration = parsed.Seconds(_silence),
            PrefixPadding = parsed.Seconds(_prefixPadding),
            Class = parsed.GetValue(_class) is { } name ? Classes[name] : RequestClass.Unspecified,
            SeparateChannels = parsed.GetValue(_channels) == "separate",
            WordTimestamps = parsed.GetValue(_words),
            TokenDetails = parsed.GetValue(_logprobs),
        };
    }
}
