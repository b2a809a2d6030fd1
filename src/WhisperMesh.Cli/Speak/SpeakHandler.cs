using WhisperMesh.Cli.Hosting;
using WhisperMesh.Client;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Cli.Speak;

/// <summary>Speaks a text into a file, which appears only when it is whole, or to standard output as it comes.</summary>
internal static class SpeakHandler
{
    internal static async Task RunAsync(
        WhisperMeshClient client,
        CliHost host,
        SynthesizeRequest request,
        string path,
        CancellationToken cancellationToken)
    {
        if (path == "-")
        {
            await using var stream = host.OpenOutput();
            host.OnRequest((await client.SynthesizeToAsync(request, stream, cancellationToken)).RequestId, "standard output");
            return;
        }

        await using var output = new OutputFile(path);
        var summary = await client.SynthesizeToAsync(request, output.Stream, cancellationToken);
        host.OnRequest(summary.RequestId, path);
        await WavSizes.FillInAsync(output.Stream, cancellationToken);
        await output.CommitAsync();
        var length = summary.AudioDuration?.ToTimeSpan() ?? TimeSpan.Zero;
        await host.Error.WriteLineAsync(FormattableString.Invariant($"Wrote {path}: {length.TotalSeconds:0.0} s of speech."));
    }
}
