namespace WhisperMesh.Benchmarks.Gateway.Peers;

/// <summary>Programs of the system, of which some distributions put servers where users do not look.</summary>
internal static class Programs
{
    private static readonly string[] Folders =
    [
        .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
        "/usr/sbin", "/usr/local/sbin",
    ];

    public static bool Has(string name) => Find(name) is not null;

    public static string? Find(string name) => Folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
