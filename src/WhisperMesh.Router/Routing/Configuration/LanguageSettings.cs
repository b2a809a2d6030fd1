namespace WhisperMesh.Router.Routing.Configuration;

/// <summary>Detection of the language of requests that name none, where it decides which worker they go to.</summary>
internal sealed record LanguageSettings
{
    /// <summary>Probability below which the language counts as unknown and general workers serve; 0 to 1.</summary>
    public double MinProbability { get; init; } = 0.5;

    /// <summary>How long to wait for speech, and for the worker that listens to it.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(30);
}
