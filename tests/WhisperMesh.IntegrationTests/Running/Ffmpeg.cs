using System.Diagnostics;

namespace WhisperMesh.IntegrationTests.Running;

/// <summary>Makes the compressed files that tests send.</summary>
internal static class Ffmpeg
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(1);

    /// <summary>Converts a recording; the extension of <paramref name="target"/> gives the format.</summary>
    internal static async Task ConvertAsync(string source, string target, params string[] options)
    {
        var info = new ProcessStartInfo("ffmpeg", ["-nostdin", "-loglevel", "error", "-y", "-i", source, .. options, target])
        {
            RedirectStandardError = true,
        };
        using var process = Process.Start(info) ?? throw new InvalidOperationException("These tests need ffmpeg on the PATH.");
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Bound);
        process.ExitCode.ShouldBe(0, errors);
    }
}
