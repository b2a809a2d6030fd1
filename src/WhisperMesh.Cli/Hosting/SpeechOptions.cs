using System.CommandLine;

namespace WhisperMesh.Cli.Hosting;

/// <summary>Options that say how speech is told from silence, of a file and of a live stream.</summary>
internal static class SpeechOptions
{
    internal static Option<float?> Threshold() => new("--speech-threshold")
    {
        Description = "Probability from which sound counts as speech, 0 to 1; 0.5 when absent.",
        HelpName = "number",
    };

    /// <param name="otherwise">What holds when it is absent.</param>
    internal static Option<double?> PrefixPadding(string otherwise) =>
        SecondsOption.Create("--prefix-padding", $"Audio that is heard along before speech begins, 0 to 2; {otherwise}.");
}
