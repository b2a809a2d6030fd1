using WhisperMesh.Router.Requests;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Routing;

/// <summary>What a caller says of its request for routes to go by.</summary>
internal static class RequestLabels
{
    /// <summary>Where the audio comes from, such as "phone".</summary>
    public const string SourceHeader = "x-whispermesh-source";

    /// <summary>Labels: "team=a, kind=call".</summary>
    public const string LabelsHeader = "x-whispermesh-labels";

    private static readonly Dictionary<string, string> None = [];

    /// <exception cref="MeshException">The header is malformed.</exception>
    public static IReadOnlyDictionary<string, string> Of(RequestOrigin origin)
    {
        if (origin.Header(LabelsHeader) is not { Length: > 0 } text)
        {
            return None;
        }

        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var pair = part.Split('=', 2, StringSplitOptions.TrimEntries);
            if (pair.Length < 2 || pair[0].Length == 0 || !labels.TryAdd(pair[0], pair[1]))
            {
                throw MeshException.InvalidArgument(
                    LabelsHeader, $"{LabelsHeader} must be labels such as \"team=a, kind=call\", each set once.");
            }
        }

        return labels;
    }
}
