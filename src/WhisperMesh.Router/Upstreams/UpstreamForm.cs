using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Spool;
using WhisperMesh.Router.Transcriptions;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Upstreams;

/// <summary>A transcription as the form of an OpenAI-compatible API, and what of it that API has no field for.</summary>
internal sealed class UpstreamForm
{
    private readonly UpstreamSettings _upstream;
    private readonly UpstreamModelSettings _model;
    private readonly TranscriptionConfig _config;
    private readonly List<(string Name, string Value)> _fields = [];
    private readonly List<string> _warnings = [];

    private UpstreamForm(UpstreamTask task, TranscriptionConfig config) =>
        (_upstream, _model, _config) = (task.Upstream, task.Model, config);

    public IReadOnlyList<(string Name, string Value)> Fields => _fields;

    /// <summary>What the upstream does not do that was asked for.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    public bool Translates => _config.Task == TranscriptionTask.Translate;

    public static UpstreamForm Of(UpstreamTask task, TranscriptionConfig config)
    {
        var form = new UpstreamForm(task, config);
        form.Add("model", task.Model.Id);
        form.Add("response_format", task.Model.ResponseFormat);
        form.AddLanguage();
        form.AddPrompt();
        form.AddOptions();
        return form;
    }

    /// <summary>The form with the audio in it, which goes last: a server may look at the fields before it takes the file.</summary>
    public MultipartFormDataContent ToContent(SpoolFile file, UpstreamAudio audio)
    {
        var boundary = Guid.NewGuid().ToString("N");
        var content = new MultipartFormDataContent(boundary);

        // Some servers take the quotation marks for a part of the boundary.
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", $"multipart/form-data; boundary={boundary}");
        foreach (var (name, value) in _fields)
        {
            content.Add(new StringContent(value, Encoding.UTF8) { Headers = { ContentType = null, ContentDisposition = Part(name) } });
        }

        var part = new SpoolContent(file, audio);
        part.Headers.ContentDisposition = Part("file");
        part.Headers.ContentDisposition.FileName = $"\"{audio.FileName}\"";
        part.Headers.ContentType = new MediaTypeHeaderValue(audio.ContentType);
        content.Add(part);
        return content;
    }

    private static ContentDispositionHeaderValue Part(string name) => new("form-data") { Name = $"\"{name}\"" };

    private void AddLanguage()
    {
        if (Translates)
        {
            Missing(_config.LanguageCode.Length > 0 || _config.LanguageCodes.Count > 0, "takes no language for a translation");
            return;
        }

        var only = _config.LanguageCodes.Count == 1 ? _config.LanguageCodes[0] : _config.LanguageCode;
        if (only.Length > 0)
        {
            var primary = only.Split('-', 2)[0].ToLowerInvariant();
            Add("language", primary);
            Missing(primary.Length < only.Length, $"takes '{primary}' for the language '{only}'");
        }
        else if (_config.LanguageCodes.Count > 0 && Has("languages"))
        {
            AddAll("languages[]", _config.LanguageCodes);
        }
        else if (_model.AutoLanguage is { } auto)
        {
            Add("language", auto);
        }

        Missing(_config.LanguageCodes.Count > 1 && !Has("languages"), "detects the language among all that it knows");
    }

    private void AddPrompt()
    {
        var prompt = _config.Prompt;
        if (_config.Keywords.Count > 0 && Has("keywords"))
        {
            AddAll("keywords[]", _config.Keywords);
        }
        else if (_config.Keywords.Count > 0)
        {
            prompt = $"{string.Join(", ", _config.Keywords)}. {prompt}".TrimEnd();
            Missing(true, "has no field for keywords: they stand before the prompt");
        }

        if (prompt.Length > 0)
        {
            Add("prompt", prompt);
        }
    }

    private void AddOptions()
    {
        if (_config.Temperature > 0)
        {
            Add("temperature", Text(_config.Temperature));
        }

        Missing(_config.WordTimestamps && Translates, "gives no times of words for a translation");
        if (_config.WordTimestamps && !Translates)
        {
            AddAll("timestamp_granularities[]", ["segment", "word"]);
        }

        foreach (var (field, value, what) in UpstreamOptions.Of(_config))
        {
            if (Has(field) && !(Translates && field == ChunkingField.Name))
            {
                Add(field, value);
            }
            else
            {
                Missing(what.Length > 0, $"can't be told {what}");
            }
        }

        Missing(_config.TokenDetails, "gives no log probabilities of tokens");
        Missing(_config.LanguageSwitching is not null, "can't be told when to switch the language");
        Missing(_model.ResponseFormat != "verbose_json", "gives no times: its text is one segment");
    }

    internal static string Text(float value) => value.ToString(CultureInfo.InvariantCulture);

    private bool Has(string field) => _model.Reads(field);

    private void Add(string name, string value) => _fields.Add((name, value));

    private void AddAll(string name, IEnumerable<string> values) => _fields.AddRange(values.Select(value => (name, value)));

    private void Missing(bool asked, string what)
    {
        if (asked)
        {
            _warnings.Add($"The upstream '{_upstream.Name}' {what}.");
        }
    }
}
