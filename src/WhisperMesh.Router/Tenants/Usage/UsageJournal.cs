using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using WhisperMesh.ServiceDefaults.Discovery;

namespace WhisperMesh.Router.Tenants.Usage;

/// <summary>
/// Usage that waits for Redis, in files: one entry a line. A file is locked as long as its router writes it, so that a router that
/// finds one unlocked knows it for that of a router which died, and takes it over.
/// </summary>
internal sealed class UsageJournal : IDisposable
{
    private const string Pattern = "*.jsonl";

    private readonly UsageOptions _options;
    private readonly string _directory;
    private readonly ILogger<UsageJournal> _logger;
    private readonly Lock _lock = new();
    private FileStream? _file;
    private long _bytes;
    private bool _full;

    public UsageJournal(IOptions<UsageOptions> options, IConfiguration configuration, ILogger<UsageJournal> logger)
    {
        (_options, _logger) = (options.Value, logger);

        // Files of routers around another Redis may lie beside, and must not be taken for ours.
        var folder = _options.JournalDirectory ?? Path.Combine(Path.GetTempPath(), "whispermesh-usage");
        _directory = Path.Combine(folder, MeshName(configuration.GetConnectionString(RedisLink.ConnectionName) ?? ""));
    }

    /// <summary>Keeps an entry over the end of this process. Never throws: a request does not fail for its usage.</summary>
    public void Append(UsageEntry entry)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(entry, UsageEntryJson.Default.UsageEntry), (byte)'\n'];
        lock (_lock)
        {
            if (_bytes + line.Length > _options.JournalMaxBytes)
            {
                LogLost("it is full");
                return;
            }

            try
            {
                _file ??= Create();
                _file.Write(line);
                _file.Flush();
                _bytes += line.Length;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogLost(e.Message);
            }
        }
    }

    /// <summary>Hands every waiting entry to <paramref name="write"/>, and forgets a file when all of its entries are written.</summary>
    /// <returns>Entries that were written.</returns>
    public async Task<int> DrainAsync(Func<UsageEntry, Task> write, CancellationToken cancellationToken)
    {
        Seal();
        if (!Directory.Exists(_directory))
        {
            return 0;
        }

        var count = 0;
        foreach (var path in Directory.EnumerateFiles(_directory, Pattern))
        {
            count += await DrainAsync(path, write, cancellationToken);
        }

        lock (_lock)
        {
            // What came in meanwhile is in a file of its own.
            (_bytes, _full) = (_file?.Length ?? 0, false);
        }

        return count;
    }

    public void Dispose() => Seal();

    private async Task<int> DrainAsync(string path, Func<UsageEntry, Task> write, CancellationToken cancellationToken)
    {
        try
        {
            var count = 0;
            await using (var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            using (var reader = new StreamReader(file, Encoding.UTF8))
            {
                while (await reader.ReadLineAsync(cancellationToken) is { } line)
                {
                    if (Parse(line) is { } entry)
                    {
                        await write(entry);
                        count++;
                    }
                }
            }

            File.Delete(path);
            return count;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another router writes it, or takes it over.
            return 0;
        }
    }

    private UsageEntry? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, UsageEntryJson.Default.UsageEntry);
        }
        catch (JsonException)
        {
            // The last line of a router that was killed in mid-write; its request was never answered.
            UsageLog.Unreadable(_logger);
            return null;
        }
    }

    private FileStream Create()
    {
        Directory.CreateDirectory(_directory);
        return new FileStream(Path.Combine(_directory, $"{Guid.NewGuid():N}.jsonl"), FileMode.CreateNew, FileAccess.Write, FileShare.None);
    }

    private void Seal()
    {
        lock (_lock)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    private void LogLost(string reason)
    {
        if (!_full)
        {
            _full = true;
            UsageLog.Lost(_logger, reason);
        }
    }

    private static string MeshName(string connection)
    {
        var endpoints = connection.Length == 0 ? "" : string.Join(",", ConfigurationOptions.Parse(connection).EndPoints);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(endpoints)))[..16];
    }
}

internal static partial class UsageLog
{
    [LoggerMessage(268, LogLevel.Error, "Usage is being lost: Redis does not answer and the journal cannot take it ({Reason})")]
    public static partial void Lost(ILogger logger, string reason);

    [LoggerMessage(269, LogLevel.Warning, "A line of a usage journal cannot be read and is left out")]
    public static partial void Unreadable(ILogger logger);

    [LoggerMessage(270, LogLevel.Information, "Wrote {Count} requests' usage that had waited for Redis")]
    public static partial void Reconciled(ILogger logger, int count);
}
