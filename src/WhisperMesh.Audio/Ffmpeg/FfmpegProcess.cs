using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace WhisperMesh.Audio.Ffmpeg;

/// <summary>One run of ffmpeg with its pipes, without network, bounded in memory and time, ended with the object.</summary>
internal sealed class FfmpegProcess : IAsyncDisposable
{
    private const int KeptErrorCharacters = 4096;
    private static readonly string[] CommonArguments = ["-nostdin", "-hide_banner", "-loglevel", "error", "-protocol_whitelist", "file,pipe"];

    // 128 and the number of the signal that ended it: SIGKILL and SIGXCPU.
    private const int KilledExitCode = 137;
    private const int ProcessorTimeExitCode = 152;

    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    private FfmpegProcess(Process process) => _process = process;

    public Stream Output => _process.StandardOutput.BaseStream;

    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>What ffmpeg complained of, so far.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    /// <summary>Whether it ended because it used up its processor time, or was killed. Known once it has ended.</summary>
    public bool WasStoppedByLimit => _process.ExitCode is KilledExitCode or ProcessorTimeExitCode;

    /// <param name="options">Where ffmpeg is, and what it may use up.</param>
    /// <param name="arguments">What it is to do.</param>
    /// <param name="withInput">Whether samples are written to it.</param>
    public static FfmpegProcess Start(AudioDecoderOptions options, IEnumerable<string> arguments, bool withInput)
    {
        var start = new ProcessStartInfo
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        UseLimits(start, options);
        foreach (var argument in CommonArguments.Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        var ffmpeg = new FfmpegProcess(new Process { StartInfo = start });
        ffmpeg._process.ErrorDataReceived += (_, line) => ffmpeg.Keep(line.Data);
        ffmpeg._process.Start();
        ffmpeg._process.BeginErrorReadLine();
        if (!withInput)
        {
            ffmpeg._process.StandardInput.Close();
        }

        return ffmpeg;
    }

    /// <summary>Waits for the end. Returns whether ffmpeg was content.</summary>
    public async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        return _process.ExitCode == 0;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync().ConfigureAwait(false);
        _process.Dispose();
    }

    // The shell sets the limits and then becomes ffmpeg. Where a system has no such limit, `ulimit` says so and nothing is lost.
    private static void UseLimits(ProcessStartInfo start, AudioDecoderOptions options)
    {
        if (OperatingSystem.IsWindows())
        {
            start.FileName = options.FfmpegPath;
            return;
        }

        var kibibytes = (options.MaxFfmpegMemoryBytes / 1024).ToString(CultureInfo.InvariantCulture);
        var seconds = Math.Ceiling(options.MaxFfmpegTime.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        start.FileName = "/bin/sh";
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"ulimit -v {kibibytes} 2>/dev/null; ulimit -t {seconds} 2>/dev/null; exec \"$0\" \"$@\"");
        start.ArgumentList.Add(options.FfmpegPath);
    }

    private void Keep(string? line)
    {
        // A video's own decoder is refused on purpose, and a repetition says nothing new: neither tells of damage.
        if (line is null || line.Contains("not on whitelist", StringComparison.Ordinal)
            || line.TrimStart().StartsWith("Last message repeated", StringComparison.Ordinal))
        {
            return;
        }

        lock (_errors)
        {
            if (_errors.Length < KeptErrorCharacters)
            {
                _errors.AppendLine(line);
            }
        }
    }
}
