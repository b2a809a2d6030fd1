using System.Text.Json;
using Grpc.Core;
using WhisperMesh.Router.Routing.Configuration;

namespace WhisperMesh.Router.Upstreams;

/// <summary>Reads what an upstream says when it does not serve.</summary>
internal static class UpstreamAnswers
{
    private const int MaxBodyBytes = 16 * 1024;
    private const int MaxMessageLength = 300;

    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    // Codes of OpenAI's for a 429 that no waiting mends.
    private static readonly HashSet<string> Unpaid = ["insufficient_quota", "billing_hard_limit_reached", "billing_not_active"];

    /// <summary>The error that the answer means.</summary>
    public static async Task<RpcException> ErrorOfAsync(
        UpstreamSettings upstream, HttpResponseMessage response, string? key, TimeProvider time, CancellationToken cancellationToken)
    {
        var status = response.StatusCode;
        var said = await ReadAsync(response.Content, key, cancellationToken);
        return (int)status switch
        {
            400 or 413 or 415 or 422 => UpstreamErrors.Refused(upstream, said.Message ?? $"it answered {(int)status} ({status})."),
            429 when said.Code is { } code && Unpaid.Contains(code) => UpstreamErrors.Unusable(upstream, $"it answered {code}."),
            429 => UpstreamErrors.Full(upstream, RetryAfter(response, time)),
            503 when RetryAfter(response, time) is { } wait => UpstreamErrors.Full(upstream, wait),
            502 or 503 or 504 => UpstreamErrors.Unreachable(upstream, $"it answered {(int)status}."),
            >= 500 or 408 => UpstreamErrors.Died(upstream, $"answered {(int)status}"),
            401 or 403 => UpstreamErrors.Unusable(upstream, $"it does not accept the key (status {(int)status})."),
            >= 300 and < 400 => UpstreamErrors.Unusable(upstream, $"it redirects elsewhere (status {(int)status}), which is not followed."),
            _ => UpstreamErrors.Unusable(upstream, $"it answered {(int)status} ({status})."),
        };
    }

    /// <summary>A text of the upstream's as a message may carry it: one line, bounded, without the key.</summary>
    public static string Sanitise(string text, string? key)
    {
        var known = string.IsNullOrEmpty(key) ? text : text.Replace(key, "…", StringComparison.Ordinal);
        var plain = string.Join(' ', new string([.. known.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? ' ' : c)])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return plain.Length <= MaxMessageLength ? plain : plain[..MaxMessageLength] + "…";
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider time)
    {
        var header = response.Headers.RetryAfter;
        var wait = header?.Delta ?? (header?.Date - time.GetUtcNow());
        return wait is { } value ? TimeSpan.FromTicks(Math.Clamp(value.Ticks, 0, LongestWait.Ticks)) : null;
    }

    private static async Task<(string? Message, string? Code)> ReadAsync(HttpContent content, string? key, CancellationToken cancellationToken)
    {
        try
        {
            var buffer = new byte[MaxBodyBytes];
            await using var body = await content.ReadAsStreamAsync(cancellationToken);
            var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            using var json = JsonDocument.Parse(buffer.AsMemory(0, length));

            // {"error":{"message":…}} as OpenAI, {"error":"…"} as whisper.cpp, {"detail":"…"} as FastAPI says it.
            var root = json.RootElement;
            var error = root.Member("error") ?? root.Member("detail");
            var message = error?.Text() ?? error?.Member("message")?.Text() ?? root.Member("message")?.Text();
            return (string.IsNullOrWhiteSpace(message) ? null : Sanitise(message, key), error?.Member("code")?.Text());
        }
        catch (Exception e) when (e is JsonException or IOException or HttpRequestException)
        {
            return (null, null);
        }
    }
}
