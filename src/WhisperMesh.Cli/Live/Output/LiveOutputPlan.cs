using WhisperMesh.Cli.Hosting;
using WhisperMesh.Cli.Live.Captions;

namespace WhisperMesh.Cli.Live.Output;

/// <summary>Decides, before any work, what is written where.</summary>
/// <param name="Format">For the file, or for standard output; null for captions.</param>
/// <param name="Path">The file, if one is wanted.</param>
internal sealed record LiveOutputPlan(LiveFormat? Format, string? Path)
{
    internal const string Captions = "captions";

    internal static LiveOutputPlan Create(string? format, string? path)
    {
        if (path is not null && format == Captions)
        {
            throw new UsageException("captions are shown, not written; for --output choose text, json, srt or vtt");
        }

        if (path is not null && Directory.Exists(path))
        {
            throw new UsageException($"--output '{path}' is a folder");
        }

        return new LiveOutputPlan(format is null ? path is null ? null : LiveFormat.ForFile(path) : LiveFormat.Find(format), path);
    }

    internal IReadOnlyList<ILiveOutput> CreateOutputs(CliHost host)
    {
        var outputs = new List<ILiveOutput>();
        if (Path is not null)
        {
            outputs.Add(new FileOutput(Path, Format!.Create()));
        }

        var console = CliHost.CreateConsole(host.Output);
        if (host.ShowsCaptions && console.Profile.Capabilities.Ansi && (Format is null || Path is not null))
        {
            outputs.Add(new CaptionOutput(console));
            return outputs;
        }

        // A file alone leaves standard output empty.
        if (Path is null)
        {
            outputs.Add(new LineOutput(host.Output, (Format ?? LiveFormat.Text).Create()));
        }

        if (Path is not null || Format is not { HasNotes: true })
        {
            outputs.Add(new ErrorOutput(host));
        }

        return outputs;
    }
}
