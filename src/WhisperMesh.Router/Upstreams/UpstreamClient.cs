using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using WhisperMesh.Router.Routing.Configuration;

namespace WhisperMesh.Router.Upstreams;

/// <summary>Speaks HTTP with all upstreams: no redirects, no cookies, one timeout over a whole call, and errors as a worker's.</summary>
internal sealed class UpstreamClient(TimeProvider time, ILogger<UpstreamClient> logger) : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(5);

    // An upstream that refuses a large upload may say so before the upload is sent.
    private static readonly TimeSpan ContinueTimeout = TimeSpan.FromMilliseconds(300);

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = ConnectTimeout,
        Expect100ContinueTimeout = ContinueTimeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        // Trace ids are the mesh's own affair.
        ActivityHeadersPropagator = null,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Sends a request and reads the answer.</summary>
    /// <param name="upstream">Where to.</param>
    /// <param name="path">Below its address, such as "audio/speech".</param>
    /// <param name="content">Body; null: the request is a GET.</param>
    /// <param name="deadline">When the caller stops waiting.</param>
    /// <param name="readAsync">Reads an answer of success.</param>
    /// <param name="cancellationToken">Stops it at once, in mid-upload too.</param>
    /// <exception cref="RpcException">It failed.</exception>
    public async Task CallAsync(
        UpstreamSettings upstream,
        string path,
        HttpContent? content,
        DateTime? deadline,
        Func<HttpResponseMessage, CancellationToken, Task> readAsync,
        CancellationToken cancellationToken)
    {
        var left = deadline is { } end ? end - time.GetUtcNow().UtcDateTime : TimeSpan.MaxValue;
        if (left <= TimeSpan.Zero)
        {
            throw UpstreamErrors.Late();
        }

        using var limit = new CancellationTokenSource(left < upstream.Timeout ? left : upstream.Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            using var request = Request(upstream, path, content);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            if (!response.IsSuccessStatusCode)
            {
                throw await UpstreamAnswers.ErrorOfAsync(upstream, response, Key(upstream), time, both.Token);
            }

            await readAsync(response, both.Token);
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw left < upstream.Timeout ? UpstreamErrors.Late() : UpstreamErrors.Died(upstream, "did not answer in time", e);
        }
        catch (HttpRequestException e)
        {
            throw ErrorOf(upstream, e);
        }
        catch (RpcException e) when (ServiceDefaults.Errors.RpcErrorDetails.From(e).Reason == UpstreamErrors.UnusableReason)
        {
            UpstreamLog.Unusable(logger, upstream.Name, e.Status.Detail);
            throw;
        }
    }

    /// <summary>Asks for its models. An upstream that has no such list, and says so, is there all the same.</summary>
    public async Task ProbeAsync(UpstreamSettings upstream, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(ProbeTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            using var request = Request(upstream, "models", null);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            if (!response.IsSuccessStatusCode && response.StatusCode is not (HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed))
            {
                throw await UpstreamAnswers.ErrorOfAsync(upstream, response, Key(upstream), time, both.Token);
            }
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw UpstreamErrors.Died(upstream, "did not answer in time", e);
        }
        catch (HttpRequestException e)
        {
            throw ErrorOf(upstream, e);
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>The key; null where none is configured.</summary>
    public static string? Key(UpstreamSettings upstream) =>
        upstream.KeyEnvironment is { } name ? Environment.GetEnvironmentVariable(name)?.Trim() : null;

    private static HttpRequestMessage Request(UpstreamSettings upstream, string path, HttpContent? content)
    {
        var request = new HttpRequestMessage(
            content is null ? HttpMethod.Get : HttpMethod.Post, $"{upstream.Address.TrimEnd('/')}/{path}")
        { Content = content };
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("WhisperMesh", "1"));
        request.Headers.ExpectContinue = content is MultipartFormDataContent ? true : null;
        if (upstream.KeyEnvironment is not null)
        {
            request.Headers.Authorization = Key(upstream) is { Length: > 0 } key
                ? new AuthenticationHeaderValue("Bearer", key)
                : throw UpstreamErrors.Unusable(upstream, $"the environment variable {upstream.KeyEnvironment} is not set.");
        }

        return request;
    }

    private static RpcException ErrorOf(UpstreamSettings upstream, HttpRequestException e) => e.HttpRequestError switch
    {
        HttpRequestError.ConnectionError => UpstreamErrors.Unreachable(upstream, "it accepts no connection."),
        HttpRequestError.NameResolutionError => UpstreamErrors.Unreachable(upstream, "its name has no address."),
        HttpRequestError.SecureConnectionError => UpstreamErrors.Unreachable(upstream, "no TLS connection could be made."),
        HttpRequestError.ProxyTunnelError => UpstreamErrors.Unreachable(upstream, "the proxy does not lead there."),
        _ => UpstreamErrors.Died(upstream, "broke the connection", e),
    };
}

internal static partial class UpstreamLog
{
    [LoggerMessage(320, LogLevel.Error, "The upstream {Upstream} serves nobody until this is mended: {Why}")]
    public static partial void Unusable(ILogger logger, string upstream, string why);

    [LoggerMessage(321, LogLevel.Error, "{RequestId}: kept from the upstream {Upstream}, which the caller's tenant does not allow")]
    public static partial void KeptBack(ILogger logger, string requestId, string upstream);
}
