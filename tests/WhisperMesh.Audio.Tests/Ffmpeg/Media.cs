using System.Diagnostics;

namespace WhisperMesh.Audio.Tests.Ffmpeg;

/// <summary>Media files made by the ffmpeg of this machine from a recording, in a folder that goes with the object.</summary>
public sealed class Media : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("whispermesh-media-");

    /// <summary>A recording of 5.65 s.</summary>
    public static string Recording { get; } = Path.Combine(RepositoryRoot(), "tests", "Speech", "en-vm-intro.wav");

    /// <summary>Runs ffmpeg to make a file; returns its bytes.</summary>
    public async Task<byte[]> MakeAsync(string name, params string[] arguments)
    {
        var path = Path.Combine(_folder.FullName, name);
        using var ffmpeg = Process.Start("ffmpeg", ["-nostdin", "-loglevel", "error", "-y", .. arguments, path]);
        await ffmpeg.WaitForExitAsync(TestContext.Current.CancellationToken);
        ffmpeg.ExitCode.ShouldBe(0);
        return await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "WhisperMesh.sln")))
        {
            folder = folder.Parent;
        }

        return folder.ShouldNotBeNull().FullName;
    }
}
