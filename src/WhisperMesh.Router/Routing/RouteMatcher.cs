using WhisperMesh.Router.Requests;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Routing.Configuration.Checks;
using WhisperMesh.Router.Workers;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Routing;

/// <summary>Says which routes apply to one request.</summary>
internal sealed class RouteMatcher(
    RequestOrigin origin, WorkerRequirements requirements, IReadOnlyDictionary<string, string> labels, Func<string, bool> isModel)
{
    private const string Any = "*";

    public bool Applies(RouteMatchSettings match) =>
        IsOneOf(match.Tenants, tenant => tenant == origin.Caller.TenantId)
        && IsOneOf(match.Languages, IsLanguage)
        && IsOneOf(match.Models, isModel)
        && IsOneOf(match.Tasks, IsTask)
        && IsOneOf(match.Sources, source => Same(source, origin.Header(RequestLabels.SourceHeader)))
        && match.Labels.All(label => labels.TryGetValue(label.Key, out var value) && value == label.Value)
        && match.Headers.All(header => IsHeader(header.Key, header.Value));

    private static bool IsOneOf(IReadOnlyList<string> wanted, Func<string, bool> holds) => wanted.Count == 0 || wanted.Any(holds);

    private bool IsLanguage(string wanted) => RequestLanguage.Of(requirements) is { Length: > 0 } named
        ? RequestLanguage.Covers(wanted, named)
        : wanted == Values.AutoLanguage;

    private bool IsTask(string task) => task switch
    {
        WorkerFeatures.Synthesize => requirements.Kind == ModelKind.Synthesis,
        WorkerFeatures.Translate => IsTranslation,
        _ => requirements.Kind == ModelKind.Transcription && !IsTranslation,
    };

    private bool IsTranslation => requirements.Features.Contains(WorkerFeatures.Translate);

    private bool IsHeader(string name, string wanted) =>
        origin.Header(name) is { } value && (wanted == Any || Same(wanted, value));

    private static bool Same(string wanted, string? value) => wanted.Equals(value, StringComparison.OrdinalIgnoreCase);
}
