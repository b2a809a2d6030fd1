using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace WhisperMesh.AppHost.SelfTest;

/// <summary>A sentence as audio, and how long it took to make.</summary>
internal sealed record Said(byte[] Wave, TimeSpan Audio, TimeSpan Took);

/// <summary>Audio as text, and how long it took to understand.</summary>
internal sealed record Heard(string Text, TimeSpan Took);

/// <summary>A request of the self-test failed; the message says which and how.</summary>
internal sealed class SpeechClientException(string message) : Exception(message);

/// <summary>Talks to the router as any client would.</summary>
internal sealed class SpeechClient(Uri router, TimeProvider timeProvider) : IDisposable
{
    // A worker that is healthy may not have reached the router's list yet.
    private static readonly TimeSpan RetryFor = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(200);

    private const string KeysPath = "v1/admin/keys";
    private static readonly TimeSpan KeyLife = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ReturnWithin = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = router,
        Timeout = TimeSpan.FromMinutes(2),
    };

    private (string Id, string AdminKey)? _key;

    /// <summary>Makes a key for this run, which expires soon should nobody return it.</summary>
    public async Task TakeKeyAsync(string adminKey, CancellationToken cancellationToken)
    {
        var (made, _) = await SendAsync(
            HttpMethod.Post,
            KeysPath,
            adminKey,
            () => JsonContent.Create(new
            {
                tenant = "self-test",
                name = "self-test",
                scopes = (string[])["transcribe", "speak"],
                expires_at = timeProvider.GetUtcNow() + KeyLife,
            }),
            async content => await content.ReadFromJsonAsync<JsonElement>(cancellationToken),
            cancellationToken);
        _key = (made.GetProperty("id").GetString()!, adminKey);
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", made.GetProperty("key").GetString());
    }

    /// <summary>Revokes the key of this run, if it took one. Where that fails the key expires by itself.</summary>
    public async Task ReturnKeyAsync()
    {
        if (_key is not { } key)
        {
            return;
        }

        _key = null;
        using var bound = new CancellationTokenSource(ReturnWithin, timeProvider);
        try
        {
            await SendAsync(HttpMethod.Delete, $"{KeysPath}/{key.Id}", key.AdminKey, () => null, _ => Task.FromResult(true), bound.Token);
        }
        catch (Exception exception) when (exception is SpeechClientException or OperationCanceledException)
        {
            // The test has told what there is to tell.
        }
    }

    public async Task<Said> SpeakAsync(string sentence, CancellationToken cancellationToken)
    {
        var ((wave, audio), took) = await SendAsync(
            HttpMethod.Post,
            "v1/audio/speech",
            key: null,
            () => JsonContent.Create(new { model = "tts-1", voice = "alloy", input = sentence, response_format = "wav" }),
            async content =>
            {
                var wave = await content.ReadAsByteArrayAsync(cancellationToken);
                return (wave, WaveDuration.Of(wave));
            },
            cancellationToken);
        return new Said(wave, audio, took);
    }

    public async Task<Heard> TranscribeAsync(byte[] wave, CancellationToken cancellationToken)
    {
        var (text, took) = await SendAsync(
            HttpMethod.Post,
            "v1/audio/transcriptions",
            key: null,
            () => new MultipartFormDataContent
            {
                { new StringContent("whisper-1"), "model" },
                { new StringContent("json"), "response_format" },
                { new ByteArrayContent(wave), "file", "self-test.wav" },
            },
            async content => (await content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("text").GetString() ?? "",
            cancellationToken);
        return new Heard(text.Trim(), took);
    }

    public void Dispose() => _http.Dispose();

    private static string HintFor(HttpStatusCode status) => status == HttpStatusCode.Unauthorized
        ? "\nThe router asks for keys. With Router__Keys__BootstrapAdminKey set, the self-test makes itself one."
        : "";

    // No connection, a broken one, a late answer, or one that is not what it should be.
    private static bool IsFailure(Exception exception) => exception
        is HttpRequestException or IOException or TaskCanceledException or JsonException or KeyNotFoundException or InvalidDataException;

    private async Task<(T Result, TimeSpan Took)> SendAsync<T>(
        HttpMethod method,
        string path,
        string? key,
        Func<HttpContent?> createContent,
        Func<HttpContent, Task<T>> read,
        CancellationToken cancellationToken)
    {
        var first = timeProvider.GetTimestamp();
        while (true)
        {
            var start = timeProvider.GetTimestamp();
            try
            {
                using var content = createContent();
                using var request = new HttpRequestMessage(method, path) { Content = content };
                if (key is not null)
                {
                    request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
                }

                using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                if (response.IsSuccessStatusCode)
                {
                    var result = await read(response.Content);
                    return (result, timeProvider.GetElapsedTime(start));
                }

                if (response.StatusCode != HttpStatusCode.ServiceUnavailable || timeProvider.GetElapsedTime(first) > RetryFor)
                {
                    var body = await response.Content.ReadAsStringAsync(cancellationToken);
                    throw new SpeechClientException(
                        string.Create(CultureInfo.InvariantCulture, $"{method} /{path} answered {(int)response.StatusCode}: {body}{HintFor(response.StatusCode)}"));
                }
            }
            catch (Exception exception) when (IsFailure(exception) && !cancellationToken.IsCancellationRequested)
            {
                throw new SpeechClientException($"{method} /{path} failed: {exception.Message}");
            }

            await Task.Delay(RetryEvery, timeProvider, cancellationToken);
        }
    }
}
