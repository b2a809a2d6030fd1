using System.Globalization;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Requests;

/// <summary>How long a caller waits that has no gRPC deadline to say it by.</summary>
internal static class RequestTimeout
{
    /// <summary>Seconds, counted from when the request came in.</summary>
    public const string HeaderName = "x-whispermesh-timeout";

    private const double MaxSeconds = 86_400;

    /// <exception cref="MeshException">The header is no number of seconds.</exception>
    public static DateTime? Deadline(HttpContext context, DateTime? other)
    {
        if (!context.Request.Headers.TryGetValue(HeaderName, out var values))
        {
            return other;
        }

        if (!double.TryParse(values.ToString(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            || seconds is not (> 0 and <= MaxSeconds))
        {
            throw MeshException.InvalidArgument(
                HeaderName, $"{HeaderName} must be a number of seconds above 0 and at most {MaxSeconds}.");
        }

        var deadline = (context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow() + TimeSpan.FromSeconds(seconds)).UtcDateTime;
        return other < deadline ? other : deadline;
    }
}
