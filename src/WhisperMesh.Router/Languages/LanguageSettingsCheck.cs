using WhisperMesh.Router.Routing.Configuration;

namespace WhisperMesh.Router.Languages;

/// <summary>Checks the settings of detection.</summary>
internal sealed class LanguageSettingsCheck : IMeshConfigurationCheck
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public IEnumerable<string> Check(MeshConfiguration configuration)
    {
        var settings = configuration.Languages;
        if (settings.MinProbability is not (>= 0 and <= 1))
        {
            yield return "languages.minProbability must be between 0 and 1.";
        }

        if (settings.Wait <= TimeSpan.Zero || settings.Wait > Longest)
        {
            yield return "languages.wait must be above zero and at most an hour.";
        }
    }
}
