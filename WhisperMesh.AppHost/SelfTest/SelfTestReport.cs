using System.Globalization;

namespace WhisperMesh.AppHost.SelfTest;

/// <summary>The self-test's result, in words.</summary>
internal static class SelfTestReport
{
    public static string Describe(string sentence, Said said, Heard heard) => string.Create(CultureInfo.InvariantCulture, $"""

        The mesh said:  {sentence}
        The mesh heard: {heard.Text}
        Speech: {said.Audio.TotalSeconds:0.0} s, made in {said.Took.TotalSeconds:0.00} s (real-time factor {said.Took / said.Audio:0.00}),
        understood in {heard.Took.TotalSeconds:0.00} s (real-time factor {heard.Took / said.Audio:0.00}).

        """);
}
