using WhisperMesh.Cli.Hosting;

namespace WhisperMesh.Cli.Live.Sources;

/// <summary>Finds programs on the PATH.</summary>
internal static class ProgramPath
{
    internal static string? Find(string name, CliHost host) => (host.Environment("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(folder => new[] { Path.Combine(folder, name), Path.Combine(folder, $"{name}.exe") })
        .FirstOrDefault(File.Exists);
}
