using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Transcriptions.Formats;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Quality;

/// <summary>Checks the quality settings of the routes.</summary>
internal sealed class QualitySettingsCheck : IMeshConfigurationCheck
{
    private static readonly string[] Verdicts =
    [
        .. SegmentJudgement.Names.Where(entry => entry.Key is not (SegmentVerdict.Ok or SegmentVerdict.Unspecified)).Select(entry => entry.Value),
    ];

    public IEnumerable<string> Check(MeshConfiguration configuration) =>
        configuration.Routes.Index()
            .Where(route => route.Item.Quality is not null)
            .SelectMany(route => Check(route.Item.Quality!, $"routes[{route.Index}].quality"));

    private static IEnumerable<string> Check(QualitySettings settings, string path)
    {
        if (!QualityActions.All.Contains(settings.Action))
        {
            yield return $"{path}.action is '{settings.Action}'; it must be one of {string.Join(", ", QualityActions.All)}.";
        }

        foreach (var (index, verdict) in settings.Verdicts.Index())
        {
            if (!Verdicts.Contains(verdict))
            {
                yield return $"{path}.verdicts[{index}] is '{verdict}'; it must be one of {string.Join(", ", Verdicts)}.";
            }
        }

        if (settings.MinConfidence is not (>= 0 and <= 1))
        {
            yield return $"{path}.minConfidence must be between 0 and 1.";
        }

        if (settings.RetryTemperature is not (null or (>= 0 and <= 1)))
        {
            yield return $"{path}.retryTemperature must be between 0 and 1.";
        }

        if (settings.Action != QualityActions.Retry && (settings.Retry is not null || settings.RetryTemperature is not null))
        {
            yield return $"{path}: retry and retryTemperature need action '{QualityActions.Retry}'.";
        }
    }
}
