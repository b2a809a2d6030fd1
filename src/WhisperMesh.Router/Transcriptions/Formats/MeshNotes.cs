using System.Text.Json.Serialization;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Transcriptions.Formats;

/// <summary>What OpenAI's API has no field for: the member <c>whispermesh</c> of a reply.</summary>
internal sealed record MeshNotes
{
    public required string RequestId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RouteNote? Route { get; init; }

    /// <summary>Likeliest languages where it was detected, best first.</summary>
    public required IReadOnlyList<LikelyLanguage> Languages { get; init; }

    /// <summary>What was approximated, left out or found odd.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    public static MeshNotes Of(TranscriptionSummary summary) => new()
    {
        RequestId = summary.RequestId,
        Route = summary.Route is { } route ? RouteNote.Of(route) : null,
        Languages =
        [
            .. (summary.LanguageProbabilities.Count > 0 || summary.Route is null ? summary.LanguageProbabilities : summary.Route.Languages)
                .Select(LikelyLanguage.Of),
        ],
        Warnings = summary.Warnings,
    };
}

/// <summary>How a request was served.</summary>
internal sealed record RouteNote
{
    public required string Name { get; init; }
    public required string Worker { get; init; }
    public required string Model { get; init; }
    public required string Reason { get; init; }
    public required int Attempts { get; init; }
    public required bool External { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Cache { get; init; }

    public required IReadOnlyList<string> Notes { get; init; }

    public static RouteNote Of(RouteTaken route) => new()
    {
        Name = route.Name,
        Worker = route.WorkerId,
        Model = route.Model,
        Reason = route.Reason,
        Attempts = route.AttemptCount,
        External = route.External,
        Cache = Http.RouteHeaders.CacheOf(route),
        Notes = route.Notes,
    };
}

internal sealed record LikelyLanguage(string Code, float Probability)
{
    public static LikelyLanguage Of(LanguageProbability language) => new(language.LanguageCode, language.Probability);
}

/// <summary>A language that was spoken.</summary>
internal sealed record SpokenLanguage(string Code);
