using System.Security.Cryptography;
using System.Text;

namespace WhisperMesh.ServiceDefaults.Models;

/// <summary>Tells one set of weights from another, whatever they are called.</summary>
public static class ModelRevision
{
    private const int Bytes = 16;

    /// <summary>Hashes files, on a thread of its own; a gigabyte takes about a second from memory.</summary>
    /// <param name="files">All that decides what the model says. Their names count, their folder does not.</param>
    /// <param name="settings">Settings that decide it too.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Lower-case hexadecimal; empty when a file can't be read.</returns>
    public static Task<string> OfAsync(IEnumerable<string> files, IEnumerable<string> settings, CancellationToken cancellationToken)
    {
        var all = files.OrderBy(Path.GetFileName, StringComparer.Ordinal).ToList();
        var others = settings.ToList();
        return Task.Run(() => Of(all, others, cancellationToken), cancellationToken);
    }

    private static async Task<string> Of(List<string> files, List<string> settings, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        try
        {
            foreach (var file in files)
            {
                await using var stream = File.OpenRead(file);
                hash.AppendData(Encoding.UTF8.GetBytes(Path.GetFileName(file) + '\0'));
                hash.AppendData(await SHA256.HashDataAsync(stream, cancellationToken));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }

        foreach (var setting in settings)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(setting + '\0'));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, Bytes));
    }
}
