using System.Diagnostics;
using System.Globalization;

namespace WhisperMesh.Audio.Ffmpeg;

/// <summary>A seekable temporary file for one input, deleted with the object; those of dead processes go at the first use.</summary>
internal sealed class TemporaryAudio : IAsyncDisposable
{
    private const string Prefix = "whispermesh-audio-";
    private static readonly Lock CleaningLock = new();
    private static readonly HashSet<string> Cleaned = new(StringComparer.Ordinal);

    private TemporaryAudio(FileStream stream) => Stream = stream;

    public FileStream Stream { get; }

    public string Path => Stream.Name;

    public static TemporaryAudio Create(string? folder)
    {
        folder ??= System.IO.Path.GetTempPath();
        CleanOnce(folder);
        var path = System.IO.Path.Combine(folder, $"{Prefix}{Environment.ProcessId}-{Guid.NewGuid():N}");
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.Read | FileShare.Delete,
            Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new TemporaryAudio(new FileStream(path, options));
    }

    public ValueTask DisposeAsync() => Stream.DisposeAsync();

    // Under the lock to its end: no file of this process exists in the folder before it was cleaned, so one that bears its number
    // is left of a process that had the number before, as is the rule in a container that starts again.
    private static void CleanOnce(string folder)
    {
        lock (CleaningLock)
        {
            if (!Cleaned.Add(System.IO.Path.GetFullPath(folder)))
            {
                return;
            }

            foreach (var path in Directory.EnumerateFiles(folder, Prefix + "*"))
            {
                RemoveIfStale(path);
            }
        }
    }

    private static void RemoveIfStale(string path)
    {
        var owner = System.IO.Path.GetFileName(path)[Prefix.Length..].Split('-')[0];
        if (!int.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out var processId)
            || (processId != Environment.ProcessId && IsAlive(processId)))
        {
            return;
        }

        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another user's, in a folder that all share: that user's next process removes it.
        }
    }

    private static bool IsAlive(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
