using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Aspire.Hosting.ResourceService;

namespace Aspire.Dashboard.Resources;

/// <summary>Asks the AppHost that started this dashboard.</summary>
internal sealed class ResourceServiceClient : IDisposable
{
    private static readonly TimeSpan CommandBound = TimeSpan.FromSeconds(60);

    private readonly HttpClient? _http;

    /// <exception cref="Configuration.DashboardConfigurationException">The address can't be one.</exception>
    public ResourceServiceClient(IConfiguration configuration)
    {
        if (configuration[ResourceProtocol.AddressVariable] is not { Length: > 0 } address)
        {
            return;
        }

        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttp)
        {
            throw new Configuration.DashboardConfigurationException($"{ResourceProtocol.AddressVariable}: '{address}' is not an http address.");
        }

        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, ActivityHeadersPropagator = null })
        {
            BaseAddress = uri,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.Add(ResourceProtocol.KeyHeader, configuration[ResourceProtocol.KeySetting]);
    }

    /// <summary>False where this dashboard runs by itself.</summary>
    public bool IsConfigured => _http is not null;

    public IAsyncEnumerable<ResourceMessage> WatchAsync(Action connected, CancellationToken cancellationToken) =>
        ReadAsync(ResourceProtocol.ResourcesPath, ResourceJson.Default.ResourceMessage, connected, cancellationToken);

    public IAsyncEnumerable<ConsoleLine> ReadConsoleAsync(string id, long from, CancellationToken cancellationToken) =>
        ReadAsync(FormattableString.Invariant($"{ResourceProtocol.ConsolePath(id)}?from={from}"), ResourceJson.Default.ConsoleLine, () => { }, cancellationToken);

    /// <summary>Does one of <see cref="ResourceCommands"/>; returns null, or why it was not done. It goes on though the caller is gone.</summary>
    public async Task<string?> ExecuteAsync(string id, string command)
    {
        if (_http is null)
        {
            return "This dashboard runs without an AppHost.";
        }

        using var bound = new CancellationTokenSource(CommandBound);
        try
        {
            using var response = await _http.PostAsync(ResourceProtocol.CommandPath(id, command), null, bound.Token);
            return response.IsSuccessStatusCode ? null : await response.Content.ReadAsStringAsync(bound.Token);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return "The AppHost does not answer.";
        }
    }

    public void Dispose() => _http?.Dispose();

    private async IAsyncEnumerable<T> ReadAsync<T>(
        string path, JsonTypeInfo<T> type, Action connected, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        if (_http is null)
        {
            yield break;
        }

        using var response = await _http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new HttpRequestException($"The AppHost answers {(int)response.StatusCode}.", null, response.StatusCode);
        }

        connected();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            yield return JsonSerializer.Deserialize(line, type)!;
        }
    }
}
