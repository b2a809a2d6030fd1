using System.Diagnostics;
using System.Text;
using WhisperMesh.Benchmarks.Corpus;
using WhisperMesh.Whisper;

namespace WhisperMesh.Benchmarks.Engines;

/// <summary>
/// A rival that is a program: started anew for each file. Where it doesn't tell the seconds it took, the time to start it and to load
/// its model counts.
/// </summary>
internal sealed class CommandRival(string name, IReadOnlyList<string> command) : IEngine
{
    private const string Detect = "auto";

    public string Name => name;

    public async Task<EngineAnswer> TranscribeAsync(Clip clip, RequestClass urgency, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var process = Start(clip);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0
                ? RivalAnswer.Read(output, Stopwatch.GetElapsedTime(started))
                : throw new BenchmarkException($"{name} ended with {process.ExitCode}: {(await errors).Trim()}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private Process Start(Clip clip)
    {
        var arguments = command.Select(part => part
            .Replace("{file}", clip.Path, StringComparison.Ordinal)
            .Replace("{language}", clip.Language ?? Detect, StringComparison.Ordinal));
        var start = new ProcessStartInfo(command[0])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var argument in arguments.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new BenchmarkException($"{name} can't be started: {exception.Message}");
        }
    }
}
