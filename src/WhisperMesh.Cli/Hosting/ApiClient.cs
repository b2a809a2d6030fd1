using System.CommandLine;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace WhisperMesh.Cli.Hosting;

/// <summary>The router's HTTP API, as far as gRPC has nothing of the kind: keys and usage.</summary>
internal sealed class ApiClient : IDisposable
{
    internal const string EnvironmentVariable = "WHISPERMESH_HTTP_SERVER";

    private static readonly Uri Default = new("http://127.0.0.1:5080");

    private readonly HttpClient _http;

    private ApiClient(Uri address, string? apiKey)
    {
        _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        _http.DefaultRequestHeaders.Authorization = apiKey is null ? null : new AuthenticationHeaderValue("Bearer", apiKey);
    }

    internal static Option<string?> CreateOption() => new("--server")
    {
        Description = $"The router's HTTP address, such as {Default.GetLeftPart(UriPartial.Authority)}, "
            + $"which is the default unless {EnvironmentVariable} names another.",
        HelpName = "address",
    };

    internal static ApiClient Create(string? server, string? apiKey, CliHost host)
    {
        var text = server ?? host.Environment(EnvironmentVariable);
        return new ApiClient(string.IsNullOrWhiteSpace(text) ? Default : ServerOption.Parse(text), ApiKeyOption.Resolve(apiKey, host));
    }

    internal async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            return response.IsSuccessStatusCode
                ? JsonDocument.Parse(text).RootElement
                : throw ApiException.Of(response, text);
        }
        catch (HttpRequestException exception)
        {
            throw ApiException.Unreachable($"the server cannot be reached: {_http.BaseAddress!.GetLeftPart(UriPartial.Authority)}: "
                + exception.GetBaseException().Message);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw ApiException.Strange($"{_http.BaseAddress} answers, but not as a WhisperMesh router does; is it the HTTP address?");
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw ApiException.Unreachable($"the server does not answer: {_http.BaseAddress}");
        }
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>The HTTP API refused or could not be reached. The message is fit for users.</summary>
internal sealed class ApiException : Exception
{
    private ApiException(string message, bool isUnreachable)
        : base(message) => IsUnreachable = isUnreachable;

    internal bool IsUnreachable { get; }

    internal static ApiException Unreachable(string message) => new(message, isUnreachable: true);

    internal static ApiException Strange(string message) => new(message, isUnreachable: false);

    internal static ApiException Of(HttpResponseMessage response, string body)
    {
        var error = JsonDocument.Parse(body).RootElement.GetProperty("error");
        var retry = response.Headers.RetryAfter?.Delta is { } wait ? $" Try again in {wait.TotalSeconds} s." : "";
        return new ApiException($"{error.GetProperty("message").GetString()} [{error.GetProperty("code").GetString()}]{retry}", isUnreachable: false);
    }
}
