using System.Globalization;

namespace WhisperMesh.ServiceDefaults.Endpoints;

/// <summary>
/// How many connections fit into the files that this process may have open. Beyond that it would be without the files that the
/// requests it has need, so it closes a connection too many at once, and those it has go on.
/// </summary>
internal static class DescriptorLimit
{
    // What .NET, the libraries, Redis and telemetry hold open: some 250 in a router at rest.
    private const int Reserve = 512;

    // A connection, the spooled upload of its request, and a connection to a worker.
    private const int FilesPerConnection = 3;

    /// <summary>Most connections on each port; null where the system sets no limit that can be read.</summary>
    public static long? ConnectionsPerPort() => Read() is { } files ? Math.Max(8, (files - Reserve) / FilesPerConnection) : null;

    private static long? Read()
    {
        const string file = "/proc/self/limits";
        const string name = "Max open files";
        if (!File.Exists(file))
        {
            return null;
        }

        var line = File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        var soft = line?[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return long.TryParse(soft, CultureInfo.InvariantCulture, out var limit) ? limit : null;
    }
}
