using System.Diagnostics;
using System.Net.Http.Headers;
using WhisperMesh.Benchmarks.Corpus;
using WhisperMesh.Whisper;

namespace WhisperMesh.Benchmarks.Engines;

/// <summary>
/// A rival behind an OpenAI-compatible transcription URL. It keeps its model, so loading is left out; loopback HTTP counts as its
/// time, well below a millisecond.
/// </summary>
internal sealed class HttpRival : IEngine, IDisposable
{
    private const string DefaultModel = "whisper-1";

    private readonly Uri _url;
    private readonly Dictionary<string, string> _fields = new()
    {
        ["model"] = DefaultModel,
        ["response_format"] = "json",
        ["temperature"] = "0",
    };

    private readonly HttpClient _client = new() { Timeout = Timeout.InfiniteTimeSpan };

    /// <param name="name">What the tables call it.</param>
    /// <param name="url">Its fragment may hold form fields: <c>#model=base&amp;no_timestamps=true</c>.</param>
    public HttpRival(string name, Uri url)
    {
        Name = name;
        _url = url;
        foreach (var field in url.Fragment.TrimStart('#').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = field.Split('=', 2);
            _fields[parts[0]] = parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : "";
        }
    }

    public string Name { get; }

    public async Task<EngineAnswer> TranscribeAsync(Clip clip, RequestClass urgency, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var form = await FormAsync(clip, cancellationToken);
        try
        {
            using var response = await _client.PostAsync(_url, form, cancellationToken);
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            return response.IsSuccessStatusCode
                ? RivalAnswer.Read(body, Stopwatch.GetElapsedTime(started))
                : throw new BenchmarkException($"{Name} answered {(int)response.StatusCode}: {body.Trim()}");
        }
        catch (HttpRequestException exception)
        {
            throw new BenchmarkException($"{Name} can't be reached at {_url}: {exception.Message}");
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<MultipartFormDataContent> FormAsync(Clip clip, CancellationToken cancellationToken)
    {
        var file = new ByteArrayContent(await File.ReadAllBytesAsync(clip.Path, cancellationToken));
        file.Headers.ContentType = new MediaTypeHeaderValue("audio/wav");
        var form = new MultipartFormDataContent { { file, "file", Path.GetFileName(clip.Path) } };
        foreach (var (name, value) in _fields)
        {
            form.Add(new StringContent(value), name);
        }
        if (clip.Language is { } language)
        {
            form.Add(new StringContent(language), "language");
        }
        return form;
    }
}
