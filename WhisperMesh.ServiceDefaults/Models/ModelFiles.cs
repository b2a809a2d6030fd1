namespace WhisperMesh.ServiceDefaults.Models;

/// <summary>Finds and checks model files.</summary>
public static class ModelFiles
{
    private const string SumsFile = "SHA256SUMS";

    /// <summary>
    /// Resolves a configured path: as it is when absolute, else against the content root, else against each folder from the
    /// program's own upwards, which finds a repository's <c>models/</c> from its build output.
    /// </summary>
    /// <returns>The path that exists, or the one under the content root when none does.</returns>
    public static string Resolve(string path, string contentRoot)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var first = Path.GetFullPath(path, Path.GetFullPath(contentRoot));
        if (Path.IsPathRooted(path) || Path.Exists(first))
        {
            return first;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.GetFullPath(path, folder.FullName);
            if (Path.Exists(candidate))
            {
                return candidate;
            }
        }

        return first;
    }

    /// <summary>
    /// Checks that files exist and, where a <c>SHA256SUMS</c> stands in the folder or the one above, that they are what it says.
    /// </summary>
    /// <param name="folder">Folder of the model.</param>
    /// <param name="fileNames">Files that it must hold.</param>
    /// <param name="cancellationToken">Stops the check.</param>
    /// <returns>One sentence for each file at fault; none when all is well.</returns>
    public static async Task<IReadOnlyList<string>> CheckAsync(
        string folder, IEnumerable<string> fileNames, CancellationToken cancellationToken)
    {
        var sums = await ReadSumsAsync(folder, cancellationToken);
        var errors = new List<string>();
        foreach (var path in fileNames.Select(name => Path.GetFullPath(name, folder)))
        {
            if (!File.Exists(path))
            {
                errors.Add($"Model file {path} does not exist.");
            }
            else if (sums.TryGetValue(path, out var expected)
                && await HashAsync(path, cancellationToken) is var actual && actual != expected)
            {
                errors.Add($"Model file {path} is damaged: its SHA-256 is {actual}, {SumsFile} says {expected}.");
            }
        }

        return errors;
    }

    private static async Task<Dictionary<string, string>> ReadSumsAsync(string folder, CancellationToken cancellationToken)
    {
        var sums = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var root in new[] { folder, Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(folder)) })
        {
            if (root is null || !File.Exists(Path.Combine(root, SumsFile)))
            {
                continue;
            }

            foreach (var line in await File.ReadAllLinesAsync(Path.Combine(root, SumsFile), cancellationToken))
            {
                var parts = line.Split([' ', '*'], 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                if (parts.Length == 2)
                {
                    sums.TryAdd(Path.GetFullPath(parts[1], root), parts[0]);
                }
            }
        }

        return sums;
    }

    private static async Task<string> HashAsync(string path, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(await System.Security.Cryptography.SHA256.HashDataAsync(stream, cancellationToken));
    }
}
