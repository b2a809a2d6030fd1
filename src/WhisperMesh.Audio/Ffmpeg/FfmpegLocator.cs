using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace WhisperMesh.Audio.Ffmpeg;

/// <summary>Finds ffmpeg and asks its version, once for each path.</summary>
public static partial class FfmpegLocator
{
    private const int MinVersion = 5;
    private static readonly TimeSpan AnswerBound = TimeSpan.FromSeconds(10);
    private static readonly ConcurrentDictionary<string, Lazy<Task<string?>>> Problems = new(StringComparer.Ordinal);

    /// <summary>Whether compressed audio can be read and written with the ffmpeg of this path, or name on the PATH.</summary>
    public static async Task<bool> IsUsableAsync(string ffmpegPath) => await ProblemAsync(ffmpegPath).ConfigureAwait(false) is null;

    /// <exception cref="AudioException">There is no ffmpeg, or only an old one: says what to install.</exception>
    internal static async Task RequireAsync(string ffmpegPath)
    {
        if (await ProblemAsync(ffmpegPath).ConfigureAwait(false) is { } problem)
        {
            throw new AudioException(
                AudioErrorReason.FfmpegMissing,
                $"{problem} Install ffmpeg {MinVersion} or newer where the worker runs, or use WAV or raw PCM, which need none.");
        }
    }

    private static Task<string?> ProblemAsync(string path) =>
        Problems.GetOrAdd(path, static path => new Lazy<Task<string?>>(() => ProbeAsync(path))).Value;

    private static async Task<string?> ProbeAsync(string path)
    {
        const string Missing = "This kind of audio needs ffmpeg, which is not installed.";
        try
        {
            using var process = new Process { StartInfo = new ProcessStartInfo(path, ["-version"]) { RedirectStandardOutput = true } };
            process.Start();
            using var bound = new CancellationTokenSource(AnswerBound);
            var text = await process.StandardOutput.ReadToEndAsync(bound.Token).ConfigureAwait(false);
            var version = VersionLine().Match(text);

            // Builds from ffmpeg's own repository say "N-" and a number: newer than any release.
            return !version.Success ? Missing
                : version.Groups["major"].Value is { Length: > 0 } major && int.Parse(major, CultureInfo.InvariantCulture) < MinVersion
                    ? $"This kind of audio needs ffmpeg {MinVersion} or newer; version {major} is installed."
                    : null;
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException or OperationCanceledException or IOException)
        {
            return Missing;
        }
    }

    [GeneratedRegex(@"^ffmpeg version (?:n?(?<major>\d+)[.\d]*|N-)", RegexOptions.CultureInvariant)]
    private static partial Regex VersionLine();
}
