namespace WhisperMesh.IntegrationTests.Running;

/// <summary>Where things lie.</summary>
internal static class Repository
{
    internal static string Root { get; } = FindRoot();

    internal static string Speech => Path.Combine(Root, "tests", "Speech");

    internal static string Protos => Path.Combine(Root, "protos");

    internal static string Clients => Path.Combine(AppContext.BaseDirectory, "clients");

    internal static string Recording(string name) => Path.Combine(Speech, name);

    /// <summary>A program beside our own output, in the same configuration.</summary>
    internal static string Program(string project, string? assembly = null) =>
        Path.GetFullPath(Path.Combine(
            AppContext.BaseDirectory.Replace(typeof(Repository).Assembly.GetName().Name!, project, StringComparison.Ordinal),
            $"{assembly ?? project}.dll"));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "WhisperMesh.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run from within the repository.");
        }

        return folder.FullName;
    }
}
